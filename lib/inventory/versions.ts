// Versions: the live snapshot, and what has changed since an earlier one.

import { Assembler } from '@/lib/topology/assemble'
import { sameContent } from '@/lib/topology/delta'
import type { RegionReading } from '@/lib/topology/readings'
import type { Topology, TopologyDelta } from '@/lib/topology/topology'

/** Everything but families, ages and the version: always sent whole, so only "changed or not" matters. */
const surroundings = ({ account, partition, otherKeys, regions, otherAliases }: Topology) =>
  JSON.stringify({ account, partition, otherKeys, regions, otherAliases }, (field, value) =>
    field === 'asOf' ? undefined : value,
  )

export class Versions {
  readonly #first: number
  readonly #assembler = new Assembler()
  #topology: Topology
  /** Key id → the version that changed the family last. */
  readonly #changedAt = new Map<string, number>()
  readonly #removedAt = new Map<string, number>()

  /** Counts from the clock, so that the versions of an earlier process are not taken for this one's. */
  constructor(readings: RegionReading[], now: Date) {
    this.#first = now.getTime()
    this.#topology = this.#assembler.assemble(readings, { version: this.#first, takenAt: now.toISOString() })
  }

  get topology(): Topology {
    return this.#topology
  }

  /** Takes the newest readings; true when they say something new, ages apart. */
  update(readings: RegionReading[], now: Date): boolean {
    const before = this.#topology
    const version = before.version + 1
    const after = this.#assembler.assemble(readings, { version, takenAt: now.toISOString() })

    const known = new Map(before.families.map((family) => [family.keyId, family]))
    const still = new Set(after.families.map((family) => family.keyId))
    const changed = after.families.filter((family) => {
      const was = known.get(family.keyId)
      return !was || !sameContent(was, family)
    })
    const removed = before.families.filter((family) => !still.has(family.keyId))
    const isNew = changed.length > 0 || removed.length > 0 || surroundings(before) !== surroundings(after)
    if (!isNew) {
      this.#topology = { ...after, version: before.version }
      return false
    }

    for (const { keyId } of changed) {
      this.#changedAt.set(keyId, version)
      this.#removedAt.delete(keyId)
    }
    for (const { keyId } of removed) {
      this.#changedAt.delete(keyId)
      this.#removedAt.set(keyId, version)
    }
    this.#topology = after
    return true
  }

  /** What changed after that version; everything when it is not one of this process. */
  since(version: number): Topology | TopologyDelta {
    const topology = this.#topology
    if (!Number.isInteger(version) || version < this.#first || version > topology.version) return topology
    return {
      ...topology,
      families: topology.families.filter((family) => (this.#changedAt.get(family.keyId) ?? 0) > version),
      since: version,
      removed: [...this.#removedAt].flatMap(([keyId, at]) => (at > version ? keyId : [])),
    }
  }
}
