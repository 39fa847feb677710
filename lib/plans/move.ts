// Move: the primary role of one family goes from one Region to another. What `promote` does for one family, and the plans
// over many for each of theirs.

import { type FactNeed, type Facts, factKey } from '@/lib/topology/facts'
import { primaryOf } from '@/lib/topology/family'
import { inWords } from '@/lib/topology/in-words'
import { canRotate } from '@/lib/topology/key-spec'
import type { Family, Member, Topology } from '@/lib/topology/topology'
import { aliasesAtTarget } from './checks/alias-at-target'
import { blindSpots } from './checks/blind-spots'
import { policyDrift, tagDrift } from './checks/drift'
import { keyState } from './checks/key-state'
import { othersPendingDeletion } from './checks/pending-deletion'
import { mayPromote, type PolicyIn, successorAdministration, successorPolicy } from './checks/permissions'
import { recentPromotion } from './checks/recent-promotion'
import { primaryRegionAnswers, regionAnswers, troubleIn } from './checks/region-answers'
import { rotationRunning } from './checks/rotation-running'
import type { FamilyCheck } from './checks/verdicts'
import type { Outcome } from './plan'
import { call, prove, type StepDraft, waitFor } from './steps'

/** What has to be read before the family's primary key can be judged to move to this Region. */
export function moveNeeds(family: Family, toRegion: string): FactNeed[] {
  const { keyId, primaryRegion } = family
  const { automatic, onDemand } = canRotate(family)
  const regions = [...new Set([...(primaryRegion === null ? [] : [primaryRegion]), toRegion])]
  return [
    { need: 'probe', keyId },
    ...regions.flatMap((region): FactNeed[] => [
      { need: 'policy', keyId, region },
      { need: 'tags', keyId, region },
    ]),
    ...(primaryRegion !== null && (automatic || onDemand)
      ? [{ need: 'rotations', keyId, region: primaryRegion } as const]
      : []),
    { need: 'recent-promotions', keyId },
  ]
}

/** Members in which a proof can be tried now; a disabled key or a silent Region says nothing about a promotion. */
export const readableRegions = (family: Family, topology: Pick<Topology, 'regions'>, facts: Facts): string[] =>
  family.members
    .filter(({ state, region }) => state === 'Enabled' && troubleIn(region, topology, facts, family.keyId) === null)
    .map(({ region }) => region)

/**
 * KMS takes UpdatePrimaryRegion in the Region of the *current* primary key. It answers nothing, and for a while both keys
 * may say REPLICA: the wait asks both Regions for the swapped roles, not only for Enabled. What was encrypted before the
 * change is tried again after it, in every one of `inRegions`. `before` is the number of steps that come before these.
 *
 * Source: KMS API Reference, UpdatePrimaryRegion; KMS Developer Guide, "Change the primary key in a set of multi-Region
 * keys".
 */
export function moveSteps(family: Family, from: string, to: string, inRegions: string[], before = 0): StepDraft[] {
  const { keyId } = family
  const swapped: Outcome = { is: 'primary', keyId, from, to }
  const baseline = prove(family, from, inRegions, { title: `Make a proof in ${from} before the change` })
  return [
    ...baseline,
    call(`Make ${to} the primary Region`, from, 'UpdatePrimaryRegion', { KeyId: keyId, PrimaryRegion: to }, swapped),
    waitFor(`Wait until ${from} and ${to} agree and are Enabled`, from, swapped),
    ...prove(family, to, inRegions, {
      ...(baseline.length > 0 && { baseline: before + 1 }),
      title: `Try what was made before and after in ${inWords(inRegions)}`,
    }),
  ]
}

const policyIn = (facts: Facts, keyId: string, region: string): PolicyIn => ({
  region,
  read: facts.policies[factKey(region, keyId)],
})

/** What speaks for and against taking the role away from the primary key. */
const leaving = (topology: Topology, family: Family, from: Member, facts: Facts): FamilyCheck[] => [
  primaryRegionAnswers(family, from.region, topology, facts, 'A promotion'),
  keyState(from, 'UpdatePrimaryRegion'),
  ...rotationRunning(family, facts.rotations[factKey(from.region, family.keyId)], facts.takenAt),
  recentPromotion(family.keyId, facts),
]

/** What speaks for and against giving it to the replica key in another Region. */
function arriving(topology: Topology, family: Family, from: string, to: Member, facts: Facts): FamilyCheck[] {
  const { keyId } = family
  const { region } = to
  const consequence = `The key in ${region} has to be Enabled for a promotion, and KMS changes it there as well.`
  const [before, after] = [policyIn(facts, keyId, from), policyIn(facts, keyId, region)]
  const tagsIn = (place: string) => ({ region: place, read: facts.tags[factKey(place, keyId)] })
  return [
    regionAnswers(region, topology, facts, consequence, keyId),
    keyState(to, 'UpdatePrimaryRegion'),
    ...mayPromote([before, after], region),
    successorPolicy(after, from),
    ...successorAdministration(after, family),
    ...aliasesAtTarget(topology, family, to),
    policyDrift(before, after),
    tagDrift(tagsIn(from), tagsIn(region)),
  ]
}

/** Checks that a replica key which is yet to be made will have the policy of the primary key. */
function arrivingAnew(family: Family, from: string, toRegion: string, facts: Facts): FamilyCheck[] {
  const before = policyIn(facts, family.keyId, from)
  const after = { ...before, region: toRegion }
  return [...mayPromote([before], toRegion), successorPolicy(after, from), ...successorAdministration(after, family)]
}

/**
 * All checks of the move to `to`: a replica key, or the name of a Region that gets one first. None of them is about
 * whether the family may be replicated there.
 */
export function moveChecks(topology: Topology, family: Family, to: Member | string, facts: Facts): FamilyCheck[] {
  const from = primaryOf(family)
  if (!from) return []
  const toRegion = typeof to === 'string' ? to : to.region
  const judged = [from.region, toRegion]
  return [
    ...leaving(topology, family, from, facts),
    ...(typeof to === 'string'
      ? arrivingAnew(family, from.region, to, facts)
      : to === from
        ? []
        : arriving(topology, family, from.region, to, facts)),
    ...othersPendingDeletion(family, judged),
    ...blindSpots(
      family,
      topology,
      facts,
      judged,
      'left out of the proofs. Their keys learn of the new primary by themselves.',
    ),
  ]
}

/** Whatever moves, this stays. */
export const stays = [
  'Key id, ARNs and key material: running applications go on as they are.',
  'Policies, aliases, tags, grants and descriptions stay where they are, each with its own key.',
  'The rotation setting, which the family shares.',
]
