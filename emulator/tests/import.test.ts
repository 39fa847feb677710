// Imported key material: wrapped in each way, for each kind of key, expiring, rotated, and in families.

import {
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  publicEncrypt,
  randomBytes,
  verify,
} from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CancelKeyDeletionCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DeriveSharedSecretCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateMacCommand,
  GetKeyRotationStatusCommand,
  GetParametersForImportCommand,
  GetPublicKeyCommand,
  ImportKeyMaterialCommand,
  type KeySpec,
  type KeyUsageType,
  type KMSClient,
  ListKeyRotationsCommand,
  type MacAlgorithmSpec,
  ReplicateKeyCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  type SigningAlgorithmSpec,
  UpdatePrimaryRegionCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it, onTestFinished } from 'vitest'
import { multiRegionKeyId } from '../scenarios/world.ts'
import { importMaterial, importWith, type Parameters, parametersFor, wrap } from './import-for-tests.ts'
import { arnOf, DAY_MS, emulate, refusal, START, type TestEmulator, TRANSITION_MS } from './test-emulator.ts'

const HOME = 'us-east-1'
const IRELAND = 'eu-west-1'
const OHIO = 'us-east-2'
const HOUR_MS = 3_600_000
const NOTHING_TO_ROTATE_TO = (KeyId: string) =>
  `KMSInvalidStateException: No available key material pending rotation for the key: ${arnOf(HOME, KeyId)}.`

async function emptyKey(kms: KMSClient, input: CreateKeyCommandInput = {}): Promise<string> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Origin: 'EXTERNAL', ...input }))
  return KeyMetadata?.KeyId ?? ''
}

const metadataOf = async (kms: KMSClient, KeyId: string) =>
  (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata
const stateOf = async (kms: KMSClient, KeyId: string) => (await metadataOf(kms, KeyId))?.KeyState
const deleteMaterial = (kms: KMSClient, KeyId: string, KeyMaterialId?: string) =>
  kms.send(new DeleteImportedKeyMaterialCommand({ KeyId, ...(KeyMaterialId ? { KeyMaterialId } : {}) }))
const rotate = (kms: KMSClient, KeyId: string) => kms.send(new RotateKeyOnDemandCommand({ KeyId }))
const materialsOf = async (kms: KMSClient, KeyId: string) =>
  (await kms.send(new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }))).Rotations ?? []
const statesOf = async (kms: KMSClient, KeyId: string) =>
  (await materialsOf(kms, KeyId)).map(({ KeyMaterialState, ImportState }) => `${KeyMaterialState} ${ImportState}`)

async function encrypt(kms: KMSClient, KeyId: string, text = 'hello'): Promise<Uint8Array> {
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from(text) }))
  return CiphertextBlob ?? new Uint8Array()
}

async function decrypt(kms: KMSClient, CiphertextBlob: Uint8Array): Promise<string> {
  const { Plaintext = [] } = await kms.send(new DecryptCommand({ CiphertextBlob }))
  return Buffer.from(Plaintext).toString()
}

const pkcs8 = ({ privateKey }: { privateKey: KeyObject }) => privateKey.export({ format: 'der', type: 'pkcs8' })
const ecPair = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve })
const rsaPair = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength })

describe('GetParametersForImport', () => {
  it.each([
    ['RSA_2048', 2048],
    ['RSA_3072', 3072],
    ['RSA_4096', 4096],
  ] as const)('makes a wrapping key of %s and a token for 24 hours, anew each time', async (WrappingKeySpec, bits) => {
    const emulator = await emulate()
    const KeyId = await emptyKey(emulator.kms())
    const get = () =>
      emulator
        .kms()
        .send(new GetParametersForImportCommand({ KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec }))
    const [one, other] = await Promise.all([get(), get()])
    expect(one.KeyId).toBe(arnOf(HOME, KeyId))
    expect(one.ParametersValidTo).toEqual(new Date(START + DAY_MS))
    const key = createPublicKey({ key: Buffer.from(one.PublicKey ?? []), format: 'der', type: 'spki' })
    expect(key.asymmetricKeyDetails?.modulusLength).toBe(bits)
    expect(one.ImportToken?.length).toBeLessThanOrEqual(6144)
    expect(other.PublicKey).not.toEqual(one.PublicKey)
    expect(other.ImportToken).not.toEqual(one.ImportToken)
  })

  it('is refused for a key whose material comes from KMS', async () => {
    const { kms } = await emulate()
    const { KeyMetadata } = await kms().send(new CreateKeyCommand({}))
    const KeyId = KeyMetadata?.KeyId ?? ''
    const expected = `UnsupportedOperationException: ${KeyMetadata?.Arn} origin is AWS_KMS which is not valid for this operation.`
    expect(await refusal(parametersFor(kms(), KeyId))).toBe(expected)
    expect(await refusal(deleteMaterial(kms(), KeyId))).toBe(expected)
    const junk = { ImportToken: Buffer.from('x'), EncryptedKeyMaterial: Buffer.from('x') }
    expect(await refusal(kms().send(new ImportKeyMaterialCommand({ KeyId, ...junk })))).toBe(expected)
  })

  it.each([
    ['SYMMETRIC_DEFAULT', 'RSAES_PKCS1_V1_5', 'RSA_2048'],
    ['SYMMETRIC_DEFAULT', 'SM2PKE', 'SM2'],
    ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_256', 'SM2'],
    ['RSA_2048', 'RSAES_OAEP_SHA_256', 'RSA_4096'],
    ['ECC_NIST_P521', 'RSAES_OAEP_SHA_1', 'RSA_2048'],
  ] as const)('is refused for material of %s under %s and %s', async (keySpec, algorithm, wrappingKeySpec) => {
    const { kms } = await emulate()
    const usage = keySpec === 'SYMMETRIC_DEFAULT' ? 'ENCRYPT_DECRYPT' : 'SIGN_VERIFY'
    const KeyId = await emptyKey(kms(), { KeySpec: keySpec, KeyUsage: usage })
    expect(await refusal(parametersFor(kms(), KeyId, algorithm, wrappingKeySpec))).toContain(
      `UnsupportedOperationException: WrappingAlgorithm ${algorithm} with WrappingKeySpec ${wrappingKeySpec}`,
    )
  })

  it('is refused for what is no wrapping at all', async () => {
    const { kms } = await emulate()
    const KeyId = await emptyKey(kms())
    expect(await refusal(parametersFor(kms(), KeyId, 'ROT13' as 'SM2PKE', 'RSA_1024' as 'SM2'))).toBe(
      "ValidationException: 2 validation errors detected: Value 'ROT13' at 'wrappingAlgorithm' failed to satisfy constraint: Member must satisfy enum value set: [RSAES_PKCS1_V1_5, RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256, RSA_AES_KEY_WRAP_SHA_1, RSA_AES_KEY_WRAP_SHA_256, SM2PKE]; Value 'RSA_1024' at 'wrappingKeySpec' failed to satisfy constraint: Member must satisfy enum value set: [RSA_2048, RSA_3072, RSA_4096, SM2]",
    )
  })
})

