// Which replica keys could become the primary key now, as far as the last reading tells; the plan asks KMS again.

import { keyState } from '@/lib/plans/checks/key-state'
import { primaryKnown } from '@/lib/plans/checks/primary-known'
import { primaryRegionAnswers, regionAnswers } from '@/lib/plans/checks/region-answers'
import type { Check } from '@/lib/plans/plan'
import { primaryOf, replicasOf } from '@/lib/topology/family'
import type { Family, Member, Topology } from '@/lib/topology/topology'

export interface PromotionTarget {
  member: Member
  /** Why it cannot be chosen, in words; null when nothing that was read speaks against it. */
  refusal: string | null
}

/** The snapshot alone: a plan probes every Region anew. */
const noProbes = { probes: {} }

const blocks = (checks: Check[]) => checks.filter(({ verdict }) => verdict === 'block')

/**
 * What stops every promotion of the family, whatever the target: no primary key is named, its Region does not answer,
 * or its key is in a state in which KMS refuses the call.
 */
export function promotionObstacles(family: Family, topology: Pick<Topology, 'regions'>): Check[] {
  const primary = primaryOf(family)
  return blocks([
    primaryKnown(family),
    ...(primary
      ? [
          primaryRegionAnswers(family, primary.region, topology, noProbes, 'A promotion'),
          keyState(primary, 'UpdatePrimaryRegion'),
        ]
      : []),
  ])
}

/** The same checks that the plan makes of its target, so that the choice and the review never contradict each other. */
export const promotionTargets = (family: Family, topology: Pick<Topology, 'regions'>): PromotionTarget[] =>
  replicasOf(family).map((member) => {
    const [block] = blocks([
      regionAnswers(member.region, topology, noProbes, 'KMS changes the key there as well.'),
      keyState(member, 'UpdatePrimaryRegion'),
    ])
    return { member, refusal: block?.message ?? null }
  })
