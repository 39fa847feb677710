// Publisher: makes a new version of the snapshot when something new was read, and tells who listens.

import type { RegionReading } from '@/lib/topology/readings'
import type { Topology, TopologyDelta } from '@/lib/topology/topology'
import { Versions } from './versions'

/** What is read bit by bit is published at most so often, and takes at most about this share of the time. */
const PUBLISH_EVERY_MS = 100
const PUBLISH_SHARE = 0.05

export class Publisher {
  readonly #readings: () => RegionReading[]
  readonly #versions: Versions
  readonly #listeners = new Set<(version: number) => void>()
  #timer: NodeJS.Timeout | undefined
  /** When what comes bit by bit may be published again, by `performance.now()`. */
  #from = 0
  #stopped = false

  /** `readings` gives the newest of all Regions; what it gives at the beginning is version `first`. */
  constructor(readings: () => RegionReading[], first: number) {
    this.#readings = readings
    this.#versions = new Versions(readings(), new Date(), first)
  }

  get topology(): Topology {
    return this.#versions.topology
  }

  since(version: number): Topology | TopologyDelta {
    return this.#versions.since(version)
  }

  /** Calls the listener with each new version, until the returned function is called. */
  subscribe(listener: (version: number) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  stop() {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#listeners.clear()
  }

  /** The first of several changes is seen at once, those that follow together, at a pace that leaves time for others. */
  soon() {
    // The very first family waits for nothing.
    const wait = this.topology.families.length === 0 ? 0 : Math.max(0, this.#from - performance.now())
    this.#timer ??= setTimeout(() => {
      try {
        this.now()
      } catch (error) {
        console.error('The snapshot could not be renewed', error)
      }
    }, wait).unref()
  }

  now() {
    const start = performance.now()
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#stopped) return
    const isNew = this.#versions.update(this.#readings(), new Date())
    if (isNew) this.#tell()
    const end = performance.now()
    this.#from = end + Math.max(PUBLISH_EVERY_MS, (end - start) / PUBLISH_SHARE)
  }

  #tell() {
    const { version } = this.topology
    for (const listener of this.#listeners) {
      try {
        listener(version)
      } catch (error) {
        console.error('A listener of the inventory failed', error)
      }
    }
  }
}