const spkiOf = ({ publicKey }: { publicKey: KeyObject }) => publicKey.export({ format: 'der', type: 'spki' })

describe('ImportKeyMaterial', () => {
  it.each(['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256', 'RSA_AES_KEY_WRAP_SHA_1', 'RSA_AES_KEY_WRAP_SHA_256'] as const)(
    'takes material wrapped with %s, and the key works at once',
    async (algorithm) => {
      const { kms } = await emulate()
      const KeyId = await emptyKey(kms())
      const parameters = await parametersFor(kms(), KeyId, algorithm, 'RSA_3072')
      const { KeyMaterialId, ...answer } = await importWith(kms(), KeyId, parameters, randomBytes(32))
      expect(answer.KeyId).toBe(arnOf(HOME, KeyId))
      expect(KeyMaterialId).toMatch(/^[0-9a-f]{64}$/)
      const metadata = await metadataOf(kms(), KeyId)
      expect(metadata).toMatchObject({
        KeyState: 'Enabled',
        Enabled: true,
        ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
        CurrentKeyMaterialId: KeyMaterialId,
      })
      expect(metadata).not.toHaveProperty('ValidTo')
      expect(await decrypt(kms(), await encrypt(kms(), KeyId))).toBe('hello')
    },
  )

  it.each([
    ['HMAC_224', 28, 'sha224'],
    ['HMAC_256', 32, 'sha256'],
    ['HMAC_384', 48, 'sha384'],
    ['HMAC_512', 64, 'sha512'],
  ] as const)('takes the bytes of a key of %s', async (spec, length, hash) => {
    const { kms } = await emulate()
    const KeyId = await emptyKey(kms(), { KeySpec: spec, KeyUsage: 'GENERATE_VERIFY_MAC' })
    const material = randomBytes(length)
    expect(await importMaterial(kms(), KeyId, material)).not.toHaveProperty('KeyMaterialId')
    expect(await metadataOf(kms(), KeyId)).not.toHaveProperty('CurrentKeyMaterialId')
    const MacAlgorithm = spec.replace('HMAC', 'HMAC_SHA') as MacAlgorithmSpec
    const { Mac } = await kms().send(new GenerateMacCommand({ KeyId, Message: Buffer.from('x'), MacAlgorithm }))
    expect(Buffer.from(Mac ?? [])).toEqual(createHmac(hash, material).update('x').digest())
    expect(await refusal(importMaterial(kms(), KeyId, randomBytes(length)))).toContain('IncorrectKeyMaterialException')
  })

  it.each<[KeySpec, SigningAlgorithmSpec, () => { publicKey: KeyObject; privateKey: KeyObject }, string | null]>([
    ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_256', () => rsaPair(2048), 'sha256'],
    ['RSA_3072', 'RSASSA_PKCS1_V1_5_SHA_512', () => rsaPair(3072), 'sha512'],
    ['RSA_4096', 'RSASSA_PKCS1_V1_5_SHA_256', () => rsaPair(4096), 'sha256'],
    ['ECC_NIST_P256', 'ECDSA_SHA_256', () => ecPair('prime256v1'), 'sha256'],
    ['ECC_NIST_P384', 'ECDSA_SHA_384', () => ecPair('secp384r1'), 'sha384'],
    ['ECC_NIST_P521', 'ECDSA_SHA_512', () => ecPair('secp521r1'), 'sha512'],
    ['ECC_SECG_P256K1', 'ECDSA_SHA_256', () => ecPair('secp256k1'), 'sha256'],
    ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512', () => generateKeyPairSync('ed25519'), null],
  ])(
    'takes the private key of a key of %s, which signs and keeps its public key',
    async (spec, algorithm, make, hash) => {
      const { kms } = await emulate()
      const KeyId = await emptyKey(kms(), { KeySpec: spec, KeyUsage: 'SIGN_VERIFY' })
      expect(await refusal(kms().send(new GetPublicKeyCommand({ KeyId })))).toBe(
        `KMSInvalidStateException: ${arnOf(HOME, KeyId)} is pending import.`,
      )
      const pair = make()
      const parameters = await parametersFor(kms(), KeyId, 'RSA_AES_KEY_WRAP_SHA_256')
      expect(await importWith(kms(), KeyId, parameters, pkcs8(pair))).not.toHaveProperty('KeyMaterialId')
      const signing = { KeyId, Message: Buffer.from('x'), SigningAlgorithm: algorithm }
      const { Signature } = await kms().send(new SignCommand(signing))
      expect(verify(hash, Buffer.from('x'), pair.publicKey, Buffer.from(Signature ?? []))).toBe(true)
      await deleteMaterial(kms(), KeyId)
      expect(await refusal(kms().send(new SignCommand(signing)))).toContain('is pending import.')
      const { PublicKey } = await kms().send(new GetPublicKeyCommand({ KeyId }))
      expect(Buffer.from(PublicKey ?? [])).toEqual(spkiOf(pair))
      expect(await refusal(importWith(kms(), KeyId, parameters, pkcs8(make())))).toContain(
        'IncorrectKeyMaterialException',
      )
      await importWith(kms(), KeyId, parameters, pkcs8(pair))
      expect(await stateOf(kms(), KeyId)).toBe('Enabled')
    },
  )

  it('takes keys for encryption with RSA and for key agreement', async () => {
    const { kms } = await emulate()
    const rsa = await emptyKey(kms(), { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' })
    const pair = rsaPair(2048)
    await importWith(kms(), rsa, await parametersFor(kms(), rsa, 'RSA_AES_KEY_WRAP_SHA_1'), pkcs8(pair))
    const sealed = publicEncrypt({ key: pair.publicKey, oaepHash: 'sha256' }, Buffer.from('from outside'))
    const opening = { KeyId: rsa, CiphertextBlob: sealed, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' } as const
    const { Plaintext = [] } = await kms().send(new DecryptCommand(opening))
    expect(Buffer.from(Plaintext).toString()).toBe('from outside')

    const agreeing = await emptyKey(kms(), { KeySpec: 'ECC_NIST_P384', KeyUsage: 'KEY_AGREEMENT' })
    const [ours, theirs] = [ecPair('secp384r1'), ecPair('secp384r1')]
    await importMaterial(kms(), agreeing, pkcs8(ours))
    const { SharedSecret } = await kms().send(
      new DeriveSharedSecretCommand({ KeyId: agreeing, KeyAgreementAlgorithm: 'ECDH', PublicKey: spkiOf(theirs) }),
    )
    const expected = diffieHellman({ privateKey: theirs.privateKey, publicKey: ours.publicKey })
    expect(Buffer.from(SharedSecret ?? [])).toEqual(expected)
  })

  it.each<[KeySpec, KeyUsageType, string, () => Buffer]>([
    ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', '16 bytes', () => randomBytes(16)],
    ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', '33 bytes', () => randomBytes(33)],
    ['HMAC_384', 'GENERATE_VERIFY_MAC', '32 bytes', () => randomBytes(32)],
    ['ECC_NIST_P256', 'SIGN_VERIFY', '32 bytes', () => randomBytes(32)],
    ['ECC_NIST_P256', 'SIGN_VERIFY', 'a key of another curve', () => pkcs8(ecPair('secp256k1'))],
    ['ECC_NIST_P256', 'SIGN_VERIFY', 'an Ed25519 key', () => pkcs8(generateKeyPairSync('ed25519'))],
    ['ECC_NIST_EDWARDS25519', 'SIGN_VERIFY', 'an X25519 key', () => pkcs8(generateKeyPairSync('x25519'))],
    ['ECC_NIST_P256', 'SIGN_VERIFY', 'a public key', () => spkiOf(ecPair('prime256v1'))],
    ['RSA_3072', 'SIGN_VERIFY', 'a shorter key', () => pkcs8(rsaPair(2048))],
  ])('does not take for a key of %s for %s: %s', async (spec, usage, _, make) => {
    const { kms } = await emulate()
    const KeyId = await emptyKey(kms(), { KeySpec: spec, KeyUsage: usage })
    const parameters = await parametersFor(kms(), KeyId, 'RSA_AES_KEY_WRAP_SHA_256')
    expect(await refusal(importWith(kms(), KeyId, parameters, make()))).toBe(
      `IncorrectKeyMaterialException: The key material cannot be imported: it does not fit key spec ${spec}.`,
    )
    expect(await stateOf(kms(), KeyId)).toBe('PendingImport')
  })

  it('cannot open what was wrapped in another way', async () => {
    const { kms } = await emulate()
    const KeyId = await emptyKey(kms())
    const plain = await parametersFor(kms(), KeyId, 'RSAES_OAEP_SHA_256')
    const hybrid = await parametersFor(kms(), KeyId, 'RSA_AES_KEY_WRAP_SHA_256')
    const material = randomBytes(32)
    const tampered = wrap(hybrid, material)
    tampered.writeUInt8((tampered.at(-1) ?? 0) ^ 1, tampered.length - 1)
    const attempts: [typeof plain, Buffer][] = [
      [plain, randomBytes(256)],
      [plain, Buffer.from('short')],
      [plain, wrap({ ...plain, algorithm: 'RSAES_OAEP_SHA_1' }, material)],
      [plain, wrap({ ...plain, PublicKey: hybrid.PublicKey }, material)],
      [plain, wrap({ ...plain, algorithm: 'RSA_AES_KEY_WRAP_SHA_256' }, material)],
      [hybrid, tampered],
      [hybrid, tampered.subarray(0, 256)],
      [hybrid, wrap(hybrid, material, randomBytes(16))],
    ]
    for (const [parameters, EncryptedKeyMaterial] of attempts) {
      const call = importWith(kms(), KeyId, parameters, material, { EncryptedKeyMaterial })
      expect(await refusal(call)).toBe('InvalidCiphertextException: UnknownError')
    }
    expect(await stateOf(kms(), KeyId)).toBe('PendingImport')
  })

  it('takes a token for its key only, for 24 hours, as often as it comes', async () => {
    const emulator = await emulate()
    const kms = emulator.kms()
    const KeyId = await emptyKey(kms, { MultiRegion: true })
    const material = randomBytes(32)
    const parameters = await parametersFor(kms, KeyId)
    const invalid = 'InvalidImportTokenException: UnknownError'
    const another = await emptyKey(kms)
    expect(await refusal(importWith(kms, another, parameters, material))).toBe(invalid)
    await parametersFor(kms, another)
    expect(await refusal(importWith(kms, another, parameters, material))).toBe(invalid)
    for (const ImportToken of [Buffer.from('x'), randomBytes(2000)]) {
      expect(await refusal(importWith(kms, KeyId, { ...parameters, ImportToken }, material))).toBe(invalid)
    }

    await importWith(kms, KeyId, parameters, material)
    await kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: IRELAND }))
    emulator.advance(TRANSITION_MS)
    expect(await refusal(importWith(emulator.kms(IRELAND), KeyId, parameters, material))).toBe(invalid)

    emulator.advance(DAY_MS - TRANSITION_MS - 1)
    await importWith(kms, KeyId, parameters, material)
    emulator.advance(1)
    expect(await refusal(importWith(kms, KeyId, parameters, material))).toBe(
      'ExpiredImportTokenException: UnknownError',
    )
  })

  it('wants an expiry that fits the expiration model, within 365 days', async () => {
    const { kms, now, post } = await emulate()
    const KeyId = await emptyKey(kms())
    const parameters = await parametersFor(kms(), KeyId)
    const attempt = (more: object) => refusal(importWith(kms(), KeyId, parameters, randomBytes(32), more))
    const noDate = 'ValidationException: A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES'
    expect(await attempt({ ExpirationModel: undefined })).toBe(noDate)
    expect(await attempt({ ExpirationModel: 'KEY_MATERIAL_EXPIRES' })).toBe(noDate)
    const soon = new Date(now() + HOUR_MS)
    expect(await attempt({ ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE', ValidTo: soon })).toBe(
      'ValidationException: A validTo date must not be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE',
    )
    const outOfRange = 'ValidationException: The validTo date must be in the future, and at most 365 days from now'
    expect(await attempt({ ValidTo: new Date(now()) })).toBe(outOfRange)
    expect(await attempt({ ValidTo: new Date(now() + 365 * DAY_MS + 1000) })).toBe(outOfRange)
    expect(await attempt({ ValidTo: new Date(now() + 365 * DAY_MS) })).toBe('no refusal')

    const body = { KeyId, ImportToken: 'AAAA', EncryptedKeyMaterial: 'AAAA' }
    for (const [ValidTo, message] of [
      ['tomorrow', 'STRING_VALUE can not be converted to a Timestamp'],
      [1e300, 'A timestamp is out of range'],
    ]) {
      const answer = await post('TrentService.ImportKeyMaterial', JSON.stringify({ ...body, ValidTo }))
      expect(await answer.json()).toMatchObject({ __type: 'SerializationException', message })
    }
  })

  it('gives equal bytes one id in a key and another in any other key', async () => {
    const { kms } = await emulate()
    const [one, other] = [await emptyKey(kms()), await emptyKey(kms())]
    const material = randomBytes(32)
    const first = await importMaterial(kms(), one, material)
    const again = await importMaterial(kms(), one, material, { KeyMaterialId: first.KeyMaterialId })
    const elsewhere = await importMaterial(kms(), other, material)
    expect(again.KeyMaterialId).toBe(first.KeyMaterialId)
    expect(elsewhere.KeyMaterialId).not.toBe(first.KeyMaterialId)
  })

  it('refuses material, ids and types that do not go together', async () => {
    const { kms } = await emulate()
    const KeyId = await emptyKey(kms())
    const parameters = await parametersFor(kms(), KeyId)
    const attempt = (material: Buffer, more: object) => refusal(importWith(kms(), KeyId, parameters, material, more))
    const [material, other] = [randomBytes(32), randomBytes(32)]
    const unknown =
      'IncorrectKeyMaterialException: The key material cannot be imported: it is not associated with the key.'
    expect(await attempt(material, { ImportType: 'EXISTING_KEY_MATERIAL' })).toBe(unknown)
    const { KeyMaterialId: id } = await importWith(kms(), KeyId, parameters, material)
    expect(await attempt(other, {})).toBe(unknown)
    expect(await attempt(material, { ImportType: 'NEW_KEY_MATERIAL' })).toBe(
      'IncorrectKeyMaterialException: The key material cannot be imported: it is already associated with the key.',
    )
    expect(await attempt(other, { ImportType: 'NEW_KEY_MATERIAL', KeyMaterialId: id })).toBe(
      'ValidationException: A keyMaterialId must not be set if the ImportType is NEW_KEY_MATERIAL',
    )
    expect(await attempt(material, { KeyMaterialId: 'a'.repeat(64) })).toBe(
      `IncorrectKeyMaterialException: The key material cannot be imported: its id is ${id}.`,
    )
    expect(await attempt(material, { KeyMaterialDescription: '<b>' })).toContain("at 'keyMaterialDescription'")
    expect(await attempt(material, { KeyMaterialId: id, ImportType: 'EXISTING_KEY_MATERIAL' })).toBe('no refusal')
  })

  it.each([
    { ImportType: 'NEW_KEY_MATERIAL' },
    { KeyMaterialDescription: 'x' },
    { KeyMaterialId: 'a'.repeat(64) },
  ] as const)('refuses for a key that is not symmetric: %j', async (more) => {
    const { kms } = await emulate()
    const KeyId = await emptyKey(kms(), { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
    expect(await refusal(importMaterial(kms(), KeyId, randomBytes(32), more))).toBe(
      `UnsupportedOperationException: ${Object.keys(more)[0]} is only valid for symmetric encryption keys.`,
    )
  })
})

describe('imported material', () => {
  it('expires when it is time, and comes back with the same bytes', async () => {
    const emulator = await emulate()
    const kms = emulator.kms()
    const KeyId = await emptyKey(kms)
    const material = randomBytes(32)
    const ValidTo = new Date(START + HOUR_MS)
    const { KeyMaterialId } = await importMaterial(kms, KeyId, material, {
      ValidTo,
      KeyMaterialDescription: 'HSM 7',
    })
    const sealed = await encrypt(kms, KeyId)
    const expiring = { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo }
    expect(await metadataOf(kms, KeyId)).toMatchObject({ KeyState: 'Enabled', ...expiring })
    const entry = { KeyId, KeyMaterialId, KeyMaterialState: 'CURRENT', KeyMaterialDescription: 'HSM 7' }
    expect(await materialsOf(kms, KeyId)).toEqual([{ ...entry, ...expiring, ImportState: 'IMPORTED' }])

    emulator.advance(HOUR_MS - 1)
    expect(await stateOf(kms, KeyId)).toBe('Enabled')
    emulator.advance(1)
    const expired = await metadataOf(kms, KeyId)
    expect(expired).toMatchObject({ KeyState: 'PendingImport', Enabled: false, CurrentKeyMaterialId: KeyMaterialId })
    expect(expired).not.toHaveProperty('ExpirationModel')
    expect(expired).not.toHaveProperty('ValidTo')
    expect(await materialsOf(kms, KeyId)).toEqual([{ ...entry, ImportState: 'PENDING_IMPORT' }])
    const pendingImport = `KMSInvalidStateException: ${arnOf(HOME, KeyId)} is pending import.`
    expect(await refusal(decrypt(kms, sealed))).toBe(pendingImport)
    expect(await refusal(rotate(kms, KeyId))).toBe(pendingImport)

    await importMaterial(kms, KeyId, material, { KeyMaterialDescription: 'HSM 8' })
    expect(await materialsOf(kms, KeyId)).toMatchObject([
      { KeyMaterialDescription: 'HSM 8', ImportState: 'IMPORTED', ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' },
    ])
    expect(await decrypt(kms, sealed)).toBe('hello')
  })

  it('is given another expiry by importing it again, which keeps the description', async () => {
    const emulator = await emulate()
    const kms = emulator.kms()
    const KeyId = await emptyKey(kms)
    const parameters = await parametersFor(kms, KeyId)
    const material = randomBytes(32)
    const until = (hours: number) => ({ ValidTo: new Date(START + hours * HOUR_MS) })
    await importWith(kms, KeyId, parameters, material, { ...until(1), KeyMaterialDescription: 'HSM 7' })
    await importWith(kms, KeyId, parameters, material, until(3))
    emulator.advance(2 * HOUR_MS)
    expect(await metadataOf(kms, KeyId)).toMatchObject({ KeyState: 'Enabled', ...until(3) })
    expect(await materialsOf(kms, KeyId)).toMatchObject([{ KeyMaterialDescription: 'HSM 7' }])
    emulator.advance(HOUR_MS)
    expect(await stateOf(kms, KeyId)).toBe('PendingImport')
  })

  it('is deleted from a key in any state, and only a pending deletion stays', async () => {
    const { kms } = await emulate()
    const KeyId = await emptyKey(kms())
    expect(await deleteMaterial(kms(), KeyId)).toMatchObject({ KeyId: arnOf(HOME, KeyId) })
    const parameters = await parametersFor(kms(), KeyId)
    const material = randomBytes(32)
    const { KeyMaterialId } = await importWith(kms(), KeyId, parameters, material)
    expect(await deleteMaterial(kms(), KeyId)).toMatchObject({ KeyId: arnOf(HOME, KeyId), KeyMaterialId })
    expect(await stateOf(kms(), KeyId)).toBe('PendingImport')
    expect(await deleteMaterial(kms(), KeyId, KeyMaterialId)).toMatchObject({ KeyMaterialId })

    await importWith(kms(), KeyId, parameters, material)
    await kms().send(new DisableKeyCommand({ KeyId }))
    await importWith(kms(), KeyId, parameters, material)
    expect(await stateOf(kms(), KeyId)).toBe('Disabled')
    await deleteMaterial(kms(), KeyId)
    expect(await stateOf(kms(), KeyId)).toBe('PendingImport')

    await kms().send(new ScheduleKeyDeletionCommand({ KeyId }))
    await kms().send(new CancelKeyDeletionCommand({ KeyId }))
    expect(await stateOf(kms(), KeyId)).toBe('PendingImport')
    await kms().send(new ScheduleKeyDeletionCommand({ KeyId }))
    await importWith(kms(), KeyId, parameters, material)
    expect(await stateOf(kms(), KeyId)).toBe('PendingDeletion')
    await deleteMaterial(kms(), KeyId)
    expect(await stateOf(kms(), KeyId)).toBe('PendingDeletion')
    await importWith(kms(), KeyId, parameters, material)
    await kms().send(new CancelKeyDeletionCommand({ KeyId }))
    expect(await stateOf(kms(), KeyId)).toBe('Disabled')
    expect(await refusal(deleteMaterial(kms(), KeyId, 'a'.repeat(64)))).toBe(
      `NotFoundException: Key material '${'a'.repeat(64)}' is not associated with ${arnOf(HOME, KeyId)}`,
    )
  })

  it('is rotated on demand to what was imported for it, and every version is needed', async () => {
    const emulator = await emulate()
    const kms = emulator.kms()
    const KeyId = await emptyKey(kms)
    const parameters = await parametersFor(kms, KeyId)
    const [first, second, third] = [randomBytes(32), randomBytes(32), randomBytes(32)] as const
    const isNew = { ImportType: 'NEW_KEY_MATERIAL' } as const
    const firstId = (await importWith(kms, KeyId, parameters, first)).KeyMaterialId
    const old = await encrypt(kms, KeyId, 'old')
    expect(await refusal(rotate(kms, KeyId))).toBe(NOTHING_TO_ROTATE_TO(KeyId))

    const secondId = (
      await importWith(kms, KeyId, parameters, second, { ...isNew, ValidTo: new Date(START + 2 * HOUR_MS) })
    ).KeyMaterialId
    expect(await metadataOf(kms, KeyId)).toMatchObject({
      CurrentKeyMaterialId: firstId,
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    })
    expect(await statesOf(kms, KeyId)).toEqual(['CURRENT IMPORTED', 'PENDING_ROTATION IMPORTED'])
    const refused = await refusal(importWith(kms, KeyId, parameters, third, isNew))
    expect(refused).toMatch(/^KMSInvalidStateException: New key material \(id: [0-9a-f]{64}\) cannot be imported into/)
    expect(refused).toContain(
      `into KMS key ${arnOf(HOME, KeyId)}, because another key material (id: ${secondId}) is pending rotation.`,
    )

    expect((await rotate(kms, KeyId)).KeyId).toBe(arnOf(HOME, KeyId))
    expect((await metadataOf(kms, KeyId))?.CurrentKeyMaterialId).toBe(firstId)
    const status = await kms.send(new GetKeyRotationStatusCommand({ KeyId }))
    expect(status.OnDemandRotationStartDate).toEqual(new Date(START))
    expect(await refusal(rotate(kms, KeyId))).toContain('ConflictException')
    emulator.advance(TRANSITION_MS)
    expect(await metadataOf(kms, KeyId)).toMatchObject({
      CurrentKeyMaterialId: secondId,
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo: new Date(START + 2 * HOUR_MS),
    })
    expect(await statesOf(kms, KeyId)).toEqual(['NON_CURRENT IMPORTED', 'CURRENT IMPORTED'])
    const { Rotations } = await kms.send(new ListKeyRotationsCommand({ KeyId }))
    expect(Rotations).toMatchObject([
      { KeyMaterialId: secondId, RotationType: 'ON_DEMAND', RotationDate: new Date(START) },
    ])
    expect(await decrypt(kms, old)).toBe('old')
    const recent = await encrypt(kms, KeyId, 'recent')
    expect(await refusal(rotate(kms, KeyId))).toBe(NOTHING_TO_ROTATE_TO(KeyId))

    await importWith(kms, KeyId, parameters, first, { ValidTo: new Date(START + 4 * HOUR_MS) })
    expect(await metadataOf(kms, KeyId)).toMatchObject({ ValidTo: new Date(START + 2 * HOUR_MS) })
    await deleteMaterial(kms, KeyId, firstId)
    expect(await metadataOf(kms, KeyId)).toMatchObject({ KeyState: 'PendingImport', ValidTo: expect.any(Date) })
    expect(await refusal(decrypt(kms, recent))).toContain('is pending import.')
    emulator.advance(2 * HOUR_MS)
    expect(await statesOf(kms, KeyId)).toEqual(['NON_CURRENT PENDING_IMPORT', 'CURRENT PENDING_IMPORT'])
    await importWith(kms, KeyId, parameters, first)
    expect(await stateOf(kms, KeyId)).toBe('PendingImport')
    await importWith(kms, KeyId, parameters, second)
    expect(await stateOf(kms, KeyId)).toBe('Enabled')
    expect(await Promise.all([decrypt(kms, old), decrypt(kms, recent)])).toEqual(['old', 'recent'])
  })

  it('that is pending goes without a trace, when deleted or expired', async () => {
    const emulator = await emulate()
    const kms = emulator.kms()
    const KeyId = await emptyKey(kms)
    const parameters = await parametersFor(kms, KeyId)
    const isNew = { ImportType: 'NEW_KEY_MATERIAL' } as const
    await importWith(kms, KeyId, parameters, randomBytes(32))
    const { KeyMaterialId } = await importWith(kms, KeyId, parameters, randomBytes(32), isNew)
    await deleteMaterial(kms, KeyId, KeyMaterialId)
    expect(await statesOf(kms, KeyId)).toEqual(['CURRENT IMPORTED'])
    await importWith(kms, KeyId, parameters, randomBytes(32), { ...isNew, ValidTo: new Date(START + HOUR_MS) })
    emulator.advance(HOUR_MS)
    expect(await statesOf(kms, KeyId)).toEqual(['CURRENT IMPORTED'])
    expect(await stateOf(kms, KeyId)).toBe('Enabled')

    const lost = await importWith(kms, KeyId, parameters, randomBytes(32), isNew)
    await rotate(kms, KeyId)
    await deleteMaterial(kms, KeyId, lost.KeyMaterialId)
    emulator.advance(TRANSITION_MS)
    expect(await statesOf(kms, KeyId)).toEqual(['CURRENT IMPORTED'])
    expect(await stateOf(kms, KeyId)).toBe('Enabled')
  })

  it('can be rotated 25 times', async () => {
    const emulator = await emulate()
    const kms = emulator.kms()
    const KeyId = await emptyKey(kms)
    const parameters = await parametersFor(kms, KeyId)
    for (let count = 0; count <= 25; count++) {
      await importWith(kms, KeyId, parameters, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' })
      if (count > 0) await rotate(kms, KeyId)
      emulator.advance(TRANSITION_MS)
    }
    await importWith(kms, KeyId, parameters, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' })
    expect(await refusal(rotate(kms, KeyId))).toBe(
      `LimitExceededException: The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: ${arnOf(HOME, KeyId)}`,
    )
  })
})

/** A family with the same first material everywhere, and parameters for each member. */
async function familyOf(emulator: TestEmulator, replicas: string[], material: Buffer) {
  const KeyId = await emptyKey(emulator.kms(), { MultiRegion: true })
  const parameters: Record<string, Parameters> = { [HOME]: await parametersFor(emulator.kms(), KeyId) }
  await importWith(emulator.kms(), KeyId, parameters[HOME] ?? never(), material)
  for (const ReplicaRegion of replicas) {
    await emulator.kms().send(new ReplicateKeyCommand({ KeyId, ReplicaRegion }))
  }
  emulator.advance(TRANSITION_MS)
  for (const region of replicas) parameters[region] = await parametersFor(emulator.kms(region), KeyId)
  const bring = (region: string, bytes: Buffer, more = {}) =>
    importWith(emulator.kms(region), KeyId, parameters[region] ?? never(), bytes, more)
  for (const region of replicas) await bring(region, material)
  return { KeyId, bring, regions: [HOME, ...replicas] }
}

function never(): never {
  throw new Error('there are no parameters for this Region')
}

describe('imported material of a family', () => {
  it('goes from new material at the primary key to all replica keys, and then rotates', async () => {
    const emulator = await emulate()
    const { kms } = emulator
    const [first, second] = [randomBytes(32), randomBytes(32)] as const
    const { KeyId, bring, regions } = await familyOf(emulator, [IRELAND, OHIO], first)
    const old = await encrypt(kms(IRELAND), KeyId, 'old')

    const more = { ImportType: 'NEW_KEY_MATERIAL', KeyMaterialDescription: 'second' }
    const { KeyMaterialId: id } = await bring(HOME, second, more)
    const entry = {
      KeyId,
      KeyMaterialId: id,
      KeyMaterialDescription: 'second',
      KeyMaterialState: 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION',
    }
    for (const region of regions) {
      const copy =
        region === HOME
          ? { ImportState: 'IMPORTED', ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
          : { ImportState: 'PENDING_IMPORT' }
      expect((await materialsOf(kms(region), KeyId)).at(-1)).toEqual({ ...entry, ...copy })
      expect(await stateOf(kms(region), KeyId)).toBe('Enabled')
    }
    expect(await refusal(rotate(kms(), KeyId))).toBe(NOTHING_TO_ROTATE_TO(KeyId))
    expect((await bring(IRELAND, second)).KeyMaterialId).toBe(id)
    expect(await refusal(rotate(kms(), KeyId))).toBe(NOTHING_TO_ROTATE_TO(KeyId))
    await bring(OHIO, second, { ImportType: 'EXISTING_KEY_MATERIAL', ValidTo: new Date(START + 300 * DAY_MS) })
    for (const region of regions) {
      expect(await statesOf(kms(region), KeyId)).toEqual(['CURRENT IMPORTED', 'PENDING_ROTATION IMPORTED'])
    }
    expect(await refusal(rotate(kms(IRELAND), KeyId))).toContain('UnsupportedOperationException')

    await rotate(kms(), KeyId)
    emulator.advance(TRANSITION_MS)
    const models: Record<string, string> = {
      [HOME]: 'DOES_NOT_EXPIRE',
      [IRELAND]: 'DOES_NOT_EXPIRE',
      [OHIO]: 'EXPIRES',
    }
    for (const region of regions) {
      expect(await metadataOf(kms(region), KeyId)).toMatchObject({
        KeyState: 'Enabled',
        CurrentKeyMaterialId: id,
        ExpirationModel: `KEY_MATERIAL_${models[region]}`,
      })
      const recent = await encrypt(kms(region), KeyId, 'recent')
      for (const other of regions) expect(await decrypt(kms(other), recent)).toBe('recent')
      expect(await decrypt(kms(region), old)).toBe('old')
    }
  })

  it('arrives in a new replica key as identifiers only', async () => {
    const emulator = await emulate()
    const { kms } = emulator
    const [first, second] = [randomBytes(32), randomBytes(32)] as const
    const { KeyId, bring } = await familyOf(emulator, [], first)
    const { KeyMaterialId } = await bring(HOME, second, { ImportType: 'NEW_KEY_MATERIAL' })
    await rotate(kms(), KeyId)
    emulator.advance(TRANSITION_MS)
    const answer = await kms().send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: IRELAND }))
    expect(answer.ReplicaKeyMetadata).toMatchObject({ KeyState: 'Creating', Origin: 'EXTERNAL' })
    emulator.advance(TRANSITION_MS)
    const replica = await metadataOf(kms(IRELAND), KeyId)
    expect(replica).toMatchObject({ KeyState: 'PendingImport', CurrentKeyMaterialId: KeyMaterialId })
    expect(replica).not.toHaveProperty('ExpirationModel')
    expect(await statesOf(kms(IRELAND), KeyId)).toEqual(['NON_CURRENT PENDING_IMPORT', 'CURRENT PENDING_IMPORT'])

    expect(await refusal(importMaterial(kms(IRELAND), KeyId, randomBytes(32)))).toContain(
      'IncorrectKeyMaterialException',
    )
    const asNew = importMaterial(kms(IRELAND), KeyId, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' })
    expect(await refusal(asNew)).toBe(
      `UnsupportedOperationException: ${arnOf(IRELAND, KeyId)} is not a multi-region primary key.`,
    )
    await importMaterial(kms(IRELAND), KeyId, second)
    expect(await stateOf(kms(IRELAND), KeyId)).toBe('PendingImport')
    await importMaterial(kms(IRELAND), KeyId, first)
    expect(await stateOf(kms(IRELAND), KeyId)).toBe('Enabled')
    expect(await decrypt(kms(IRELAND), await encrypt(kms(), KeyId))).toBe('hello')
  })

  it('is lost by one member alone, by deletion or expiry', async () => {
    const emulator = await emulate()
    const { kms } = emulator
    const first = randomBytes(32)
    const { KeyId, bring } = await familyOf(emulator, [IRELAND, OHIO], first)
    await bring(IRELAND, first, { ValidTo: new Date(START + HOUR_MS) })
    await deleteMaterial(kms(OHIO), KeyId)
    emulator.advance(HOUR_MS)
    expect(await Promise.all([HOME, IRELAND, OHIO].map((region) => stateOf(kms(region), KeyId)))).toEqual([
      'Enabled',
      'PendingImport',
      'PendingImport',
    ])
    expect(await refusal(encrypt(kms(OHIO), KeyId))).toBe(
      `KMSInvalidStateException: ${arnOf(OHIO, KeyId)} is pending import.`,
    )
    expect(await decrypt(kms(), await encrypt(kms(), KeyId))).toBe('hello')
  })

  it('that is pending goes from all members with the primary key, from a replica key alone', async () => {
    const emulator = await emulate()
    const { kms } = emulator
    const { KeyId, bring, regions } = await familyOf(emulator, [IRELAND], randomBytes(32))
    const second = randomBytes(32)
    const { KeyMaterialId } = await bring(HOME, second, { ImportType: 'NEW_KEY_MATERIAL' })
    await bring(IRELAND, second)
    await deleteMaterial(kms(IRELAND), KeyId, KeyMaterialId)
    const waiting = 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION'
    expect(await statesOf(kms(), KeyId)).toEqual(['CURRENT IMPORTED', `${waiting} IMPORTED`])
    expect(await statesOf(kms(IRELAND), KeyId)).toEqual(['CURRENT IMPORTED', `${waiting} PENDING_IMPORT`])
    await bring(IRELAND, second)
    await deleteMaterial(kms(), KeyId, KeyMaterialId)
    for (const region of regions) {
      expect(await statesOf(kms(region), KeyId)).toEqual(['CURRENT IMPORTED'])
      expect(await stateOf(kms(region), KeyId)).toBe('Enabled')
    }
    expect(await refusal(bring(IRELAND, second))).toContain('IncorrectKeyMaterialException')
    await bring(HOME, second, { ImportType: 'NEW_KEY_MATERIAL' })
    expect(await statesOf(kms(IRELAND), KeyId)).toEqual(['CURRENT IMPORTED', `${waiting} PENDING_IMPORT`])
  })

  it('waits for a replica key that came after it was imported', async () => {
    const emulator = await emulate()
    const { kms } = emulator
    const [first, second] = [randomBytes(32), randomBytes(32)] as const
    const { KeyId, bring } = await familyOf(emulator, [], first)
    await bring(HOME, second, { ImportType: 'NEW_KEY_MATERIAL' })
    expect(await statesOf(kms(), KeyId)).toContain('PENDING_ROTATION IMPORTED')
    await kms().send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: IRELAND }))
    emulator.advance(TRANSITION_MS)
    expect(await refusal(rotate(kms(), KeyId))).toBe(NOTHING_TO_ROTATE_TO(KeyId))
    await importMaterial(kms(IRELAND), KeyId, first)
    expect(await stateOf(kms(IRELAND), KeyId)).toBe('Enabled')
    await importMaterial(kms(IRELAND), KeyId, second)
    expect(await refusal(rotate(kms(), KeyId))).toBe('no refusal')
  })

  it('is new where the primary key is now', async () => {
    const emulator = await emulate()
    const { kms } = emulator
    const { KeyId, bring } = await familyOf(emulator, [IRELAND], randomBytes(32))
    await kms().send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: IRELAND }))
    emulator.advance(TRANSITION_MS)
    const isNew = { ImportType: 'NEW_KEY_MATERIAL' }
    const second = randomBytes(32)
    expect(await refusal(bring(HOME, second, isNew))).toContain('UnsupportedOperationException')
    await bring(IRELAND, second, isNew)
    await bring(HOME, second)
    await rotate(kms(IRELAND), KeyId)
    emulator.advance(TRANSITION_MS)
    expect(await decrypt(kms(), await encrypt(kms(IRELAND), KeyId))).toBe('hello')
  })

  it('that expires during a promotion is missing at its end', async () => {
    const emulator = await emulate()
    const { kms } = emulator
    const first = randomBytes(32)
    const { KeyId, bring } = await familyOf(emulator, [IRELAND], first)
    await bring(IRELAND, first, { ValidTo: new Date(emulator.now() + TRANSITION_MS / 2) })
    await kms().send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: IRELAND }))
    emulator.advance(TRANSITION_MS / 2)
    expect(await stateOf(kms(IRELAND), KeyId)).toBe('Updating')
    expect(await refusal(encrypt(kms(IRELAND), KeyId))).toContain('is pending import.')
    expect(await refusal(decrypt(kms(IRELAND), await encrypt(kms(), KeyId)))).toContain('InvalidCiphertextException')
    emulator.advance(TRANSITION_MS / 2)
    expect(await stateOf(kms(IRELAND), KeyId)).toBe('PendingImport')
    expect(await stateOf(kms(), KeyId)).toBe('Enabled')
    await bring(IRELAND, first)
    expect(await stateOf(kms(IRELAND), KeyId)).toBe('Enabled')
  })

  it('has one public key everywhere, of a replica key even before its import', async () => {
    const emulator = await emulate()
    const { kms } = emulator
    const KeyId = await emptyKey(kms(), { MultiRegion: true, KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
    const pair = ecPair('prime256v1')
    await importMaterial(kms(), KeyId, pkcs8(pair))
    await kms().send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: IRELAND }))
    emulator.advance(TRANSITION_MS)
    const { PublicKey } = await kms(IRELAND).send(new GetPublicKeyCommand({ KeyId }))
    expect(Buffer.from(PublicKey ?? [])).toEqual(spkiOf(pair))
    await importMaterial(kms(IRELAND), KeyId, pkcs8(pair))
    expect(await stateOf(kms(IRELAND), KeyId)).toBe('Enabled')
  })
})

