// Remedies: what a finding leaves open, chosen at the moment when somebody opens its plan.

import { byText, familyOf } from './family'
import { isRead } from './region-trouble'
import { partitionOf } from './regions'
import type { Family, RequestData, Topology } from './topology'

/** Regions that could take a replica key of the family: read, of its partition, and without a key of it. */
export const regionsToReplicateTo = ({ members }: Family, { regions }: Pick<Topology, 'regions'>): string[] =>
  regions
    .filter((view) => isRead(view, 'keys') && members.every(({ region }) => region !== view.name))
    .filter(({ name }) => members.some(({ region }) => partitionOf(region) === partitionOf(name)))
    .map(({ name }) => name)

/** Of those, the one that holds most members of all families; undefined when there is none. */
function proposedRegion(family: Family, topology: Topology): string | undefined {
  const held = new Map<string, number>()
  for (const { members } of topology.families) {
    for (const { region } of members) held.set(region, (held.get(region) ?? 0) + 1)
  }
  const [first] = regionsToReplicateTo(family, topology).sort(
    (a, b) => (held.get(b) ?? 0) - (held.get(a) ?? 0) || byText(a, b),
  )
  return first
}

/**
 * The request of a remedy, whole: a replication that names no Region gets the one that suits best now. That choice stands
 * in no finding, because it would change with every key that is made anywhere.
 */
export function completeRemedy(request: RequestData, topology: Topology): RequestData {
  if (request.kind !== 'replicate' || 'toRegions' in request) return request
  const family = familyOf(topology, String(request.keyId))
  const region = family && proposedRegion(family, topology)
  return region === undefined ? request : { ...request, toRegions: [region] }
}
