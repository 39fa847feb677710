// Aliases of the primary key that other members lack, and who holds their names there. Two findings rest on it.

import { aliasHolder, primaryOf } from '../family'
import { isRead } from '../region-trouble'
import type { Family, Topology } from '../topology'

interface MissingAlias {
  name: string
  /** Regions where the name is free. */
  free: string[]
  /** Regions where another key holds the name. */
  held: string[]
}

/**
 * Compares each member with the primary, whose aliases callers in other Regions are expected to find. Only Regions
 * whose aliases were read last time count, and only members that were described and may still get an alias (KMS
 * refuses CreateAlias on a key that is pending deletion; one that is `Creating` is still being set up).
 */
export function missingAliases(family: Family, topology: Topology): MissingAlias[] {
  const readable = new Set(topology.regions.filter((region) => isRead(region, 'aliases')).map(({ name }) => name))
  const excused = new Set(['Unknown', 'Creating', 'PendingDeletion', 'PendingReplicaDeletion'])
  const members = family.members.filter((member) => readable.has(member.region) && !excused.has(member.state))

  return (primaryOf(family)?.aliases ?? []).flatMap((name) => {
    const lacking = members.filter((member) => !member.aliases.includes(name)).map((member) => member.region)
    if (lacking.length === 0) return []
    const held = lacking.filter((region) => aliasHolder(topology, region, name) !== null)
    return [{ name, free: lacking.filter((region) => !held.includes(region)), held }]
  })
}
