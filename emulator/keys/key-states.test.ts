// The key-state matrix, cell by cell, over the wire. The expectation is the published table, not the one under test.

import { generateKeyPairSync, randomBytes } from 'node:crypto'
import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateGrantCommand,
  type CreateGrantCommandInput,
  CreateKeyCommand,
  DecapsulateCommand,
  DecryptCommand,
  DeleteAliasCommand,
  DeleteImportedKeyMaterialCommand,
  DeriveSharedSecretCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncapsulateCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyPairCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateMacCommand,
  GetKeyLastUsageCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  GetPublicKeyCommand,
  ImportKeyMaterialCommand,
  type ImportKeyMaterialCommandInput,
  type KeySpec,
  type KeyUsageType,
  type KMSClient,
  ListAliasesCommand,
  ListGrantsCommand,
  ListKeyPoliciesCommand,
  ListKeyRotationsCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  ReplicateKeyCommand,
  RetireGrantCommand,
  RevokeGrantCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateKeyDescriptionCommand,
  UpdatePrimaryRegionCommand,
  VerifyCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { importWith, parametersFor, wrap } from '../tests/import-for-tests.ts'
import { ACCOUNT, emulate, refusal } from '../tests/test-emulator.ts'
import type { KeyState } from './family.ts'

/**
 * Rows of "Key states of AWS KMS keys" in the developer guide; the numbers are its footnotes. Unconfirmed: those of
 * Encapsulate, Decapsulate and GetKeyLastUsage, which the guide does not have.
 */
const TABLE = `
| DescribeKey, GetKeyPolicy, PutKeyPolicy, ListAliases, DeleteAlias, ListKeyPolicies, ListResourceTags | ok | ok | ok | ok | ok | ok | ok |
| ListGrants, RetireGrant, RevokeGrant | ok | ok | ok | ok | ok | ok | ok |
| CreateGrant | ok | 1 | 3 | 5 | ok | 14 | ok |
| CreateAlias, TagResource, UntagResource, UpdateKeyDescription | ok | ok | 3 | ok | ok | ok | ok |
| UpdateAlias | ok | ok | 10 | ok | ok | ok | ok |
| EnableKey, DisableKey | ok | ok | 3 | 5 | ok | 14 | 15 |
| ScheduleKeyDeletion | ok | ok | 3 | ok | ok | ok | 15 |
| CancelKeyDeletion | 4 | 4 | ok | 4 | 4 | 4 | 4 |
| Encrypt, Decrypt, ReEncrypt, GenerateDataKey, GenerateDataKeyWithoutPlaintext | ok | 1 | 3 | 5 | 11 | 14 | ok |
| GenerateDataKeyPair, GenerateDataKeyPairWithoutPlaintext | ok | 1 | 3 | 5 | 7 | 14 | ok |
| GenerateMac, VerifyMac, Sign, Verify, DeriveSharedSecret | ok | 1 | 3 | 5 | 11 | 14 | ok |
| Encapsulate, Decapsulate | ok | 1 | 3 | 5 | 11 | 14 | ok |
| GetKeyLastUsage | ok | ok | ok | ok | ok | ok | ok |
| GetPublicKey | ok | ok | 3 | ok | 11 | 14 | ok |
| ReplicateKey | ok | 1 | 3 | 5 | 11 | 14 | 15 |
| UpdatePrimaryRegion | ok | 1 | 3 | 5 | 11 | 14 | ok |
| EnableKeyRotation, DisableKeyRotation | ok | 1 | 3 | 6 | 7 | 14 | ok |
| GetKeyRotationStatus | ok | ok | ok | 6 | 7 | ok | ok |
| ListKeyRotations | ok | ok | ok | ok | 7 | ok | ok |
| RotateKeyOnDemand | ok | 1 | 3 | 5 | 7 | 14 | ok |
| GetParametersForImport | ok (9) | ok (9) | 8 or 9 | ok | 9 | 14 | 15 |
| ImportKeyMaterial | ok (9) | ok (9) | 9 | ok | 9 | 14 | ok |
| DeleteImportedKeyMaterial | ok (9) | ok (9) | ok (9) | ok | – | 14 | 15 |
`

const COLUMNS: KeyState[][] = [
  ['Enabled'],
  ['Disabled'],
  ['PendingDeletion', 'PendingReplicaDeletion'],
  ['PendingImport'],
  ['Unavailable'],
  ['Creating'],
  ['Updating'],
]

