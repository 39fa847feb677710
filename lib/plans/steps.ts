// Steps: the few shapes that every plan is built from.

import { inWords } from '@/lib/topology/in-words'
import { algorithmFor } from '@/lib/topology/key-spec'
import type { KeyState } from '@/lib/topology/topology'
import type { CallInput, CallOperation, KeyRef, Outcome, PlanDraft } from './plan'

export type StepDraft = PlanDraft['steps'][number]

/**
 * Past it a run says "still waiting", it does not fail: replications of ten minutes have been measured.
 */
const WAIT_DEADLINE_MINUTES = 20

export const call = (
  title: string,
  region: string,
  operation: CallOperation,
  input: CallInput,
  done: Outcome,
): StepDraft => ({ does: 'call', title, region, operation, input, done })

export const waitFor = (title: string, region: string, done: Outcome): StepDraft => ({
  does: 'wait',
  title,
  region,
  done,
  deadlineMinutes: WAIT_DEADLINE_MINUTES,
})

/** The state in which a new member ends: imported material has to be imported into each member by hand. */
const finalStateOf = (origin: string): KeyState => (origin === 'EXTERNAL' ? 'PendingImport' : 'Enabled')

export function waitForNewMember(keyId: KeyRef, region: string, origin: string): StepDraft {
  const state = finalStateOf(origin)
  return waitFor(`Wait until ${region} is ${state}`, region, { is: 'member-state', keyId, region, states: [state] })
}

export const createAlias = (name: string, region: string, keyId: KeyRef): StepDraft =>
  call(
    `Create ${name} in ${region}`,
    region,
    'CreateAlias',
    { AliasName: name, TargetKeyId: keyId },
    {
      is: 'alias',
      region,
      name,
      keyId,
    },
  )

export const retargetAlias = (name: string, region: string, keyId: KeyRef): StepDraft =>
  call(
    `Point ${name} to this key in ${region}`,
    region,
    'UpdateAlias',
    { AliasName: name, TargetKeyId: keyId },
    {
      is: 'alias',
      region,
      name,
      keyId,
    },
  )

export const deleteAlias = (name: string, region: string): StepDraft =>
  call(
    `Delete ${name} in ${region}`,
    region,
    'DeleteAlias',
    { AliasName: name },
    {
      is: 'alias',
      region,
      name,
      keyId: null,
    },
  )

const proofWords: Readonly<Record<string, [make: string, attempt: string]>> = {
  ENCRYPT_DECRYPT: ['Encrypt', 'decrypt'],
  SIGN_VERIFY: ['Sign', 'verify'],
  GENERATE_VERIFY_MAC: ['Make a MAC', 'verify it'],
}

/** Can members of this kind be proven interchangeable with one call each? Key agreement needs a second party. */
export const isProvable = (kind: { keySpec: string; keyUsage: string }) =>
  Object.hasOwn(proofWords, kind.keyUsage) && algorithmFor(kind.keySpec, kind.keyUsage) !== null

/**
 * A proof made in `region` and tried in every Region of `inRegions`; none for kinds that cannot be proven, or when
 * there is nowhere to try it. With `baseline` (the number of an earlier step) what that step made is tried as well.
 */
export function prove(
  key: { keyId: KeyRef; keySpec: string; keyUsage: string },
  region: string,
  inRegions: string[],
  about: { baseline?: number; title?: string } = {},
): StepDraft[] {
  const words = proofWords[key.keyUsage]
  if (!words || !isProvable(key) || inRegions.length === 0) return []
  const [make, attempt] = words
  return [
    {
      does: 'prove',
      title: about.title ?? `${make} in ${region}, ${attempt} in ${inWords(inRegions)}`,
      region,
      done: { is: 'proven' },
      keyId: key.keyId,
      keySpec: key.keySpec,
      keyUsage: key.keyUsage,
      inRegions,
      ...(about.baseline !== undefined && { baseline: about.baseline }),
    },
  ]
}

/** The same steps after `by` others: the numbers by which proofs refer to earlier ones grow by as many. */
export const shifted = (steps: StepDraft[], by: number): StepDraft[] =>
  steps.map((step) =>
    step.does === 'prove' && step.baseline !== undefined ? { ...step, baseline: step.baseline + by } : step,
  )
