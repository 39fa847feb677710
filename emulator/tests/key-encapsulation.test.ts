// ML-KEM: Encapsulate and Decapsulate, with node:crypto as the other side, in every Region.

import { createPublicKey, decapsulate, encapsulate, generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecapsulateCommand,
  DescribeKeyCommand,
  EncapsulateCommand,
  EncryptCommand,
  GetPublicKeyCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AWAY, arnOf, emulate, HOME, newFamily, refusal, type TestEmulator } from './test-emulator.ts'

const SPECS = [
  ['ML_KEM_512', 'ml-kem-512', 768],
  ['ML_KEM_768', 'ml-kem-768', 1088],
  ['ML_KEM_1024', 'ml-kem-1024', 1568],
] as const

const EncapsulationAlgorithm = 'ML_KEM'
const KeyUsage = 'ENCAPSULATE_DECAPSULATE'

async function secretOf(emulator: TestEmulator, KeyId: string, ciphertext: Uint8Array | undefined, region = HOME) {
  const input = { KeyId, EncapsulationAlgorithm, SharedSecretCiphertextBlob: ciphertext } as const
  const { $metadata: _, ...answer } = await emulator.kms(region).send(new DecapsulateCommand(input))
  expect(answer).toEqual({ KeyId: arnOf(region, KeyId), EncapsulationAlgorithm, SharedSecret: expect.anything() })
  return Buffer.from(answer.SharedSecret ?? [])
}

async function publicKeyOf(emulator: TestEmulator, KeyId: string, region = HOME) {
  const { PublicKey } = await emulator.kms(region).send(new GetPublicKeyCommand({ KeyId }))
  return createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' })
}

describe.each(SPECS)('a family of %s', (KeySpec, type, ciphertextBytes) => {
  it('decapsulates in one Region what was encapsulated in another', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator, { KeySpec, KeyUsage })
    const made = await emulator.kms(HOME).send(new EncapsulateCommand({ KeyId, EncapsulationAlgorithm }))
    expect(made).toMatchObject({ KeyId: arnOf(HOME, KeyId), EncapsulationAlgorithm })
    expect(made.SharedSecret).toHaveLength(32)
    expect(made.SharedSecretCiphertextBlob).toHaveLength(ciphertextBytes)
    expect(await secretOf(emulator, KeyId, made.SharedSecretCiphertextBlob, AWAY)).toEqual(
      Buffer.from(made.SharedSecret ?? []),
    )
    const again = await emulator.kms(HOME).send(new EncapsulateCommand({ KeyId, EncapsulationAlgorithm }))
    expect(again.SharedSecret).not.toEqual(made.SharedSecret)
  })

  it('decapsulates what was encapsulated outside with its public key, the same in every Region', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator, { KeySpec, KeyUsage })
    const publicKey = await publicKeyOf(emulator, KeyId, HOME)
    expect(publicKey.asymmetricKeyType).toBe(type)
    expect((await publicKeyOf(emulator, KeyId, AWAY)).equals(publicKey)).toBe(true)
    const { sharedKey, ciphertext } = encapsulate(publicKey)
    for (const region of [HOME, AWAY]) expect(await secretOf(emulator, KeyId, ciphertext, region)).toEqual(sharedKey)
  })

  it('answers a ciphertext of another key with another secret, always the same, and refuses only a wrong length', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator, { KeySpec, KeyUsage })
    const { publicKey, privateKey } = generateKeyPairSync(type)
    const { sharedKey, ciphertext } = encapsulate(publicKey)
    expect(decapsulate(privateKey, ciphertext)).toEqual(sharedKey)
    const rejected = await secretOf(emulator, KeyId, ciphertext, HOME)
    expect(rejected).toHaveLength(32)
    expect(rejected).not.toEqual(sharedKey)
    expect(await secretOf(emulator, KeyId, ciphertext, AWAY)).toEqual(rejected)

    for (const wrong of [ciphertext.subarray(1), Buffer.concat([ciphertext, Buffer.from('x')])]) {
      const input = { KeyId, EncapsulationAlgorithm, SharedSecretCiphertextBlob: wrong } as const
      expect(await refusal(emulator.kms().send(new DecapsulateCommand(input)))).toBe(
        'InvalidCiphertextException: UnknownError',
      )
      expect(await refusal(emulator.kms().send(new DecapsulateCommand({ ...input, DryRun: true })))).toBe(
        'InvalidCiphertextException: UnknownError',
      )
    }
  })

  it('names its algorithm, and no other, in metadata and public key', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator, { KeySpec, KeyUsage })
    const { KeyMetadata } = await emulator.kms(AWAY).send(new DescribeKeyCommand({ KeyId }))
    const publicKey = await emulator.kms(AWAY).send(new GetPublicKeyCommand({ KeyId }))
    for (const answer of [KeyMetadata, publicKey]) {
      expect(answer).toMatchObject({ KeySpec, KeyUsage, EncapsulationAlgorithms: [EncapsulationAlgorithm] })
      expect(answer).not.toHaveProperty('KeyAgreementAlgorithms')
      expect(answer).not.toHaveProperty('EncryptionAlgorithms')
    }
  })
})

