// single-member: a multi-Region key that is in one Region only, so that it fails with that Region.

import { byText, familyName, primaryOf } from '../family'
import { partitionOf } from '../regions'
import type { Family, Finding, Topology } from '../topology'

/** Counted once for a topology, not for each of its families. */
const weights = new WeakMap<Family[], Map<string, number>>()

/** How many members each Region holds. */
function membersByRegion(families: Family[]): Map<string, number> {
  const known = weights.get(families)
  if (known) return known
  const members = new Map<string, number>()
  for (const family of families) {
    for (const { region } of family.members) members.set(region, (members.get(region) ?? 0) + 1)
  }
  weights.set(families, members)
  return members
}

/** The readable Region of the same partition that holds most members, other than the given one. */
function heaviestOther(topology: Topology, than: string): string | undefined {
  const members = membersByRegion(topology.families)
  return topology.regions
    .filter(
      (region) => region.status === 'ok' && region.name !== than && partitionOf(region.name) === partitionOf(than),
    )
    .map((region) => region.name)
    .sort((a, b) => (members.get(b) ?? 0) - (members.get(a) ?? 0) || byText(a, b))[0]
}

/** Says nothing of a key that is going anyway, or that nobody described: it may have relatives that nobody named. */
export function singleMember(family: Family, topology: Topology): Finding[] {
  const [only, ...others] = family.members
  if (!only || others.length > 0 || only.known === 'inferred' || only.state === 'PendingDeletion') return []
  const target = heaviestOther(topology, only.region)
  const canReplicate = target !== undefined && primaryOf(family)?.state === 'Enabled'
  return [
    {
      id: 'single-member',
      severity: 'medium',
      regions: [only.region],
      message: `${familyName(family)} has no key outside ${only.region}: nothing can use it while that Region is down.`,
      ...(canReplicate && {
        remedy: {
          label: 'Replicate',
          request: { kind: 'replicate', keyId: family.keyId, toRegions: [target] },
        },
      }),
    },
  ]
}
