// Promote: make the replica key in another Region the primary key of its family.

import { z } from 'zod'
import { type FactNeed, type Facts, factKey } from '@/lib/topology/facts'
import { aliasesOf, familyName, familyOf, memberIn, primaryOf, replicasOf } from '@/lib/topology/family'
import { inWords } from '@/lib/topology/in-words'
import type { Family, Topology } from '@/lib/topology/topology'
import { blindSpots } from './checks/blind-spots'
import { successorPolicy } from './checks/key-policy'
import { keyState } from './checks/key-state'
import { primaryKnown } from './checks/primary-known'
import { primaryRegionAnswers, regionAnswers, troubleIn } from './checks/region-answers'
import { passed, refusedByKms, refusedByRule } from './checks/verdicts'
import { minimumSeconds, typicalSeconds } from './durations'
import type { Check, Outcome, PlanDraft } from './plan'
import { keyIdField, regionField } from './request-fields'
import { call, prove, type StepDraft, waitFor } from './steps'

export const promoteRequest = z.object({
  kind: z.literal('promote'),
  keyId: keyIdField,
  toRegion: regionField,
})

export type PromoteRequest = z.infer<typeof promoteRequest>

export function promoteNeeds(_topology: Topology, { keyId, toRegion }: PromoteRequest): FactNeed[] {
  return [
    { need: 'probe', keyId },
    { need: 'policy', keyId, region: toRegion },
  ]
}

/** The target must hold a replica key of the family (KMS API Reference, UpdatePrimaryRegion). */
function targetIsReplica(family: Family, toRegion: string): Check {
  const id = 'target-is-replica'
  if (toRegion === family.primaryRegion) {
    return refusedByRule(id, `The primary key is in ${toRegion} already.`)
  }
  if (memberIn(family, toRegion)) return passed(id, `${toRegion} has a replica key.`)
  const replicas = replicasOf(family).map(({ region }) => region)
  return refusedByKms(
    id,
    `${toRegion} has no replica key of this family: KMS refuses to promote it. ${replicas.length > 0 ? `Choose ${inWords(replicas)}, or replicate first.` : 'Replicate to it first.'}`,
    {
      remedy: {
        label: `Replicate to ${toRegion}`,
        request: { kind: 'replicate', keyId: family.keyId, toRegions: [toRegion] },
      },
      ...(replicas.length > 0 && {
        choices: replicas.map((region) => ({
          label: `Promote ${region}`,
          request: { kind: 'promote', keyId: family.keyId, toRegion: region },
        })),
      }),
    },
  )
}

/** Members in which a proof can be tried now; a disabled key or a silent Region says nothing about a promotion. */
const readableRegions = (family: Family, topology: Topology, facts: Facts): string[] =>
  family.members
    .filter(({ state, region }) => state === 'Enabled' && troubleIn(region, topology, facts) === null)
    .map(({ region }) => region)

/**
 * Plans the promotion of the replica key in `request.toRegion`.
 *
 * KMS takes UpdatePrimaryRegion in the Region of the *current* primary key, and only while both keys are Enabled, so
 * the checks foretell each refusal. It answers nothing, and for a while both keys may say REPLICA: the wait asks
 * both Regions for the swapped roles, not only for Enabled. What was encrypted before the change is tried again
 * after it, in every Region that can be read.
 *
 * Source: KMS API Reference, UpdatePrimaryRegion; KMS Developer Guide, "Change the primary key in a set of
 * multi-Region keys".
 */
export function planPromote(topology: Topology, request: PromoteRequest, facts: Facts): PlanDraft | null {
  const family = familyOf(topology, request.keyId)
  if (!family) return null
  const { keyId, toRegion } = request
  const from = primaryOf(family)
  const to = memberIn(family, toRegion)

  const steps: StepDraft[] = []
  if (from && to && from.region !== to.region) {
    const inRegions = readableRegions(family, topology, facts)
    const swapped: Outcome = { is: 'primary', keyId, from: from.region, to: to.region }
    const baseline = prove(family, from.region, inRegions, {
      title: `Make a proof in ${from.region} before the change`,
    })
    steps.push(
      ...baseline,
      call(
        `Make ${to.region} the primary Region`,
        from.region,
        'UpdatePrimaryRegion',
        { KeyId: keyId, PrimaryRegion: to.region },
        swapped,
      ),
      waitFor(`Wait until ${from.region} and ${to.region} agree and are Enabled`, from.region, swapped),
      ...prove(family, to.region, inRegions, {
        ...(baseline.length > 0 && { baseline: 1 }),
        title: `Try what was made before and after in ${inWords(inRegions)}`,
      }),
    )
  }

  const consequence = `The key in ${toRegion} has to be Enabled for a promotion, and KMS changes it there as well.`
  const checks: Check[] = [
    primaryKnown(family),
    targetIsReplica(family, toRegion),
    ...(from
      ? [
          primaryRegionAnswers(family, from.region, topology, facts, 'A promotion'),
          keyState(from, 'UpdatePrimaryRegion'),
        ]
      : []),
    ...(to && to !== from
      ? [
          regionAnswers(toRegion, topology, facts, consequence),
          keyState(to, 'UpdatePrimaryRegion'),
          successorPolicy(toRegion, facts.policies[factKey(toRegion, keyId)]),
        ]
      : []),
    ...blindSpots(
      family,
      topology,
      facts,
      [from?.region ?? '', toRegion],
      'left out of the proofs. Their keys learn of the new primary by themselves.',
    ),
  ]

  const fromRegion = from?.region ?? 'the current primary Region'
  return {
    title: `Promote ${toRegion} to primary of ${familyName(family)}`,
    families: [keyId],
    checks,
    steps,
    changes: [
      `The roles: the key in ${toRegion} becomes the primary key, that in ${fromRegion} a replica key.`,
      `Replication, rotation and the next promotion are called in ${toRegion} from then on.`,
    ],
    stays: [
      'Key id, ARNs and key material: running applications go on as they are.',
      'Policies, aliases, tags, grants and descriptions stay where they are, each with its own key.',
      'The rotation setting, which the family shares.',
    ],
    undo: from
      ? { label: `Fail back to ${from.region}`, request: { kind: 'promote', keyId, toRegion: from.region } }
      : { sentence: 'No primary key is known that could be gone back to.' },
    confirmation: aliasesOf(family).length > 0 ? familyName(family) : keyId,
    minimumSeconds: minimumSeconds(steps),
    typicalSeconds: typicalSeconds(steps),
  }
}
