// What CreateGrant takes, and how the other operations name a grant.

import type { Context } from '../calls/operation.ts'
import type { Key } from '../keys/family.ts'
import { isSymmetric, type KeyUsage } from '../keys/key-specs.ts'
import type { Store } from '../state/store.ts'
import { KmsError, limitExceeded, validationError } from '../wire/errors.ts'
import { type Grant, type GrantConstraints, type GrantOperation, grantIdOfToken } from './grants.ts'

const MAX_GRANTS_OF_A_KEY = 50_000
const MAX_PAIRS = 8
const MAX_VALUE_LENGTH = 384

type Parties = {
  GranteePrincipal: string | undefined
  GranteeServicePrincipal: string | undefined
  RetiringPrincipal: string | undefined
  RetiringServicePrincipal: string | undefined
}

/** Unconfirmed: the texts, for which the sentences of the API Reference stand in; the rules are its own. */
export function requireFittingParties(parties: Parties, constraints: GrantConstraints | undefined, partition: string) {
  const { GranteePrincipal, GranteeServicePrincipal, RetiringPrincipal, RetiringServicePrincipal } = parties
  if ((GranteePrincipal === undefined) === (GranteeServicePrincipal === undefined)) {
    throw validationError('You must specify either GranteePrincipal or GranteeServicePrincipal, but not both.')
  }
  if (RetiringPrincipal !== undefined && RetiringServicePrincipal !== undefined) {
    throw validationError('You can specify either RetiringPrincipal or RetiringServicePrincipal, but not both.')
  }
  if (GranteeServicePrincipal !== undefined) {
    if (constraints?.SourceArn === undefined) {
      throw validationError(
        'When you specify a GranteeServicePrincipal, you must also specify a SourceArn grant constraint.',
      )
    }
    if (RetiringPrincipal === undefined && RetiringServicePrincipal === undefined) {
      throw validationError(
        'When you specify a GranteeServicePrincipal, you must specify either a RetiringPrincipal or a RetiringServicePrincipal.',
      )
    }
  }
  for (const principal of [GranteePrincipal, RetiringPrincipal]) {
    if (principal !== undefined) requirePrincipal(principal, partition)
  }
}

/** An account, a user, a role, an assumed role or a federated user; no group, service or organization. */
const PRINCIPAL =
  /^arn:([^:]+):(iam::\d{12}:(root|(user|role)\/.+)|sts::\d{12}:(assumed-role\/[^/]+\/.+|federated-user\/.+))$/

/** KMS also looks whether the principal exists, which the emulator cannot know. */
export function requirePrincipal(principal: string, partition: string): void {
  if (PRINCIPAL.exec(principal)?.[1] !== partition) throw invalidPrincipal(principal)
}

/** Unconfirmed: the text; the exception is the one users report for a role that KMS does not see yet. */
const invalidPrincipal = (principal: string) =>
  new KmsError('InvalidArnException', `${principal} does not refer to a valid principal.`)

const ON_ANY_KEY: readonly GrantOperation[] = ['CreateGrant', 'RetireGrant', 'DescribeKey']
const ASYMMETRIC_ENCRYPTION: readonly GrantOperation[] = [
  'Encrypt',
  'Decrypt',
  'ReEncryptFrom',
  'ReEncryptTo',
  'GetPublicKey',
]
const SYMMETRIC_ENCRYPTION: readonly GrantOperation[] = [
  'Encrypt',
  'Decrypt',
  'ReEncryptFrom',
  'ReEncryptTo',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
]
const BY_USAGE: Record<KeyUsage, readonly GrantOperation[]> = {
  ENCRYPT_DECRYPT: ASYMMETRIC_ENCRYPTION,
  SIGN_VERIFY: ['Sign', 'Verify', 'GetPublicKey'],
  GENERATE_VERIFY_MAC: ['GenerateMac', 'VerifyMac'],
  KEY_AGREEMENT: ['DeriveSharedSecret', 'GetPublicKey'],
  ENCAPSULATE_DECAPSULATE: ['Encapsulate', 'Decapsulate', 'GetPublicKey'],
}

