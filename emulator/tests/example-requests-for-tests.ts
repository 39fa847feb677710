// One request of each operation that succeeds, with the keys it needs: what tests begin from that go through all of them.

import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto'
import type { JsonObject } from '../wire/validation.ts'
import { ACCOUNT } from './test-emulator.ts'

/** Calls that must succeed; answers the body. */
export type Caller = (operation: string, body: JsonObject) => Promise<JsonObject>

export type Example = { operation: string; body: JsonObject }

const REGIONS = { here: 'us-east-1', there: 'eu-west-1', elsewhere: 'ap-south-1' }
const PRINCIPAL = `arn:aws:iam::${ACCOUNT}:role/Application`
const DEFAULT_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }],
})

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64')
const Message = base64('a message')
const Plaintext = base64('a secret')
const EncryptionContext = { tenant: 'a', purpose: 'test' }
const Signing = { Message, SigningAlgorithm: 'ECDSA_SHA_256', MessageType: 'RAW' }
const Mac = { Message, MacAlgorithm: 'HMAC_SHA_256' }

/** Refused by this emulator whatever they say. */
export const UNSUPPORTED = [
  'ConnectCustomKeyStore',
  'CreateCustomKeyStore',
  'DeleteCustomKeyStore',
  'DescribeCustomKeyStores',
  'DisconnectCustomKeyStore',
  'UpdateCustomKeyStore',
]

