// The key-state matrix as data: what each operation answers to a key in each state.
// Source: KMS Developer Guide, "Key states of AWS KMS keys".

import { invalidState, KmsError, originNotValid } from '../wire/errors.ts'
import type { Key, KeyState, Origin } from './family.ts'

export type Verdict =
  | 'ok'
  | 'disabled'
  | 'pending deletion'
  | 'destination pending deletion'
  | 'not pending deletion'
  | 'pending import'
  | 'origin EXTERNAL'
  | 'custom key store'
  | 'unavailable'
  | 'creating'
  | 'updating'

/** The verdicts, and the origin that a key must have in any state. */
type Row = Record<Exclude<KeyState, 'PendingReplicaDeletion'>, Verdict> & { origin?: Origin }

/** PendingDeletion and PendingReplicaDeletion share one column. */
function row(
  Enabled: Verdict,
  Disabled: Verdict,
  PendingDeletion: Verdict,
  PendingImport: Verdict,
  Unavailable: Verdict,
  Creating: Verdict,
  Updating: Verdict,
): Row {
  return { Enabled, Disabled, PendingDeletion, PendingImport, Unavailable, Creating, Updating }
}

const ok = 'ok'
const creating = 'creating'
const updating = 'updating'
const deleting = 'pending deletion'

const always = row(ok, ok, ok, ok, ok, ok, ok)
const notWhileDeleting = row(ok, ok, deleting, ok, ok, ok, ok)
const enabling = row(ok, ok, deleting, 'pending import', ok, creating, updating)
/**
 * The guide allows DisabledException too for a key that is pending deletion; KMSInvalidStateException
 * is what was recorded.
 */
const cryptography = row(ok, 'disabled', deleting, 'pending import', 'unavailable', creating, ok)
/** A data key pair cannot be made under a key of a custom key store. */
const inNoCustomKeyStore = row(ok, 'disabled', deleting, 'pending import', 'custom key store', creating, ok)
/** Unconfirmed: the published table has no rows for Encapsulate and Decapsulate; taken like Sign. */
const encapsulation = cryptography
/** Unconfirmed: the published table has no row for GetKeyLastUsage; a read of metadata works in every state. */
const lastUsage = always
const rotationSetting = row(ok, 'disabled', deleting, 'origin EXTERNAL', 'custom key store', creating, ok)

/**
 * Unconfirmed: that the origin counts more than the state while a key is Creating or Updating, whose columns do not tell
 * keys apart. Footnotes 8 and 9 refuse a key that cannot have imported material for its origin, any other by its state.
 */
const importing = (verdicts: Row): Row => ({ ...verdicts, origin: 'EXTERNAL' })

const MATRIX = {
  DescribeKey: always,
  GetKeyPolicy: always,
  PutKeyPolicy: always,
  ListAliases: always,
  DeleteAlias: always,
  ListKeyPolicies: always,
  ListResourceTags: always,
  ListGrants: always,
  RetireGrant: always,
  RevokeGrant: always,
  CreateAlias: notWhileDeleting,
  TagResource: notWhileDeleting,
  UntagResource: notWhileDeleting,
  UpdateKeyDescription: notWhileDeleting,
  UpdateAlias: row(ok, ok, 'destination pending deletion', ok, ok, ok, ok),
  EnableKey: enabling,
  DisableKey: enabling,
  ScheduleKeyDeletion: row(ok, ok, deleting, ok, ok, ok, updating),
  CancelKeyDeletion: row(
    'not pending deletion',
    'not pending deletion',
    ok,
    'not pending deletion',
    'not pending deletion',
    'not pending deletion',
    'not pending deletion',
  ),
  CreateGrant: row(ok, 'disabled', deleting, 'pending import', ok, creating, ok),
  Encrypt: cryptography,
  Decrypt: cryptography,
  ReEncrypt: cryptography,
  GenerateDataKey: cryptography,
  GenerateDataKeyWithoutPlaintext: cryptography,
  GenerateDataKeyPair: inNoCustomKeyStore,
  GenerateDataKeyPairWithoutPlaintext: inNoCustomKeyStore,
  GenerateMac: cryptography,
  VerifyMac: cryptography,
  Sign: cryptography,
  Verify: cryptography,
  DeriveSharedSecret: cryptography,
  Encapsulate: encapsulation,
  Decapsulate: encapsulation,
  GetKeyLastUsage: lastUsage,
  GetPublicKey: row(ok, ok, deleting, ok, 'unavailable', creating, ok),
  ReplicateKey: row(ok, 'disabled', deleting, 'pending import', 'unavailable', creating, updating),
  UpdatePrimaryRegion: row(ok, 'disabled', deleting, 'pending import', 'unavailable', creating, ok),
  EnableKeyRotation: rotationSetting,
  DisableKeyRotation: rotationSetting,
  GetKeyRotationStatus: row(ok, ok, ok, 'origin EXTERNAL', 'custom key store', ok, ok),
  ListKeyRotations: row(ok, ok, ok, ok, 'custom key store', ok, ok),
  GetParametersForImport: importing(row(ok, ok, deleting, ok, 'custom key store', creating, updating)),
  /** That a key pending deletion with origin EXTERNAL takes material follows from the table, which refuses only others. */
  ImportKeyMaterial: importing(row(ok, ok, ok, ok, 'custom key store', creating, ok)),
  DeleteImportedKeyMaterial: importing(row(ok, ok, ok, ok, 'custom key store', creating, updating)),
  RotateKeyOnDemand: row(ok, 'disabled', deleting, 'pending import', 'custom key store', creating, ok),
} as const satisfies Record<string, Row>

export type OperationOnKey = keyof typeof MATRIX

function verdictOf(operation: OperationOnKey, state: KeyState): Verdict {
  return MATRIX[operation][state === 'PendingReplicaDeletion' ? 'PendingDeletion' : state]
}

/** Throws what KMS answers when the state of the key, or its origin, does not allow the operation. */
export function requireUsable(operation: OperationOnKey, key: Key): void {
  const { origin }: Row = MATRIX[operation]
  if (origin && key.family.origin !== origin) throw originNotValid(key.arn, key.family.origin)
  const verdict = verdictOf(operation, key.keyState)
  if (verdict !== 'ok') throw refusal(verdict, key)
}

function refusal(verdict: Exclude<Verdict, 'ok'>, { arn }: Key): KmsError {
  switch (verdict) {
    case 'disabled':
      return new KmsError('DisabledException', `${arn} is disabled.`)
    case 'pending deletion':
      return invalidState(`${arn} is pending deletion (or pending replica deletion).`)
    case 'not pending deletion':
      return invalidState(`${arn} is not pending deletion (or pending replica deletion).`)
    case 'destination pending deletion':
      return invalidState(`${arn} is pending deletion.`)
    case 'origin EXTERNAL':
      return originNotValid(arn, 'EXTERNAL')
    case 'custom key store':
      return keptInCustomKeyStore(arn)
    case 'pending import':
    case 'unavailable':
    case 'creating':
    case 'updating':
      return invalidState(`${arn} is ${verdict}.`)
  }
}

/** Unconfirmed: the text, that for other origins; the origin of such a key could be EXTERNAL_KEY_STORE as well. */
const keptInCustomKeyStore = (arn: string) => originNotValid(arn, 'AWS_CLOUDHSM')
