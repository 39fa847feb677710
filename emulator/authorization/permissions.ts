// What each operation must be allowed before it happens: which action, on which resource, in which Region. Data only;
// authorization.ts asks the policies. Sources: KMS Developer Guide, "AWS KMS permissions"; API Reference, "Required
// permissions" of each operation.

/** A member of a request that names a key. */
export type KeyMember = 'KeyId' | 'TargetKeyId' | 'SourceKeyId' | 'DestinationKeyId'

/** A member of a request that names another Region, in which the action is then asked for. */
export type RegionMember = 'ReplicaRegion' | 'PrimaryRegion'

export type Resource =
  /** No resource: identity policies decide alone, and their Resource must be "*". */
  | { kind: 'account'; in?: RegionMember }
  /** A key that is still to be made, so that no key policy can speak for it. */
  | { kind: 'new key'; in?: RegionMember }
  /** The alias named by AliasName: identity policies decide alone. */
  | { kind: 'alias' }
  /** The key that the alias named by AliasName points to now. */
  | { kind: 'key of the alias' }
  /** A key, by key ID or ARN. */
  | { kind: 'key'; named: KeyMember }
  /** A key, by an alias too. */
  | { kind: 'key or alias'; named: KeyMember }
  /** A key named as above, or when it is not named the one that the ciphertext names. */
  | { kind: 'key of the ciphertext'; named: KeyMember }
  /** The related key in another Region. */
  | { kind: 'related key'; in: RegionMember }
  /** A grant, which says itself who may retire it. */
  | { kind: 'grant' }

export type Permission = {
  /** Without the prefix "kms:". */
  action: string
  on: Resource
  /** Asked for only when the request has this member. */
  onlyWith?: string
}

const onAccount = (action: string): Permission => ({ action, on: { kind: 'account' } })
const onKey = (action: string): Permission => ({ action, on: { kind: 'key', named: 'KeyId' } })
const onKeyOrAlias = (action: string): Permission => ({ action, on: { kind: 'key or alias', named: 'KeyId' } })
const onAlias = (action: string): Permission => ({ action, on: { kind: 'alias' } })
const onKeyOfAlias = (action: string): Permission => ({ action, on: { kind: 'key of the alias' } })
const onTargetKey = (action: string): Permission => ({ action, on: { kind: 'key', named: 'TargetKeyId' } })