describe('ML-KEM keys', () => {
  it('are the same after a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kms-emulator-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const dataFile = join(folder, 'state.jsonl')
    const before = await emulate({ dataFile })
    const KeyId = await newFamily(before, { KeySpec: 'ML_KEM_1024', KeyUsage })
    const { sharedKey, ciphertext } = encapsulate(await publicKeyOf(before, KeyId))
    await before.close()
    const after = await emulate({ dataFile })
    expect(await secretOf(after, KeyId, ciphertext, AWAY)).toEqual(sharedKey)
  })

  it('do nothing but encapsulate and decapsulate, which no other key does', async () => {
    const emulator = await emulate()
    const create = (input: CreateKeyCommandInput) => refusal(emulator.kms().send(new CreateKeyCommand(input)))
    expect(await create({ KeySpec: 'ML_KEM_768', KeyUsage: 'ENCRYPT_DECRYPT' })).toBe(
      'ValidationException: KeyUsage ENCRYPT_DECRYPT is not compatible with KeySpec ML_KEM_768',
    )
    expect(await create({ KeySpec: 'ML_KEM_768' })).toBe(
      'ValidationException: You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
    )
    expect(await create({ KeySpec: 'ECC_NIST_P256', KeyUsage })).toBe(
      `ValidationException: KeyUsage ${KeyUsage} is not compatible with KeySpec ECC_NIST_P256`,
    )
    const symmetric = await newFamily(emulator)
    const encapsulating = new EncapsulateCommand({ KeyId: symmetric, EncapsulationAlgorithm })
    expect(await refusal(emulator.kms().send(encapsulating))).toBe(
      `InvalidKeyUsageException: ${arnOf(HOME, symmetric)} key usage is ENCRYPT_DECRYPT which is not valid for Encapsulate.`,
    )
    const KeyId = await newFamily(emulator, { KeySpec: 'ML_KEM_768', KeyUsage })
    expect(await refusal(emulator.kms().send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') })))).toBe(
      `InvalidKeyUsageException: ${arnOf(HOME, KeyId)} key usage is ${KeyUsage} which is not valid for Encrypt.`,
    )
  })

  it('are not to be had in the China Regions', async () => {
    const emulator = await emulate()
    const input = { KeySpec: 'ML_KEM_768', KeyUsage } as const
    expect(await refusal(emulator.kms('cn-north-1').send(new CreateKeyCommand(input)))).toContain(
      'UnsupportedOperationException',
    )
    expect(await refusal(emulator.kms('us-gov-west-1').send(new CreateKeyCommand(input)))).toBe('no refusal')
  })
})
