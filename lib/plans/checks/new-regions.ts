// new-regions: may a replica key be made in this Region at all?

import type { Facts } from '@/lib/topology/facts'
import { memberIn } from '@/lib/topology/family'
import { kmsRegions, partitionOf } from '@/lib/topology/regions'
import type { Family, RequestData, Topology } from '@/lib/topology/topology'
import type { Check } from '../plan'
import { regionAnswers } from './region-answers'
import { passed, refusedByKms, refusedByRule } from './verdicts'

/**
 * One Region for a new key: judged by its name first, and only then by whether it answers.
 */
export function regionForNewKey(
  region: string,
  topology: Pick<Topology, 'regions' | 'partition'>,
  facts: Pick<Facts, 'probes'>,
  choices: NonNullable<Check['choices']>,
): Check[] {
  const takes = regionTakesKeys(region, topology, choices)
  if (takes.verdict === 'block') return [takes]
  const answers = regionAnswers(region, topology, facts, 'No key can be made there now.')
  return [takes, answers.verdict === 'block' && choices.length > 0 ? { ...answers, choices } : answers]
}

/**
 * One Region for a new key, judged by its name: it exists, belongs to the partition, and is among those that are
 * read. Multi-Region keys never cross a partition (KMS Developer Guide, "Multi-Region keys overview").
 */
function regionTakesKeys(
  region: string,
  topology: Pick<Topology, 'regions' | 'partition'>,
  choices: NonNullable<Check['choices']>,
): Check {
  const id = 'region-known'
  const more = choices.length > 0 ? { choices } : {}
  const { partition } = topology
  if (partitionOf(region) !== partition) {
    return refusedByKms(
      id,
      `${region} belongs to the partition ${partitionOf(region)}, the account to ${partition}: keys never cross partitions.`,
      more,
    )
  }
  if (topology.regions.some(({ name }) => name === region))
    return passed(id, `${region} is among the Regions that are read.`)
  if (!kmsRegions(partition).includes(region)) {
    return refusedByKms(id, `KMS has no Region ${region} in the partition ${partition}.`, more)
  }
  return refusedByRule(
    id,
    `${region} is not among the Regions that are read: a key made there would not be seen. Add it to ATLAS_REGIONS.`,
    more,
  )
}

/**
 * A family has at most one member a Region, also while that one is pending deletion
 * (KMS API Reference, ReplicateKey).
 */
export function oneMemberPerRegion(family: Family, region: string, without: RequestData | null): Check {
  const id = 'one-member-per-region'
  const member = memberIn(family, region)
  if (!member) return passed(id, `${region} has no key of this family yet.`)
  const choices = without ? { choices: [{ label: `Leave out ${region}`, request: without }] } : {}
  const pending = member.state === 'PendingDeletion'
  return refusedByKms(
    id,
    pending
      ? `${region} still has a key of this family, pending deletion: KMS answers ReplicateKey with AlreadyExistsException until it is gone. Cancel its deletion instead.`
      : `${region} has a key of this family already (${member.state}): KMS answers ReplicateKey with AlreadyExistsException.`,
    choices,
  )
}
