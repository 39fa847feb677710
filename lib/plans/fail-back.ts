// Fail back: primary keys that were moved go back where they were, each only if it is still where it was moved to.

import { z } from 'zod'
import type { FactNeed, Facts } from '@/lib/topology/facts'
import { familyName, familyOf, memberIn } from '@/lib/topology/family'
import { inWords } from '@/lib/topology/in-words'
import type { Family, Topology } from '@/lib/topology/topology'
import { bulkDraft, bulkFields, type FamilyPlan, leftOut, MAX_FAMILIES, planMove, unknownFamilies } from './bulk'
import { primaryKnown } from './checks/primary-known'
import { type FamilyCheck, passed, refusedByKms, refusedByRule, warned } from './checks/verdicts'
import { type CheckedFamily, gatherChecks } from './gathered-checks'
import { moveNeeds } from './move'
import type { Check, PlanDraft } from './plan'
import { keyIdField, regionField } from './request-fields'

const moveField = z
  .object({
    keyId: keyIdField,
    /** Where the primary key is now. */
    fromRegion: regionField,
    toRegion: regionField,
  })
  .refine(({ fromRegion, toRegion }) => fromRegion !== toRegion, {
    path: ['toRegion'],
    message: 'Choose another Region than it is in',
  })

export const failBackRequest = z.object({
  kind: z.literal('fail-back'),
  moves: z
    .array(moveField, 'Choose the families that go back')
    .min(1, 'Choose at least one family')
    .max(MAX_FAMILIES, 'At most 5,000 keys at once')
    .refine((moves) => new Set(moves.map(({ keyId }) => keyId)).size === moves.length, 'A family is chosen twice'),
  ...bulkFields,
})

export type FailBackRequest = z.infer<typeof failBackRequest>

type WantedMove = FailBackRequest['moves'][number]

const wantedMoves = ({ moves, leaveOut = [] }: FailBackRequest) => {
  const isOut = new Set(leaveOut)
  return moves.filter(({ keyId }) => !isOut.has(keyId))
}

export const failBackNeeds = (topology: Topology, request: FailBackRequest): FactNeed[] =>
  wantedMoves(request).flatMap(({ keyId, toRegion }): FactNeed[] => {
    const family = familyOf(topology, keyId)
    return family ? moveNeeds(family, toRegion) : [{ need: 'probe', keyId }]
  })

/** The family's primary key is where it was moved to, and there is a key where it shall go. */
function mayGoBack(family: Family, { fromRegion, toRegion }: WantedMove): FamilyCheck[] {
  if (family.primaryRegion !== fromRegion) {
    return family.primaryRegion === null
      ? [primaryKnown(family)]
      : [
          refusedByRule(
            'moved-since',
            `The primary key is in ${family.primaryRegion} by now, not in ${fromRegion}: somebody has moved it since, and may not want it back.`,
          ),
        ]
  }
  if (memberIn(family, toRegion))
    return [primaryKnown(family), passed('target-is-replica', `${toRegion} has a replica key.`)]
  return [
    refusedByKms(
      'target-is-replica',
      `${toRegion} has no replica key any more: KMS refuses to promote it. Replicate first.`,
      {
        remedy: {
          label: `Replicate to ${toRegion}`,
          request: { kind: 'replicate', keyId: family.keyId, toRegions: [toRegion] },
        },
      },
    ),
  ]
}

/** Plans the way back of these moves; families that have not left, or are back already, are named and left alone. */
export function planFailBack(topology: Topology, request: FailBackRequest, facts: Facts): PlanDraft {
  const known = new Map(topology.families.map((family) => [family.keyId, family]))
  const plans: FamilyPlan[] = []
  const back: CheckedFamily[] = []
  const unknown: string[] = []
  for (const move of wantedMoves(request)) {
    const family = known.get(move.keyId)
    if (!family) unknown.push(move.keyId)
    else if (family.primaryRegion === move.toRegion) {
      const check = warned('back-already', `The primary key is in ${move.toRegion}: there is nothing to do.`)
      back.push({ family, checks: [check] })
    } else {
      const checks = mayGoBack(family, move)
      const mayGo = checks.every(({ verdict }) => verdict !== 'block')
      plans.push(
        mayGo
          ? planMove(topology, family, { toRegion: move.toRegion, replicates: false, checks }, facts)
          : { family, move: null, steps: [], checks },
      )
    }
  }
  const regions = [...new Set(request.moves.map(({ toRegion }) => toRegion))].sort()
  const out = request.leaveOut ?? []
  const about: Check[] = [
    ...unknownFamilies(request, unknown),
    ...gatherChecks(back, () => []),
    ...leftOut(
      topology,
      request.moves.map(({ keyId }) => keyId).filter((keyId) => out.includes(keyId)),
    ),
  ]
  const [only] = request.moves
  const family = request.moves.length === 1 && only ? known.get(only.keyId) : undefined
  const what = family ? familyName(family) : `${request.moves.length.toLocaleString('en-US')} families`
  return bulkDraft(topology, facts, {
    request,
    title: `Fail back ${what} to ${inWords(regions)}`,
    confirmation: regions.join(', '),
    plans,
    about,
    nothingToDo: 'All of them are back already.',
  })
}
