// Promote: make the replica key in another Region the primary key of its family.

import { z } from 'zod'
import type { FactNeed, Facts } from '@/lib/topology/facts'
import { aliasesOf, familyName, familyOf, memberIn, primaryOf, replicasOf } from '@/lib/topology/family'
import { inWords } from '@/lib/topology/in-words'
import type { Family, Topology } from '@/lib/topology/topology'
import { primaryKnown } from './checks/primary-known'
import { quotaHeadroom } from './checks/quota-headroom'
import { passed, refusedByKms, refusedByRule } from './checks/verdicts'
import { minimumSeconds, typicalSeconds } from './durations'
import { moveChecks, moveNeeds, moveSteps, readableRegions, stays } from './move'
import type { Check, PlanDraft } from './plan'
import { keyIdField, regionField } from './request-fields'

export const promoteRequest = z.object({
  kind: z.literal('promote'),
  keyId: keyIdField,
  toRegion: regionField,
})

export type PromoteRequest = z.infer<typeof promoteRequest>

export function promoteNeeds(topology: Topology, { keyId, toRegion }: PromoteRequest): FactNeed[] {
  const family = familyOf(topology, keyId)
  return family ? moveNeeds(family, toRegion) : [{ need: 'probe', keyId }]
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

/**
 * Plans the promotion of the replica key in `request.toRegion`.
 *
 * KMS takes UpdatePrimaryRegion only while both keys are Enabled and both Regions answer, so the checks foretell each
 * refusal, and say what else a person should know before the role moves.
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

  const moves = from !== undefined && to !== undefined && from !== to
  const steps = moves ? moveSteps(family, from.region, to.region, readableRegions(family, topology, facts)) : []
  const checks: Check[] = [
    primaryKnown(family),
    targetIsReplica(family, toRegion),
    ...moveChecks(topology, family, to ?? from ?? toRegion, facts),
    ...quotaHeadroom(topology, facts, steps),
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
    stays,
    undo: from
      ? { label: `Fail back to ${from.region}`, request: { kind: 'promote', keyId, toRegion: from.region } }
      : { sentence: 'No primary key is known that could be gone back to.' },
    confirmation: aliasesOf(family).length > 0 ? familyName(family) : keyId,
    minimumSeconds: minimumSeconds(steps),
    typicalSeconds: typicalSeconds(steps),
  }
}
