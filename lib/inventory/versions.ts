// Versions: the live snapshot, and what has changed since an earlier one.

import { Assembler } from '@/lib/topology/assemble'
import { changesBetween, deltaOf, isAnyChange } from '@/lib/topology/delta'
import type { RegionReading } from '@/lib/topology/readings'
import type { Topology, TopologyDelta } from '@/lib/topology/topology'

export class Versions {
  readonly #first: number
  readonly #assembler = new Assembler()
  #topology: Topology
  /** Key id → the version that changed the family last. */
  readonly #changedAt = new Map<string, number>()
  readonly #removedAt = new Map<string, number>()
  /** Region → the version that changed more of it than its age last. */
  readonly #regionChangedAt = new Map<string, number>()
  #otherAliasesChangedAt = 0

  /** `first` is the version of what is known at the beginning. */
  constructor(readings: RegionReading[], now: Date, first: number) {
    this.#first = first
    this.#topology = this.#assembler.assemble(readings, { version: this.#first, takenAt: now.toISOString() })
  }

  get topology(): Topology {
    return this.#topology
  }

  /**
   * Takes the newest readings; true when they say something new, ages apart. Then they are given the next version, or
   * the one that another process has given them.
   */
  update(readings: RegionReading[], now: Date, version = this.#topology.version + 1): boolean {
    const before = this.#topology
    const after = this.#assembler.assemble(readings, { version, takenAt: now.toISOString() })

    const changes = changesBetween(before, after)
    if (!isAnyChange(changes)) {
      this.#topology = { ...after, version: before.version }
      return false
    }

    for (const { keyId } of changes.families) {
      this.#changedAt.set(keyId, version)
      this.#removedAt.delete(keyId)
    }
    for (const keyId of changes.removed) {
      this.#changedAt.delete(keyId)
      this.#removedAt.set(keyId, version)
    }
    for (const { name } of changes.regions) this.#regionChangedAt.set(name, version)
    if (changes.otherAliases) this.#otherAliasesChangedAt = version
    this.#topology = after
    return true
  }

  /** What changed after that version; everything when it is not one of this process. */
  since(version: number): Topology | TopologyDelta {
    const topology = this.#topology
    if (!Number.isInteger(version) || version < this.#first || version > topology.version) return topology
    return deltaOf(topology, version, {
      families: topology.families.filter((family) => (this.#changedAt.get(family.keyId) ?? 0) > version),
      removed: [...this.#removedAt].flatMap(([keyId, at]) => (at > version ? keyId : [])),
      regions: topology.regions.filter(({ name }) => (this.#regionChangedAt.get(name) ?? 0) > version),
      otherAliases: this.#otherAliasesChangedAt > version,
    })
  }
}
