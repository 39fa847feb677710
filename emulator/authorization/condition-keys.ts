// The condition keys of a request: what policies may ask about the caller, the key and the parameters.
// Source: KMS Developer Guide, "Condition keys for AWS KMS"; IAM User Guide, "AWS global condition context keys".

import { type Caller, userIdOf } from '../doors/callers.ts'
import { DAY_MS, isPrimary, type Key, type Tag } from '../keys/family.ts'
import { trackedSince } from '../keys/key-usage.ts'
import { isJsonObject, type JsonObject } from '../wire/validation.ts'

/** By name. Keys that have several values are lists, even of one; a key without a value is not there. */
export type ConditionKeys = Record<string, string | string[]>

/** What condition keys tell of a key, be it there or still to be made. */
export type KeyTraits = {
  keySpec: string
  keyUsage: string
  origin: string
  multiRegion: boolean
  isPrimary: boolean
  tags: readonly Tag[]
  aliases: readonly string[]
  /** Days without use; a key still to be made has none. */
  unusedDays?: number
}

export function traitsOf(key: Key, aliases: readonly string[], now: number): KeyTraits {
  const { keySpec, keyUsage, origin, multiRegion } = key.family
  return {
    keySpec,
    keyUsage,
    origin,
    multiRegion,
    isPrimary: isPrimary(key),
    tags: key.tags,
    aliases,
    unusedDays: daysWithoutUse(key, now),
  }
}

/** Unconfirmed: that days are counted in full, and from the beginning of tracking for a key that was never used. */
function daysWithoutUse(key: Key, now: number): number {
  return Math.floor((now - (key.lastUsage?.at ?? trackedSince(key))) / DAY_MS)
}

export function keysOfCaller({ arn, account }: Caller): ConditionKeys {
  const resource = arn.slice(arn.lastIndexOf(':') + 1)
  const kind = resource.split('/', 1)[0] ?? ''
  return {
    'aws:PrincipalArn': principalArnOf(arn, resource),
    'aws:PrincipalAccount': account,
    'aws:PrincipalType': PRINCIPAL_TYPES[kind] ?? 'Account',
    'aws:userid': userIdOf({ arn, account }),
    ...(kind === 'user' ? { 'aws:username': resource.slice(resource.lastIndexOf('/') + 1) } : {}),
    'kms:CallerAccount': account,
  }
}

const PRINCIPAL_TYPES: Record<string, string> = {
  user: 'User',
  role: 'AssumedRole',
  'assumed-role': 'AssumedRole',
  'federated-user': 'FederatedUser',
}

/** The session of a role is asked about as that role; its ARN does not tell the path of the role. */
function principalArnOf(arn: string, resource: string): string {
  const [kind, role] = resource.split('/')
  if (kind !== 'assumed-role') return arn
  return arn.replace(':sts:', ':iam:').replace(resource, `role/${role}`)
}

/** KMS takes requests over TLS only, and none here is made by a service on behalf of the caller. */
export function keysOfMoment(now: number, region: string): ConditionKeys {
  return {
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1000)),
    'aws:RequestedRegion': region,
    'aws:SecureTransport': 'true',
    'aws:ViaAWSService': 'false',
    'aws:PrincipalIsAWSService': 'false',
  }
}

export function keysOfKey(action: string, traits: KeyTraits): ConditionKeys {
  const keys: ConditionKeys = {
    'kms:KeySpec': traits.keySpec,
    'kms:KeyUsage': traits.keyUsage,
    'kms:KeyOrigin': traits.origin,
    'kms:MultiRegion': String(traits.multiRegion),
  }
  if (traits.multiRegion) keys['kms:MultiRegionKeyType'] = traits.isPrimary ? 'PRIMARY' : 'REPLICA'
  if (traits.aliases.length > 0) keys['kms:ResourceAliases'] = [...traits.aliases]
  if (traits.unusedDays !== undefined && (action === 'DisableKey' || action === 'ScheduleKeyDeletion')) {
    keys['kms:TrailingDaysWithoutKeyUsage'] = String(traits.unusedDays)
  }
  for (const { TagKey, TagValue } of traits.tags) keys[`aws:ResourceTag/${TagKey}`] = TagValue
  return keys
}

type Row = { key: string; actions: readonly string[]; of: (request: JsonObject) => unknown }

const member = (name: string, otherwise?: unknown) => (request: JsonObject) => request[name] ?? otherwise
const row = (key: string, actions: string, of: Row['of']): Row => ({ key, actions: actions.split(' '), of })

const DATA_KEYS =
  'GenerateDataKey GenerateDataKeyWithoutPlaintext GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext'

