// Deltas: what changed between two versions of the topology, and how the browser puts it back together.

import { byText, compareFamilies } from './family'
import type { Family, RegionView, Topology, TopologyDelta } from './topology'

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

/** Do both say the same, whenever each was read? Counts as no change when they do. */
export const sameContent = <T extends Family | RegionView | Topology['otherAliases']>(a: T, b: T): boolean => same(a, b)

/** What is new in a topology. */
export interface Changes {
  families: Family[]
  /** Key ids of families that are gone. */
  removed: string[]
  regions: RegionView[]
  /** Names of Regions that are gone. */
  removedRegions: string[]
  otherAliases: boolean
  /** Counts and names: always sent. */
  rest: boolean
}

export const isAnyChange = ({ families, removed, regions, removedRegions, otherAliases, rest }: Changes) =>
  otherAliases || rest || [families, removed, regions, removedRegions].some((changed) => changed.length > 0)

const restOf = ({ account, partition, otherKeys }: Topology) => ({ account, partition, otherKeys })

/** What of `after` differs from `before`, ages apart. */
export function changesBetween(before: Topology, after: Topology): Changes {
  const families = new Map(before.families.map((family) => [family.keyId, family]))
  const regions = new Map(before.regions.map((region) => [region.name, region]))
  const keyIds = new Set(after.families.map((family) => family.keyId))
  const names = new Set(after.regions.map((region) => region.name))
  const isNew = <T extends Family | RegionView>(was: T | undefined, is: T) => was === undefined || !sameContent(was, is)
  return {
    families: after.families.filter((family) => isNew(families.get(family.keyId), family)),
    removed: [...families.keys()].filter((keyId) => !keyIds.has(keyId)),
    regions: after.regions.filter((region) => isNew(regions.get(region.name), region)),
    removedRegions: [...regions.keys()].filter((name) => !names.has(name)),
    otherAliases: !sameContent(before.otherAliases, after.otherAliases),
    rest: !same(restOf(before), restOf(after)),
  }
}

/** The answer to one who knows the version `since`: what has changed; of all Regions that have not, only the age. */
export function deltaOf(
  topology: Topology,
  since: number,
  { families, removed, regions, otherAliases: areOtherAliases }: Omit<Changes, 'removedRegions' | 'rest'>,
): TopologyDelta {
  const { otherAliases, ...whole } = topology
  const changed = new Set(regions)
  const asBefore = topology.regions.filter((region) => !changed.has(region))
  return {
    ...whole,
    since,
    regions,
    asOf: Object.fromEntries(asBefore.map(({ name, asOf }) => [name, asOf])),
    families,
    removed,
    ...(areOtherAliases && { otherAliases }),
  }
}

const isDelta = (answer: Topology | TopologyDelta): answer is TopologyDelta => 'since' in answer

/** The same list when the delta has nothing for it, so that who compares by identity has nothing to do. */
function mergeFamilies(known: Family[], { families, removed }: TopologyDelta): Family[] {
  if (families.length === 0 && removed.length === 0) return known
  const replaced = new Set([...removed, ...families.map((family) => family.keyId)])
  return [...known.filter((family) => !replaced.has(family.keyId)), ...families].sort(compareFamilies)
}

function mergeRegions(known: RegionView[], { regions, asOf }: TopologyDelta): RegionView[] {
  const asBefore = known.flatMap((region) => {
    const time = asOf[region.name]
    if (time === undefined) return []
    return time === region.asOf ? region : { ...region, asOf: time }
  })
  return [...asBefore, ...regions].sort((a, b) => byText(a.name, b.name))
}

/**
 * The topology as it is after an answer of `GET /api/topology[?since=V]`.
 *
 * A whole answer replaces everything (a server that restarted counts its versions anew). A delta that starts
 * after the known version would leave a hole, and one that ends before it came late: both leave the known
 * topology as it is, and the next poll asks from there. Throws when there is a delta and nothing that it changes.
 */
export function mergeTopology(known: Topology | undefined, answer: Topology | TopologyDelta): Topology {
  if (!isDelta(answer)) return answer
  if (!known) throw new Error('A delta was answered to one who knows no topology')
  if (known.version < answer.since || known.version > answer.version) return known
  const { since: _, removed: __, asOf: ___, ...rest } = answer
  return {
    ...rest,
    regions: mergeRegions(known.regions, answer),
    families: mergeFamilies(known.families, answer),
    otherAliases: answer.otherAliases ?? known.otherAliases,
  }
}
