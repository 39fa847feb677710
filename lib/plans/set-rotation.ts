// Set rotation: turn automatic rotation on or off, or change its period, for a whole family.

import { z } from 'zod'
import type { FactNeed, Facts } from '@/lib/topology/facts'
import { familyName, familyOf, primaryOf } from '@/lib/topology/family'
import type { Family, Topology } from '@/lib/topology/topology'
import { kindRotates } from './checks/key-kind'
import { keyState } from './checks/key-state'
import { primaryKnown } from './checks/primary-known'
import { primaryRegionAnswers } from './checks/region-answers'
import { somethingToDo } from './checks/something-to-do'
import { warned } from './checks/verdicts'
import { minimumSeconds, typicalSeconds } from './durations'
import type { Check, Outcome, PlanDraft } from './plan'
import { DEFAULT_PERIOD_DAYS, keyIdField, periodField } from './request-fields'
import { call, type StepDraft, waitFor } from './steps'

export const setRotationRequest = z.object({
  kind: z.literal('set-rotation'),
  keyId: keyIdField,
  enabled: z.boolean('Choose on or off'),
  /** Absent: the period that is set now, else 365 days. */
  periodInDays: periodField.optional(),
})

export type SetRotationRequest = z.infer<typeof setRotationRequest>

export const setRotationNeeds = (_topology: Topology, { keyId }: SetRotationRequest): FactNeed[] => [
  { need: 'probe', keyId },
]

/** Back to what the primary key says now; a sentence where that is not known. */
function undoOf(family: Family, request: SetRotationRequest): PlanDraft['undo'] {
  const now = primaryOf(family)?.rotation
  if (!now) return { sentence: 'The setting before could not be read, so no plan can go back to it.' }
  if (!now.enabled) {
    return { label: 'Turn rotation off again', request: { kind: 'set-rotation', keyId: request.keyId, enabled: false } }
  }
  const { periodInDays = DEFAULT_PERIOD_DAYS } = now
  return {
    label: `Rotate every ${periodInDays} days again`,
    request: { kind: 'set-rotation', keyId: request.keyId, enabled: true, periodInDays },
  }
}

/**
 * Plans the change at the primary key, which is the only one that takes it; replica keys follow at the next
 * synchronisation, which nobody can ask for, so the plan waits for the primary's Region alone. Enabling anew counts
 * the period from then on.
 *
 * Source: KMS API Reference, EnableKeyRotation and DisableKeyRotation; KMS Developer Guide, "Rotating AWS KMS keys".
 */
export function planSetRotation(topology: Topology, request: SetRotationRequest, facts: Facts): PlanDraft | null {
  const family = familyOf(topology, request.keyId)
  if (!family) return null
  const { keyId, enabled } = request
  const primary = primaryOf(family)
  const now = primary?.rotation ?? null
  const periodInDays = request.periodInDays ?? now?.periodInDays ?? DEFAULT_PERIOD_DAYS
  const isSoAlready = now !== null && now.enabled === enabled && (!enabled || now.periodInDays === periodInDays)
  const words = enabled ? `on, every ${periodInDays} days` : 'off'

  const steps: StepDraft[] = []
  if (primary && !isSoAlready) {
    const { region } = primary
    const done: Outcome = { is: 'rotation', keyId, region, enabled, ...(enabled && { periodInDays }) }
    steps.push(
      enabled
        ? call(
            `${now?.enabled ? 'Change the rotation period' : 'Turn automatic rotation on'} in ${region}`,
            region,
            'EnableKeyRotation',
            { KeyId: keyId, RotationPeriodInDays: periodInDays },
            done,
          )
        : call(`Turn automatic rotation off in ${region}`, region, 'DisableKeyRotation', { KeyId: keyId }, done),
      waitFor(`Wait until ${region} says that rotation is ${words}`, region, done),
    )
  }

  const checks: Check[] = [
    kindRotates(family, 'automatic'),
    primaryKnown(family),
    ...(primary
      ? [
          primaryRegionAnswers(family, primary.region, topology, facts, 'A change of rotation'),
          keyState(primary, enabled ? 'EnableKeyRotation' : 'DisableKeyRotation'),
        ]
      : []),
    ...(now === null && primary ? [warned('rotation-known', 'The rotation setting of now could not be read.')] : []),
  ]
  checks.push(...somethingToDo(steps, checks, `Automatic rotation is ${words} already.`))

  return {
    title: `Turn automatic rotation ${words} for ${familyName(family)}`,
    families: [keyId],
    checks,
    steps,
    changes: enabled
      ? [
          `KMS makes new key material every ${periodInDays} days, counted from now, and copies it to every member before it is used.`,
          'The first two rotations cost 1 USD a month each; later ones are free.',
        ]
      : ['KMS makes no new key material by itself any more.'],
    stays: [
      'Key id, ARNs and aliases. Everything encrypted before stays readable: KMS keeps all key material.',
      'Replica keys show the new setting after the next synchronisation, which comes by itself.',
    ],
    undo: undoOf(family, request),
    confirmation: null,
    minimumSeconds: minimumSeconds(steps),
    typicalSeconds: typicalSeconds(steps),
  }
}