/** The examples, each of which succeeds once, in any order. `settle` lets pass what takes its time. */
export async function exampleRequests(call: Caller, settle: () => void): Promise<Example[]> {
  const newKey = async (input: JsonObject = {}) => {
    const { KeyMetadata } = await call('CreateKey', input)
    return (KeyMetadata as { KeyId: string }).KeyId
  }
  const newFamily = async (input: JsonObject = {}) => {
    const KeyId = await newKey({ MultiRegion: true, ...input })
    await call('ReplicateKey', { KeyId, ReplicaRegion: REGIONS.there })
    settle()
    return KeyId
  }
  const KeyId = await newFamily()
  const signer = await newKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
  const mac = await newKey({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
  const agreement = await newKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' })
  const kem = await newKey({ KeySpec: 'ML_KEM_768', KeyUsage: 'ENCAPSULATE_DECAPSULATE' })

  const { CiphertextBlob } = await call('Encrypt', { KeyId, Plaintext, EncryptionContext })
  const { Signature } = await call('Sign', { KeyId: signer, ...Signing })
  const made = await call('GenerateMac', { KeyId: mac, ...Mac })
  const { PublicKey } = await call('GetPublicKey', { KeyId: agreement })
  const encapsulated = await call('Encapsulate', { KeyId: kem, EncapsulationAlgorithm: 'ML_KEM' })

  const pending = await newKey()
  await call('ScheduleKeyDeletion', { KeyId: pending, PendingWindowInDays: 7 })
  await call('CreateAlias', { AliasName: 'alias/moves', TargetKeyId: KeyId })
  await call('CreateAlias', { AliasName: 'alias/goes', TargetKeyId: KeyId })

  const grant = { KeyId, GranteePrincipal: PRINCIPAL, RetiringPrincipal: PRINCIPAL, Operations: ['Encrypt', 'Decrypt'] }
  const toRevoke = await call('CreateGrant', grant)
  const toRetire = await call('CreateGrant', grant)
  const toUse = await call('CreateGrant', grant)

  const external = await newKey({ Origin: 'EXTERNAL' })
  const emptied = await newKey({ Origin: 'EXTERNAL' })
  const wrapping = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' }
  const parameters = await call('GetParametersForImport', { KeyId: external, ...wrapping })
  const ImportKeyMaterial = {
    KeyId: external,
    ImportToken: parameters.ImportToken,
    EncryptedKeyMaterial: base64(wrapped(parameters.PublicKey)),
    ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    ImportType: 'NEW_KEY_MATERIAL',
    KeyMaterialDescription: 'first',
  }

  const page = { Limit: 2 }
  const Tags = [
    { TagKey: 'team', TagValue: 'payments' },
    { TagKey: 'stage', TagValue: '' },
  ]
  const examples: Record<string, JsonObject> = {
    CancelKeyDeletion: { KeyId: pending },
    CreateAlias: { AliasName: 'alias/new', TargetKeyId: KeyId },
    CreateGrant: {
      ...grant,
      Name: 'once',
      Constraints: { EncryptionContextSubset: EncryptionContext },
      GrantTokens: [toUse.GrantToken],
    },
    CreateKey: {
      Description: 'a key',
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyUsage: 'ENCRYPT_DECRYPT',
      Origin: 'AWS_KMS',
      MultiRegion: true,
      BypassPolicyLockoutSafetyCheck: false,
      Policy: DEFAULT_POLICY,
      Tags,
    },
    Decapsulate: {
      KeyId: kem,
      EncapsulationAlgorithm: 'ML_KEM',
      SharedSecretCiphertextBlob: encapsulated.SharedSecretCiphertextBlob,
    },
    Decrypt: { KeyId, CiphertextBlob, EncryptionContext, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' },
    DeleteAlias: { AliasName: 'alias/goes' },
    DeleteImportedKeyMaterial: { KeyId: emptied },
    DeriveSharedSecret: { KeyId: agreement, KeyAgreementAlgorithm: 'ECDH', PublicKey },
    DescribeKey: { KeyId, GrantTokens: [toUse.GrantToken] },
    DisableKey: { KeyId: await newKey() },
    DisableKeyRotation: { KeyId: await newKey() },
    EnableKey: { KeyId: await newKey() },
    EnableKeyRotation: { KeyId: await newKey(), RotationPeriodInDays: 90 },
    Encapsulate: { KeyId: kem, EncapsulationAlgorithm: 'ML_KEM' },
    Encrypt: { KeyId: 'alias/moves', Plaintext, EncryptionContext, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' },
    GenerateDataKey: { KeyId, NumberOfBytes: 64, EncryptionContext },
    GenerateDataKeyPair: { KeyId, KeyPairSpec: 'ECC_NIST_P256', EncryptionContext },
    GenerateDataKeyPairWithoutPlaintext: { KeyId, KeyPairSpec: 'ECC_NIST_P384' },
    GenerateDataKeyWithoutPlaintext: { KeyId, KeySpec: 'AES_256' },
    GenerateMac: { KeyId: mac, ...Mac },
    GenerateRandom: { NumberOfBytes: 32 },
    GetKeyLastUsage: { KeyId },
    GetKeyPolicy: { KeyId, PolicyName: 'default' },
    GetKeyRotationStatus: { KeyId },
    GetParametersForImport: { KeyId: external, ...wrapping },
    GetPublicKey: { KeyId: signer },
    ImportKeyMaterial,
    ListAliases: { KeyId, ...page },
    ListGrants: { KeyId, GranteePrincipal: PRINCIPAL, ...page },
    ListKeyPolicies: { KeyId, ...page },
    ListKeyRotations: { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL', ...page },
    ListKeys: page,
    ListResourceTags: { KeyId, ...page },
    ListRetirableGrants: { RetiringPrincipal: PRINCIPAL, ...page },
    PutKeyPolicy: { KeyId, PolicyName: 'default', Policy: DEFAULT_POLICY, BypassPolicyLockoutSafetyCheck: true },
    ReEncrypt: {
      CiphertextBlob,
      SourceKeyId: KeyId,
      SourceEncryptionContext: EncryptionContext,
      DestinationKeyId: await newKey(),
      DestinationEncryptionContext: { other: 'context' },
      SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    },
    ReplicateKey: {
      KeyId,
      ReplicaRegion: REGIONS.elsewhere,
      Description: 'a replica',
      Policy: DEFAULT_POLICY,
      BypassPolicyLockoutSafetyCheck: false,
      Tags,
    },
    RetireGrant: { KeyId, GrantId: toRetire.GrantId },
    RevokeGrant: { KeyId, GrantId: toRevoke.GrantId },
    RotateKeyOnDemand: { KeyId: await newKey() },
    ScheduleKeyDeletion: { KeyId: await newKey(), PendingWindowInDays: 7 },
    Sign: { KeyId: signer, ...Signing },
    TagResource: { KeyId, Tags },
    UntagResource: { KeyId, TagKeys: ['stage', 'unknown'] },
    UpdateAlias: { AliasName: 'alias/moves', TargetKeyId: await newKey() },
    UpdateKeyDescription: { KeyId, Description: 'another' },
    UpdatePrimaryRegion: { KeyId: await newFamily(), PrimaryRegion: REGIONS.there },
    Verify: { KeyId: signer, ...Signing, Signature },
    VerifyMac: { KeyId: mac, ...Mac, Mac: made.Mac },
  }
  return Object.entries(examples).map(([operation, body]) => ({ operation, body }))
}

function wrapped(PublicKey: unknown): Buffer {
  const key = createPublicKey({ key: Buffer.from(String(PublicKey), 'base64'), format: 'der', type: 'spki' })
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, randomBytes(32))
}
