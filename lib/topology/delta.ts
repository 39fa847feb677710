// Deltas: what changed between two versions of the topology, and how the browser puts it back together.

import { compareFamilies } from './family'
import type { Family, Topology, TopologyDelta } from './topology'

/** Fields that tell when something was read, not what was read. */
const isAge = (field: string) => field === 'asOf'

const isTold = (of: Record<string, unknown>, field: string) => of[field] !== undefined && !isAge(field)

function sameFields(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  for (const field in a) if (isTold(a, field) && !same(a[field], b[field])) return false
  for (const field in b) if (isTold(b, field) && a[field] === undefined) return false
  return true
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (!Array.isArray(a) && !Array.isArray(b))
    return sameFields(a as Record<string, unknown>, b as Record<string, unknown>)
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
  return a.every((item, index) => same(item, b[index]))
}

/** Do both say the same about the family, whenever each was read? Counts as no change when it does. */
export const sameContent = (a: Family, b: Family): boolean => same(a, b)

/** The families of `after` that `before` does not know so, and the key ids that are gone. */
export function deltaBetween(before: Topology, after: Topology): TopologyDelta {
  const known = new Map(before.families.map((family) => [family.keyId, family]))
  const still = new Set(after.families.map((family) => family.keyId))
  return {
    ...after,
    families: after.families.filter((family) => {
      const was = known.get(family.keyId)
      return !was || !sameContent(was, family)
    }),
    since: before.version,
    removed: before.families.map((family) => family.keyId).filter((keyId) => !still.has(keyId)),
  }
}

const isDelta = (answer: Topology | TopologyDelta): answer is TopologyDelta => 'since' in answer

/**
 * The topology as it is after an answer of `GET /api/topology[?since=V]`.
 *
 * A whole answer replaces everything (a server that restarted counts its versions anew). A delta that starts
 * after the known version would leave a hole, and one that ends before it came late: both leave the known
 * topology as it is, and the next poll asks from there.
 */
export function mergeTopology(known: Topology | undefined, answer: Topology | TopologyDelta): Topology {
  if (!isDelta(answer)) return answer
  const { since, removed, ...rest } = answer
  if (!known) return rest
  if (known.version < since || known.version > answer.version) return known

  const replaced = new Set([...removed, ...answer.families.map((family) => family.keyId)])
  const kept = known.families.filter((family) => !replaced.has(family.keyId))
  return { ...rest, families: [...kept, ...answer.families].sort(compareFamilies) }
}