/** A grant allows only what its key can do, and not merely the making of other grants. */
export function requireFittingOperations({ arn, family }: Key, operations: readonly GrantOperation[]): void {
  if (operations.length === 0) throw noOperations()
  // Text as reported by a user of KMS: https://github.com/ansible/ansible/pull/31960
  if (operations.every((operation) => operation === 'CreateGrant')) {
    throw validationError('Grants must not contain only the CreateGrant operation.')
  }
  const possible = isSymmetric(family.keySpec) ? SYMMETRIC_ENCRYPTION : BY_USAGE[family.keyUsage]
  const impossible = operations.find((each) => !possible.includes(each) && !ON_ANY_KEY.includes(each))
  if (impossible !== undefined) throw operationNotSupported(impossible, arn)
}

/** Unconfirmed: the text. */
const operationNotSupported = (operation: GrantOperation, arn: string) =>
  validationError(`Operation ${operation} is not supported by key ${arn}.`)

/** Unconfirmed: the model sets no least number. */
const noOperations = () => validationError('A grant must contain at least one operation.')

/** Unconfirmed: the texts. */
export function requireFittingConstraints({ arn, family }: Key, constraints: GrantConstraints = {}): void {
  const { EncryptionContextEquals, EncryptionContextSubset } = constraints
  if (EncryptionContextEquals && EncryptionContextSubset) {
    throw validationError('More than one constraint supplied') // as the sources of hashicorp/aws quote KMS
  }
  const pairs = EncryptionContextEquals ?? EncryptionContextSubset
  if (!pairs) return
  if (!isSymmetric(family.keySpec)) {
    throw validationError(`Encryption context grant constraints are not supported on key ${arn}.`)
  }
  if (Object.keys(pairs).length > MAX_PAIRS || Object.values(pairs).some((value) => value.length > MAX_VALUE_LENGTH)) {
    throw constraintTooLong()
  }
}

/**
 * Unconfirmed: the exception, which is the one CreateGrant documents for a length constraint; and that the documented
 * 384 characters are those of one value.
 */
const constraintTooLong = () =>
  limitExceeded(
    `An encryption context grant constraint can include up to ${MAX_PAIRS} pairs, with values of up to ${MAX_VALUE_LENGTH} characters.`,
  )

/** Unconfirmed: the text. */
export function requireRoomForGrant(store: Store, key: Key): void {
  if (store.countOfGrants(key) >= MAX_GRANTS_OF_A_KEY) {
    throw limitExceeded(`${key.arn} already has ${MAX_GRANTS_OF_A_KEY} grants.`)
  }
}

/** The grant of a key that a request names by its id. */
export function grantNamed({ store }: Context, key: Key, grantId: string): Grant {
  requireGrantId(grantId)
  const grant = store.grant(key.region, grantId)
  if (grant?.keyArn !== key.arn) throw grantNotFound()
  return grant
}

/** The grant that a token stands for. */
export function grantOfToken({ store, region }: Context, token: string): Grant {
  const grantId = grantIdOfToken(token)
  if (grantId === undefined) throw invalidGrantToken()
  const grant = store.grant(region, grantId)
  if (!grant) throw grantNotFound()
  return grant
}

/** Unconfirmed: the text. */
export const invalidGrantToken = () => new KmsError('InvalidGrantTokenException', 'Invalid grant token')

/** Unconfirmed: the text, and which ids KMS takes for no ids at all. */
export function requireGrantId(grantId: string): void {
  if (!/^[0-9a-f]{64}$/.test(grantId)) throw new KmsError('InvalidGrantIdException', 'Invalid grant ID')
}

/** Unconfirmed: the exception for a grant that was retired or revoked before, and its text. */
const grantNotFound = () => new KmsError('NotFoundException', 'The grant does not exist.')