const ROWS: readonly Row[] = [
  row('kms:ReplicaRegion', 'ReplicateKey', member('ReplicaRegion')),
  row('kms:PrimaryRegion', 'UpdatePrimaryRegion', member('PrimaryRegion')),
  row('kms:BypassPolicyLockoutSafetyCheck', 'CreateKey PutKeyPolicy', member('BypassPolicyLockoutSafetyCheck', false)),
  row('kms:RotationPeriodInDays', 'EnableKeyRotation', rotationPeriod),
  row('kms:ScheduleKeyDeletionPendingWindowInDays', 'ScheduleKeyDeletion', pendingWindow),
  row('kms:EncryptionAlgorithm', 'Encrypt Decrypt', member('EncryptionAlgorithm', 'SYMMETRIC_DEFAULT')),
  row('kms:EncryptionAlgorithm', 'ReEncryptFrom', member('SourceEncryptionAlgorithm', 'SYMMETRIC_DEFAULT')),
  row('kms:EncryptionAlgorithm', 'ReEncryptTo', member('DestinationEncryptionAlgorithm', 'SYMMETRIC_DEFAULT')),
  row('kms:EncryptionAlgorithm', DATA_KEYS, () => 'SYMMETRIC_DEFAULT'),
  row('kms:SigningAlgorithm', 'Sign Verify', member('SigningAlgorithm')),
  row('kms:MessageType', 'Sign Verify', member('MessageType', 'RAW')),
  row('kms:MacAlgorithm', 'GenerateMac VerifyMac', member('MacAlgorithm')),
  row('kms:DataKeyPairSpec', 'GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext', member('KeyPairSpec')),
  row('kms:KeyAgreementAlgorithm', 'DeriveSharedSecret', member('KeyAgreementAlgorithm')),
  row('kms:WrappingAlgorithm', 'GetParametersForImport', member('WrappingAlgorithm')),
  row('kms:WrappingKeySpec', 'GetParametersForImport', member('WrappingKeySpec')),
  row('kms:ExpirationModel', 'ImportKeyMaterial', member('ExpirationModel', 'KEY_MATERIAL_EXPIRES')),
  row('kms:ValidTo', 'ImportKeyMaterial', member('ValidTo')),
  row('kms:GrantIsForAWSResource', 'CreateGrant ListGrants RevokeGrant', () => false),
  row('kms:GrantOperations', 'CreateGrant', member('Operations')),
  row('kms:GranteePrincipal', 'CreateGrant', member('GranteePrincipal')),
  row('kms:RetiringPrincipal', 'CreateGrant', member('RetiringPrincipal')),
  row('kms:GranteeServicePrincipal', 'CreateGrant', member('GranteeServicePrincipal')),
  row('kms:RetiringServicePrincipal', 'CreateGrant', member('RetiringServicePrincipal')),
  row('kms:GrantConstraintType', 'CreateGrant RetireGrant', (request) => contextConstraintOf(request)?.[0]),
  row('kms:GrantConstraintSourceArn', 'CreateGrant', ({ Constraints }) =>
    isJsonObject(Constraints) ? Constraints.SourceArn : undefined,
  ),
  row('aws:TagKeys', 'CreateKey TagResource', ({ Tags }) => tagsOf(Tags)?.map(({ TagKey }) => TagKey)),
  row('aws:TagKeys', 'UntagResource', member('TagKeys')),
]

/** Unconfirmed: whether the default counts as the value when the request does not say a period, or a window below. */
function rotationPeriod({ RotationPeriodInDays }: JsonObject): unknown {
  return RotationPeriodInDays ?? 365
}

function pendingWindow({ PendingWindowInDays }: JsonObject): unknown {
  return PendingWindowInDays ?? 30
}

/** The member of a request that holds the encryption context of an action. */
const CONTEXT_MEMBERS: Record<string, string> = Object.fromEntries([
  ...`Encrypt Decrypt ${DATA_KEYS}`.split(' ').map((action) => [action, 'EncryptionContext']),
  ['ReEncryptFrom', 'SourceEncryptionContext'],
  ['ReEncryptTo', 'DestinationEncryptionContext'],
])

/** The condition keys that the parameters of a checked request give one action. */
export function keysOfRequest(action: string, request: JsonObject): ConditionKeys {
  const keys: ConditionKeys = {}
  for (const { key, actions, of } of ROWS) {
    const value = actions.includes(action) ? textOf(of(request)) : undefined
    if (value !== undefined) keys[key] = value
  }
  if (action === 'CreateKey' || action === 'TagResource') {
    for (const { TagKey, TagValue } of tagsOf(request.Tags) ?? []) keys[`aws:RequestTag/${TagKey}`] = TagValue
  }
  return { ...keys, ...keysOfEncryptionContext(encryptionContextOf(action, request)) }
}

/** The encryption context of an action; where a grant is made or retired, that of its constraint. */
export function encryptionContextOf(action: string, request: JsonObject): Record<string, string> | undefined {
  const name = CONTEXT_MEMBERS[action]
  const isOfGrant = action === 'CreateGrant' || action === 'RetireGrant'
  const context = isOfGrant ? contextConstraintOf(request)?.[1] : name && request[name]
  return isJsonObject(context) ? (context as Record<string, string>) : undefined
}

function keysOfEncryptionContext(context: Record<string, string> = {}): ConditionKeys {
  const keys: ConditionKeys = {}
  for (const [name, value] of Object.entries(context)) keys[`kms:EncryptionContext:${name}`] = value
  const names = Object.keys(context)
  return names.length > 0 ? { ...keys, 'kms:EncryptionContextKeys': names } : keys
}

function contextConstraintOf({ Constraints }: JsonObject): [type: string, context: unknown] | undefined {
  if (!isJsonObject(Constraints)) return undefined
  const types = ['EncryptionContextEquals', 'EncryptionContextSubset'] as const
  const type = types.find((each) => Constraints[each] !== undefined)
  return type && [type, Constraints[type]]
}

/** The request has been checked by now, so that a list of tags is one. */
const tagsOf = (tags: unknown) => (Array.isArray(tags) ? (tags as Tag[]) : undefined)

function textOf(value: unknown): string | string[] | undefined {
  if (value === undefined || value === null) return undefined
  if (Array.isArray(value)) return value.map(String)
  return value instanceof Date ? value.toISOString() : String(value)
}
