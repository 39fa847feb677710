// key-state: each operation wants the key in certain states; everything else KMS refuses.

import type { KeyState, Member } from '@/lib/topology/topology'
import type { CallOperation, Check } from '../plan'
import { passed, refusedByKms, refusedByRule, warned } from './verdicts'

type StateBound = Exclude<CallOperation, 'CreateKey' | 'DeleteAlias'>

const DELETING = 'KMSInvalidStateException (is pending deletion)'
const primaryWork: Partial<Record<KeyState, string>> = {
  Disabled: 'DisabledException',
  PendingDeletion: DELETING,
  PendingReplicaDeletion: DELETING,
  PendingImport: 'KMSInvalidStateException (is pending import)',
  Creating: 'KMSInvalidStateException (is creating)',
  Unavailable: 'KMSInvalidStateException (is unavailable)',
}
/** Imported material alone is ever pending import, and `key-kind-rotates` speaks of that: its origin is what KMS refuses. */
const { PendingImport: _, ...rotationSetting } = primaryWork
const aliasWork: Partial<Record<KeyState, string>> = { PendingDeletion: DELETING, PendingReplicaDeletion: DELETING }

/**
 * The exception with which KMS answers an operation on a key in this state; states that are not named are taken.
 *
 * Source: KMS Developer Guide, "Key states of AWS KMS keys".
 */
const refusals: Record<StateBound, Partial<Record<KeyState, string>>> = {
  ReplicateKey: { ...primaryWork, Updating: 'KMSInvalidStateException (is updating)' },
  UpdatePrimaryRegion: primaryWork,
  EnableKeyRotation: rotationSetting,
  DisableKeyRotation: rotationSetting,
  RotateKeyOnDemand: primaryWork,
  CreateAlias: aliasWork,
  UpdateAlias: aliasWork,
}

const whatToDo: Partial<Record<KeyState, string>> = {
  Disabled: 'Enable the key there first: there is no plan for that yet.',
  PendingDeletion: 'Cancel the deletion and enable the key there first: there is no plan for that yet.',
  PendingReplicaDeletion: 'Cancel the deletion and enable the key there first: there is no plan for that yet.',
  PendingImport: 'Import the key material there first.',
  Creating: 'Wait until it is Enabled.',
  Updating: 'Wait until it is Enabled.',
}

/** Can this member take the operation, as far as its key state goes? */
export function keyState(member: Pick<Member, 'region' | 'state' | 'known'>, operation: StateBound): Check {
  const { region, state, known } = member
  const exception = refusals[operation][state]
  if (exception) {
    return refusedByKms(
      'key-state',
      `The key in ${region} is ${state}: KMS answers ${operation} with ${exception}. ${whatToDo[state] ?? ''}`.trim(),
    )
  }
  if (state === 'Unknown') {
    return refusedByRule(
      'key-state',
      `The state of the key in ${region} could not be read, so nobody can tell what ${operation} would do.`,
    )
  }
  if (known !== 'live') {
    return warned('key-state', `The key in ${region} was ${state} when it was last read; it could not be read now.`)
  }
  return passed('key-state', `The key in ${region} is ${state}.`)
}