const FOOTNOTES: Record<string, (arn: string) => string> = {
  '1': (arn) => `DisabledException: ${arn} is disabled.`,
  '3': (arn) => `KMSInvalidStateException: ${arn} is pending deletion (or pending replica deletion).`,
  '4': (arn) => `KMSInvalidStateException: ${arn} is not pending deletion (or pending replica deletion).`,
  '5': (arn) => `KMSInvalidStateException: ${arn} is pending import.`,
  '6': (arn) => `UnsupportedOperationException: ${arn} origin is EXTERNAL which is not valid for this operation.`,
  '7': (arn) => `UnsupportedOperationException: ${arn} origin is AWS_CLOUDHSM which is not valid for this operation.`,
  '8': (arn) => `KMSInvalidStateException: ${arn} is pending deletion (or pending replica deletion).`,
  '9': (arn) => `UnsupportedOperationException: ${arn} origin is AWS_KMS which is not valid for this operation.`,
  '10': (arn) => `KMSInvalidStateException: ${arn} is pending deletion.`,
  '11': (arn) => `KMSInvalidStateException: ${arn} is unavailable.`,
  '14': (arn) => `KMSInvalidStateException: ${arn} is creating.`,
  '15': (arn) => `KMSInvalidStateException: ${arn} is updating.`,
}

const CELLS = TABLE.trim()
  .split('\n')
  .flatMap((line) => {
    const [names = '', ...cells] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
    return names
      .split(', ')
      .flatMap((operation) =>
        cells.flatMap((cell, column) => (COLUMNS[column] ?? []).map((state) => ({ operation, state, cell }))),
      )
  })

/**
 * Footnotes 8 and 9 tell keys with imported material, the only ones that can be PendingImport, from all others, which
 * are refused in any state.
 */
const IMPORTING = ['GetParametersForImport', 'ImportKeyMaterial', 'DeleteImportedKeyMaterial']
const WITH_IMPORTED_MATERIAL: Record<string, string> = { 'ok (9)': 'ok', '8 or 9': '8', '9': 'ok' }
const CASES = CELLS.flatMap(({ operation, state, cell }) => {
  if (!IMPORTING.includes(operation)) return [{ operation, state, cell, origin: 'AWS_KMS' }]
  const others = { operation, state, cell: '9', origin: 'AWS_KMS' }
  const imported = { ...others, cell: WITH_IMPORTED_MATERIAL[cell] ?? cell, origin: 'EXTERNAL' }
  if (state === 'PendingImport') return [imported]
  return state === 'Unavailable' ? [others] : [imported, others]
})

type Subject = {
  KeyId: string
  GrantId: string | undefined
  ciphertext: Uint8Array
  signature: Uint8Array
  mac: Uint8Array
  material: Pick<ImportKeyMaterialCommandInput, 'ImportToken' | 'EncryptedKeyMaterial'>
}
const bytes = Buffer.from('x')
const peer = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey.export({ format: 'der', type: 'spki' })
const policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'kms:*', Resource: '*' }],
})

const grant: Omit<CreateGrantCommandInput, 'KeyId'> = {
  GranteePrincipal: `arn:aws:iam::${ACCOUNT}:role/App`,
  Operations: ['DescribeKey'],
}