describe('imported material that is kept or loaded', () => {
  it('survives a restart: bytes, expiries, what is pending, and the tokens given out', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kms-emulator-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const dataFile = join(folder, 'state.jsonl')
    const before = await emulate({ dataFile })
    const [first, second] = [randomBytes(32), randomBytes(32)] as const
    const { KeyId, bring } = await familyOf(before, [IRELAND], first)
    await bring(HOME, second, { ImportType: 'NEW_KEY_MATERIAL', KeyMaterialDescription: 'second' })
    await bring(IRELAND, first, { ValidTo: new Date(START + HOUR_MS) })
    const sealed = await encrypt(before.kms(), KeyId)
    const signer = await emptyKey(before.kms(), { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
    const pair = ecPair('prime256v1')
    await importMaterial(before.kms(), signer, pkcs8(pair))
    await deleteMaterial(before.kms(), signer)
    const parameters = await parametersFor(before.kms(IRELAND), KeyId)
    const listed = await materialsOf(before.kms(IRELAND), KeyId)
    await before.close()

    const after = await emulate({ dataFile, startAt: START + HOUR_MS / 2 })
    expect(await materialsOf(after.kms(IRELAND), KeyId)).toEqual(listed)
    expect(await decrypt(after.kms(IRELAND), sealed)).toBe('hello')
    const { PublicKey } = await after.kms().send(new GetPublicKeyCommand({ KeyId: signer }))
    expect(Buffer.from(PublicKey ?? [])).toEqual(spkiOf(pair))
    await importWith(after.kms(IRELAND), KeyId, parameters, second)
    after.advance(HOUR_MS / 2)
    expect(await stateOf(after.kms(IRELAND), KeyId)).toBe('PendingImport')
    await importWith(after.kms(IRELAND), KeyId, parameters, first)
    await rotate(after.kms(), KeyId)
    after.advance(TRANSITION_MS)
    const recent = await encrypt(after.kms(), KeyId, 'recent')
    expect(await decrypt(after.kms(IRELAND), recent)).toBe('recent')
  })

  /** As the README tells it. */
  const knownBytes = (keyId: string, number: number) =>
    createHash('shake256', { outputLength: 32 }).update(`${keyId} material ${number}`).digest()

  it('is in a loaded topology where a member is not pending import, and can be brought to the others', async () => {
    const emulator = await emulate()
    const keyId = 'mrk-0123456789abcdef0123456789abcdef'
    const signer = 'mrk-1123456789abcdef0123456789abcdef'
    const member = (region: string, state: string) => ({ region, state, aliases: [] })
    const symmetric = { keySpec: 'SYMMETRIC_DEFAULT', keyUsage: 'ENCRYPT_DECRYPT', origin: 'EXTERNAL' }
    const families = [
      { ...symmetric, keyId, members: [member(HOME, 'Enabled'), member(IRELAND, 'PendingImport')] },
      {
        ...{ keySpec: 'ECC_NIST_P256', keyUsage: 'SIGN_VERIFY', origin: 'EXTERNAL', keyId: signer },
        members: [member(HOME, 'Enabled'), member(IRELAND, 'PendingImport')],
      },
      { ...symmetric, keyId: keyId.replace('0', 'f'), members: [member(HOME, 'PendingImport')] },
    ]
    expect(await emulator.door('PUT', '/_emulator/topology', { families })).toMatchObject({ status: 200 })
    const { kms } = emulator
    const sealed = await encrypt(kms(), keyId)
    expect(await statesOf(kms(IRELAND), keyId)).toEqual(['CURRENT PENDING_IMPORT'])
    await importMaterial(kms(IRELAND), keyId, knownBytes(keyId, 0))
    expect(await decrypt(kms(IRELAND), sealed)).toBe('hello')

    const signing = { KeyId: signer, Message: Buffer.from('x'), SigningAlgorithm: 'ECDSA_SHA_256' } as const
    const [{ Signature }, { PublicKey }] = await Promise.all([
      kms().send(new SignCommand(signing)),
      kms(IRELAND).send(new GetPublicKeyCommand({ KeyId: signer })),
    ])
    const publicKey = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' })
    expect(verify('sha256', Buffer.from('x'), publicKey, Buffer.from(Signature ?? []))).toBe(true)

    const empty = keyId.replace('0', 'f')
    expect(await statesOf(kms(), empty)).toEqual([])
    await importMaterial(kms(), empty, randomBytes(32))
    expect(await stateOf(kms(), empty)).toBe('Enabled')
  })

  it('is in the families of a scenario, which can be put right', async () => {
    const emulator = await emulate({ scenario: 'drift' })
    const { kms } = emulator
    const missing = multiRegionKeyId('alias/material-missing')
    expect(await stateOf(kms('us-west-2'), missing)).toBe('PendingImport')
    await importMaterial(kms('us-west-2'), missing, knownBytes(missing, 0))
    expect(await decrypt(kms('us-west-2'), await encrypt(kms(), missing))).toBe('hello')

    const expiring = multiRegionKeyId('alias/material-expires')
    expect(await metadataOf(kms('us-west-2'), expiring)).toMatchObject({ ExpirationModel: 'KEY_MATERIAL_EXPIRES' })
    emulator.advance(7 * DAY_MS)
    expect(await stateOf(kms('us-west-2'), expiring)).toBe('PendingImport')

    const waiting = multiRegionKeyId('alias/new-material-missing')
    await importMaterial(kms('us-west-2'), waiting, knownBytes(waiting, 1))
    await rotate(kms(), waiting)
    emulator.advance(TRANSITION_MS)
    expect(await statesOf(kms(), waiting)).toEqual(['NON_CURRENT IMPORTED', 'CURRENT IMPORTED'])
  })
})