export const PERMISSIONS: Readonly<Record<string, readonly Permission[]>> = {
  CreateKey: [onAccount('CreateKey'), { action: 'TagResource', on: { kind: 'new key' }, onlyWith: 'Tags' }],
  DescribeKey: [onKeyOrAlias('DescribeKey')],
  ListKeys: [onAccount('ListKeys')],
  EnableKey: [onKey('EnableKey')],
  DisableKey: [onKey('DisableKey')],
  UpdateKeyDescription: [onKey('UpdateKeyDescription')],
  ScheduleKeyDeletion: [onKey('ScheduleKeyDeletion')],
  CancelKeyDeletion: [onKey('CancelKeyDeletion')],
  GetKeyLastUsage: [onKey('GetKeyLastUsage')],

  ReplicateKey: [
    onKey('ReplicateKey'),
    { action: 'CreateKey', on: { kind: 'account', in: 'ReplicaRegion' } },
    { action: 'TagResource', on: { kind: 'new key', in: 'ReplicaRegion' }, onlyWith: 'Tags' },
  ],
  UpdatePrimaryRegion: [
    onKey('UpdatePrimaryRegion'),
    { action: 'UpdatePrimaryRegion', on: { kind: 'related key', in: 'PrimaryRegion' } },
  ],

  CreateAlias: [onAlias('CreateAlias'), onTargetKey('CreateAlias')],
  UpdateAlias: [onAlias('UpdateAlias'), onKeyOfAlias('UpdateAlias'), onTargetKey('UpdateAlias')],
  DeleteAlias: [onAlias('DeleteAlias'), onKeyOfAlias('DeleteAlias')],
  ListAliases: [onAccount('ListAliases')],

  GetKeyPolicy: [onKey('GetKeyPolicy')],
  PutKeyPolicy: [onKey('PutKeyPolicy')],
  ListKeyPolicies: [onKey('ListKeyPolicies')],
  TagResource: [onKey('TagResource')],
  UntagResource: [onKey('UntagResource')],
  ListResourceTags: [onKey('ListResourceTags')],

  CreateGrant: [onKey('CreateGrant')],
  ListGrants: [onKey('ListGrants')],
  RevokeGrant: [onKey('RevokeGrant')],
  RetireGrant: [{ action: 'RetireGrant', on: { kind: 'grant' } }],
  ListRetirableGrants: [onAccount('ListRetirableGrants')],

  EnableKeyRotation: [onKey('EnableKeyRotation')],
  DisableKeyRotation: [onKey('DisableKeyRotation')],
  GetKeyRotationStatus: [onKey('GetKeyRotationStatus')],
  RotateKeyOnDemand: [onKey('RotateKeyOnDemand')],
  ListKeyRotations: [onKey('ListKeyRotations')],

  GetParametersForImport: [onKey('GetParametersForImport')],
  ImportKeyMaterial: [onKey('ImportKeyMaterial')],
  DeleteImportedKeyMaterial: [onKey('DeleteImportedKeyMaterial')],

  Encrypt: [onKeyOrAlias('Encrypt')],
  Decrypt: [{ action: 'Decrypt', on: { kind: 'key of the ciphertext', named: 'KeyId' } }],
  ReEncrypt: [
    { action: 'ReEncryptFrom', on: { kind: 'key of the ciphertext', named: 'SourceKeyId' } },
    { action: 'ReEncryptTo', on: { kind: 'key or alias', named: 'DestinationKeyId' } },
  ],
  GenerateDataKey: [onKeyOrAlias('GenerateDataKey')],
  GenerateDataKeyWithoutPlaintext: [onKeyOrAlias('GenerateDataKeyWithoutPlaintext')],
  GenerateDataKeyPair: [onKeyOrAlias('GenerateDataKeyPair')],
  GenerateDataKeyPairWithoutPlaintext: [onKeyOrAlias('GenerateDataKeyPairWithoutPlaintext')],
  GenerateRandom: [onAccount('GenerateRandom')],
  GenerateMac: [onKeyOrAlias('GenerateMac')],
  VerifyMac: [onKeyOrAlias('VerifyMac')],
  Sign: [onKeyOrAlias('Sign')],
  Verify: [onKeyOrAlias('Verify')],
  GetPublicKey: [onKeyOrAlias('GetPublicKey')],
  DeriveSharedSecret: [onKeyOrAlias('DeriveSharedSecret')],
  Encapsulate: [onKeyOrAlias('Encapsulate')],
  Decapsulate: [onKeyOrAlias('Decapsulate')],

  ConnectCustomKeyStore: [onAccount('ConnectCustomKeyStore')],
  CreateCustomKeyStore: [onAccount('CreateCustomKeyStore')],
  DeleteCustomKeyStore: [onAccount('DeleteCustomKeyStore')],
  DescribeCustomKeyStores: [onAccount('DescribeCustomKeyStores')],
  DisconnectCustomKeyStore: [onAccount('DisconnectCustomKeyStore')],
  UpdateCustomKeyStore: [onAccount('UpdateCustomKeyStore')],
}

/** The actions that a key policy can allow to a caller of another account, who names the key by an ARN. */
const CROSS_ACCOUNT_ACTIONS: ReadonlySet<string> = new Set([
  'DescribeKey',
  'GetPublicKey',
  'CreateGrant',
  'ListGrants',
  'RevokeGrant',
  'RetireGrant',
  'Encrypt',
  'Decrypt',
  'ReEncryptFrom',
  'ReEncryptTo',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateMac',
  'VerifyMac',
  'Sign',
  'Verify',
  'DeriveSharedSecret',
  'Encapsulate',
  'Decapsulate',
])

/** Whether an operation may name a key of another account at all. */
export const reachesOtherAccounts = (operation: string) =>
  (PERMISSIONS[operation] ?? []).some(({ action }) => CROSS_ACCOUNT_ACTIONS.has(action))