const CALLS: Record<string, (kms: KMSClient, subject: Subject) => Promise<unknown>> = {
  DescribeKey: (kms, { KeyId }) => kms.send(new DescribeKeyCommand({ KeyId })),
  GetKeyPolicy: (kms, { KeyId }) => kms.send(new GetKeyPolicyCommand({ KeyId })),
  PutKeyPolicy: (kms, { KeyId }) => kms.send(new PutKeyPolicyCommand({ KeyId, Policy: policy })),
  ListAliases: (kms, { KeyId }) => kms.send(new ListAliasesCommand({ KeyId })),
  DeleteAlias: (kms) => kms.send(new DeleteAliasCommand({ AliasName: 'alias/subject' })),
  ListKeyPolicies: (kms, { KeyId }) => kms.send(new ListKeyPoliciesCommand({ KeyId })),
  ListResourceTags: (kms, { KeyId }) => kms.send(new ListResourceTagsCommand({ KeyId })),
  CreateGrant: (kms, { KeyId }) => kms.send(new CreateGrantCommand({ KeyId, ...grant })),
  ListGrants: (kms, { KeyId }) => kms.send(new ListGrantsCommand({ KeyId })),
  RetireGrant: (kms, { KeyId, GrantId }) => kms.send(new RetireGrantCommand({ KeyId, GrantId })),
  RevokeGrant: (kms, { KeyId, GrantId }) => kms.send(new RevokeGrantCommand({ KeyId, GrantId })),
  CreateAlias: (kms, { KeyId }) => kms.send(new CreateAliasCommand({ AliasName: 'alias/new', TargetKeyId: KeyId })),
  TagResource: (kms, { KeyId }) => kms.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'a', TagValue: 'b' }] })),
  UntagResource: (kms, { KeyId }) => kms.send(new UntagResourceCommand({ KeyId, TagKeys: ['a'] })),
  UpdateKeyDescription: (kms, { KeyId }) => kms.send(new UpdateKeyDescriptionCommand({ KeyId, Description: 'new' })),
  UpdateAlias: (kms, { KeyId }) => kms.send(new UpdateAliasCommand({ AliasName: 'alias/free', TargetKeyId: KeyId })),
  EnableKey: (kms, { KeyId }) => kms.send(new EnableKeyCommand({ KeyId })),
  DisableKey: (kms, { KeyId }) => kms.send(new DisableKeyCommand({ KeyId })),
  ScheduleKeyDeletion: (kms, { KeyId }) => kms.send(new ScheduleKeyDeletionCommand({ KeyId })),
  CancelKeyDeletion: (kms, { KeyId }) => kms.send(new CancelKeyDeletionCommand({ KeyId })),
  Encrypt: (kms, { KeyId }) => kms.send(new EncryptCommand({ KeyId, Plaintext: bytes })),
  Decrypt: (kms, { ciphertext }) => kms.send(new DecryptCommand({ CiphertextBlob: ciphertext })),
  ReEncrypt: (kms, { KeyId, ciphertext }) =>
    kms.send(new ReEncryptCommand({ CiphertextBlob: ciphertext, DestinationKeyId: KeyId })),
  GenerateDataKey: (kms, { KeyId }) => kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' })),
  GenerateDataKeyWithoutPlaintext: (kms, { KeyId }) =>
    kms.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: 'AES_256' })),
  GenerateDataKeyPair: (kms, { KeyId }) =>
    kms.send(new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec: 'ECC_NIST_P256' })),
  GenerateDataKeyPairWithoutPlaintext: (kms, { KeyId }) =>
    kms.send(new GenerateDataKeyPairWithoutPlaintextCommand({ KeyId, KeyPairSpec: 'ECC_NIST_P256' })),
  DeriveSharedSecret: (kms, { KeyId }) =>
    kms.send(new DeriveSharedSecretCommand({ KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey: peer })),
  Encapsulate: (kms, { KeyId }) => kms.send(new EncapsulateCommand({ KeyId, EncapsulationAlgorithm: 'ML_KEM' })),
  Decapsulate: (kms, { KeyId, ciphertext }) =>
    kms.send(
      new DecapsulateCommand({ KeyId, EncapsulationAlgorithm: 'ML_KEM', SharedSecretCiphertextBlob: ciphertext }),
    ),
  GetKeyLastUsage: (kms, { KeyId }) => kms.send(new GetKeyLastUsageCommand({ KeyId })),
  GenerateMac: (kms, { KeyId }) =>
    kms.send(new GenerateMacCommand({ KeyId, Message: bytes, MacAlgorithm: 'HMAC_SHA_256' })),
  VerifyMac: (kms, { KeyId, mac }) =>
    kms.send(new VerifyMacCommand({ KeyId, Message: bytes, MacAlgorithm: 'HMAC_SHA_256', Mac: mac })),
  Sign: (kms, { KeyId }) => kms.send(new SignCommand({ KeyId, Message: bytes, SigningAlgorithm: 'ECDSA_SHA_256' })),
  Verify: (kms, { KeyId, signature }) =>
    kms.send(new VerifyCommand({ KeyId, Message: bytes, SigningAlgorithm: 'ECDSA_SHA_256', Signature: signature })),
  GetPublicKey: (kms, { KeyId }) => kms.send(new GetPublicKeyCommand({ KeyId })),
  ReplicateKey: (kms, { KeyId }) => kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'us-west-2' })),
  UpdatePrimaryRegion: (kms, { KeyId }) =>
    kms.send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: 'eu-west-1' })),
  EnableKeyRotation: (kms, { KeyId }) => kms.send(new EnableKeyRotationCommand({ KeyId })),
  DisableKeyRotation: (kms, { KeyId }) => kms.send(new DisableKeyRotationCommand({ KeyId })),
  GetKeyRotationStatus: (kms, { KeyId }) => kms.send(new GetKeyRotationStatusCommand({ KeyId })),
  ListKeyRotations: (kms, { KeyId }) => kms.send(new ListKeyRotationsCommand({ KeyId })),
  RotateKeyOnDemand: (kms, { KeyId }) => kms.send(new RotateKeyOnDemandCommand({ KeyId })),
  GetParametersForImport: (kms, { KeyId }) => parametersFor(kms, KeyId),
  ImportKeyMaterial: (kms, { KeyId, material }) =>
    kms.send(new ImportKeyMaterialCommand({ KeyId, ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE', ...material })),
  DeleteImportedKeyMaterial: (kms, { KeyId }) => kms.send(new DeleteImportedKeyMaterialCommand({ KeyId })),
}

function kindFor(operation: string): { KeySpec: KeySpec; KeyUsage: KeyUsageType } {
  if (operation.endsWith('Mac')) return { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }
  if (['Sign', 'Verify', 'GetPublicKey'].includes(operation))
    return { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }
  if (operation === 'DeriveSharedSecret') return { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' }
  if (operation.endsWith('capsulate')) return { KeySpec: 'ML_KEM_512', KeyUsage: 'ENCAPSULATE_DECAPSULATE' }
  return { KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT' }
}

const NO_MATERIAL = { ImportToken: bytes, EncryptedKeyMaterial: bytes }

/** Imports for the first time; gives what imports the same again. */
async function importInto(kms: KMSClient, KeyId: string): Promise<Subject['material']> {
  const parameters = await parametersFor(kms, KeyId)
  const bytesOfKey = randomBytes(32)
  await importWith(kms, KeyId, parameters, bytesOfKey)
  return { ImportToken: parameters.ImportToken, EncryptedKeyMaterial: wrap(parameters, bytesOfKey) }
}

/** A primary key with one replica, everything it once made, and then put into the state as if by history. */
async function subjectIn(state: KeyState, operation: string, origin: string) {
  const emulator = await emulate()
  const kms = emulator.kms()
  const kind = kindFor(operation)
  const Origin = origin === 'EXTERNAL' ? origin : 'AWS_KMS'
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ MultiRegion: true, Origin, ...kind }))
  const KeyId = KeyMetadata?.KeyId ?? ''
  const material = origin === 'EXTERNAL' ? await importInto(kms, KeyId) : NO_MATERIAL
  await kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }))
  emulator.advance(1000)
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/subject', TargetKeyId: KeyId }))
  if (operation === 'UpdateAlias') {
    const other = await kms.send(new CreateKeyCommand(kind))
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/free', TargetKeyId: other.KeyMetadata?.KeyId }))
  }
  const { GrantId } = await kms.send(new CreateGrantCommand({ KeyId, ...grant }))
  const subject: Subject = { KeyId, GrantId, ciphertext: bytes, signature: bytes, mac: bytes, material }
  if (kind.KeySpec === 'SYMMETRIC_DEFAULT') {
    subject.ciphertext = (await kms.send(new EncryptCommand({ KeyId, Plaintext: bytes }))).CiphertextBlob ?? bytes
  } else if (kind.KeySpec === 'HMAC_256') {
    const input = { KeyId, Message: bytes, MacAlgorithm: 'HMAC_SHA_256' } as const
    subject.mac = (await kms.send(new GenerateMacCommand(input))).Mac ?? bytes
  } else if (kind.KeyUsage === 'ENCAPSULATE_DECAPSULATE') {
    const secret = await kms.send(new EncapsulateCommand({ KeyId, EncapsulationAlgorithm: 'ML_KEM' }))
    subject.ciphertext = secret.SharedSecretCiphertextBlob ?? bytes
  } else if (kind.KeyUsage === 'SIGN_VERIFY') {
    const input = { KeyId, Message: bytes, SigningAlgorithm: 'ECDSA_SHA_256' } as const
    subject.signature = (await kms.send(new SignCommand(input))).Signature ?? bytes
  }
  const key = emulator.store.key(ACCOUNT, 'us-east-1', KeyId)
  if (!key) throw new Error('the key is not there')
  key.keyState = state
  if (state === 'PendingImport') key.family.origin = 'EXTERNAL'
  return { kms, subject, arn: key.arn }
}

describe('key states', () => {
  it('cover every operation that concerns a key', () => {
    expect(new Set(CELLS.map(({ operation }) => operation))).toEqual(new Set(Object.keys(CALLS)))
  })

  it.each(CASES)('$operation of a key that is $state ($origin): $cell', async ({ operation, state, cell, origin }) => {
    const { kms, subject, arn } = await subjectIn(state, operation, origin)
    const call = CALLS[operation]?.(kms, subject)
    expect(await refusal(call ?? Promise.resolve())).toBe(FOOTNOTES[cell]?.(arn) ?? 'no refusal')
  })
})
