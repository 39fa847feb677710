// Rotate now: make new key material for a whole family, outside the automatic schedule.

import { z } from 'zod'
import { type FactNeed, type Facts, factKey } from '@/lib/topology/facts'
import { familyName, familyOf, primaryOf } from '@/lib/topology/family'
import type { Member, Topology } from '@/lib/topology/topology'
import { blindSpots } from './checks/blind-spots'
import { kindRotates } from './checks/key-kind'
import { keyState } from './checks/key-state'
import { materialAwaitsRotation, noOtherRotation, onDemandLeft } from './checks/on-demand-rotations'
import { primaryKnown } from './checks/primary-known'
import { primaryRegionAnswers } from './checks/region-answers'
import { refusedByRule } from './checks/verdicts'
import { minimumSeconds, typicalSeconds } from './durations'
import type { Check, Outcome, PlanDraft } from './plan'
import { keyIdField } from './request-fields'
import { call, type StepDraft, waitFor } from './steps'

export const rotateNowRequest = z.object({ kind: z.literal('rotate-now'), keyId: keyIdField })

export type RotateNowRequest = z.infer<typeof rotateNowRequest>

export function rotateNowNeeds(topology: Topology, { keyId }: RotateNowRequest): FactNeed[] {
  const region = familyOf(topology, keyId)?.primaryRegion ?? null
  return [{ need: 'probe', keyId }, ...(region === null ? [] : [{ need: 'rotations', keyId, region } as const])]
}

/** A rotation is recognised by the key material having changed, so what it is now has to be known. */
const materialKnown = ({ region, currentKeyMaterialId }: Member): Check[] =>
  currentKeyMaterialId === undefined
    ? [
        refusedByRule(
          'material-known',
          `The id of the current key material in ${region} could not be read, so nobody could tell afterwards whether it was rotated.`,
        ),
      ]
    : []

/**
 * Plans a rotation on demand at the primary key. It is asynchronous, uses one of the 25 of a key's life and leaves
 * the automatic schedule as it is; the new material is used once every member has it.
 *
 * Source: KMS API Reference, RotateKeyOnDemand; KMS Developer Guide, "Perform on-demand key rotation".
 */
export function planRotateNow(topology: Topology, request: RotateNowRequest, facts: Facts): PlanDraft | null {
  const family = familyOf(topology, request.keyId)
  if (!family) return null
  const { keyId } = request
  const primary = primaryOf(family)

  const steps: StepDraft[] = []
  const checks: Check[] = [kindRotates(family, 'onDemand'), primaryKnown(family)]
  if (primary) {
    const { region, currentKeyMaterialId = null } = primary
    const rotations = facts.rotations[factKey(region, keyId)]
    const done: Outcome = { is: 'rotated', keyId, region, materialBefore: currentKeyMaterialId }
    steps.push(
      call(`Rotate the key material in ${region}`, region, 'RotateKeyOnDemand', { KeyId: keyId }, done),
      waitFor(`Wait until ${region} uses new key material`, region, done),
    )
    const awaits = materialAwaitsRotation(family.origin, rotations)
    checks.push(
      primaryRegionAnswers(family, region, topology, facts, 'A rotation on demand'),
      keyState(primary, 'RotateKeyOnDemand'),
      ...materialKnown(primary),
      onDemandLeft(rotations),
      noOtherRotation(rotations, facts.takenAt),
      ...(awaits ? [awaits] : []),
      ...blindSpots(
        family,
        topology,
        facts,
        [region],
        'the new key material is used only once every member has it, so the rotation may end late.',
      ),
    )
  }

  return {
    title: `Rotate ${familyName(family)} now`,
    families: [keyId],
    checks,
    steps,
    changes: [
      'The family gets new key material, with which every member encrypts from then on.',
      'The first two rotations of a key cost 1 USD a month each; later ones are free.',
    ],
    stays: [
      'Key id, ARNs, aliases and the automatic schedule. Everything encrypted before stays readable, and is not encrypted anew.',
      'Data keys that were made before go on as they are.',
    ],
    undo: {
      sentence: 'A rotation cannot be taken back, and need not be: all earlier key material goes on decrypting.',
    },
    confirmation: null,
    minimumSeconds: minimumSeconds(steps),
    typicalSeconds: typicalSeconds(steps),
  }
}
