// The last use of a key: told per member, for every cryptographic operation that succeeded, with the request's own id.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetKeyLastUsageCommand,
  GetPublicKeyCommand,
  KeyLastUsageTrackingOperation,
  ReEncryptCommand,
  TagResourceCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CRYPTOGRAPHIC_CALLS } from '../tests/cryptographic-calls-for-tests.ts'
import { AWAY, arnOf, emulate, HOME, newFamily, refusal, START, type TestEmulator } from '../tests/test-emulator.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const Plaintext = Buffer.from('attack at dawn')

async function newKey(emulator: TestEmulator, input: CreateKeyCommandInput = {}): Promise<string> {
  const { KeyMetadata } = await emulator.kms(HOME).send(new CreateKeyCommand({ MultiRegion: true, ...input }))
  return KeyMetadata?.KeyId ?? ''
}

const lastUsage = async (emulator: TestEmulator, KeyId: string, region = HOME) =>
  (await emulator.kms(region).send(new GetKeyLastUsageCommand({ KeyId }))).KeyLastUsage

describe('GetKeyLastUsage', () => {
  it('has nothing to tell of a key that was never used, and tracks it from its creation', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator)
    await emulator.kms().send(new DescribeKeyCommand({ KeyId }))
    const { $metadata: _, ...answer } = await emulator.kms().send(new GetKeyLastUsageCommand({ KeyId }))
    const createdAt = new Date(START)
    expect(answer).toEqual({ KeyId, KeyCreationDate: createdAt, TrackingStartDate: createdAt, KeyLastUsage: {} })
  })

  it('tracks an older key only since KMS began to', async () => {
    const emulator = await emulate({ startAt: Date.parse('2024-02-03T04:05:06Z') })
    const KeyId = await newKey(emulator)
    const answer = await emulator.kms().send(new GetKeyLastUsageCommand({ KeyId: arnOf(HOME, KeyId) }))
    expect(answer.KeyCreationDate).toEqual(new Date('2024-02-03T04:05:06Z'))
    expect(answer.TrackingStartDate?.getTime()).toBeGreaterThan(answer.KeyCreationDate?.getTime() ?? 0)
  })

  it('names the operation, its whole second and the request id that the answer carried', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator)
    emulator.advance(61_234)
    const { $metadata } = await emulator.kms().send(new EncryptCommand({ KeyId, Plaintext }))
    expect($metadata.requestId).toMatch(UUID)
    expect(await lastUsage(emulator, KeyId)).toEqual({
      Operation: 'Encrypt',
      Timestamp: new Date(START + 61_000),
      KmsRequestId: $metadata.requestId,
      CloudTrailEventId: expect.stringMatching(UUID),
    })
  })

  it.each(Object.entries(CRYPTOGRAPHIC_CALLS))('counts %s', async (Operation, { key, prepare, send }) => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator, key)
    const prepared = await prepare?.(emulator.kms(), KeyId)
    const { $metadata } = await send(emulator.kms(), { KeyId }, prepared)
    expect(await lastUsage(emulator, KeyId)).toMatchObject({ Operation, KmsRequestId: $metadata.requestId })
  })

  it('knows every operation of which the SDK says that KMS tells', () => {
    expect(Object.keys(CRYPTOGRAPHIC_CALLS).toSorted()).toEqual(Object.keys(KeyLastUsageTrackingOperation).toSorted())
  })

  it('is independent in each member', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator)
    const { CiphertextBlob } = await emulator.kms(HOME).send(new EncryptCommand({ KeyId, Plaintext }))
    expect(await lastUsage(emulator, KeyId, AWAY)).toEqual({})
    await emulator.kms(AWAY).send(new DecryptCommand({ CiphertextBlob }))
    expect(await lastUsage(emulator, KeyId, HOME)).toMatchObject({ Operation: 'Encrypt' })
    expect(await lastUsage(emulator, KeyId, AWAY)).toMatchObject({ Operation: 'Decrypt' })
  })

  it('counts ReEncrypt for both of its keys', async () => {
    const emulator = await emulate()
    const [source, destination] = [await newKey(emulator), await newKey(emulator)]
    const { CiphertextBlob } = await emulator.kms().send(new EncryptCommand({ KeyId: source, Plaintext }))
    const { $metadata } = await emulator
      .kms()
      .send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: destination }))
    const used = { Operation: 'ReEncrypt', KmsRequestId: $metadata.requestId }
    expect(await lastUsage(emulator, source)).toMatchObject(used)
    expect(await lastUsage(emulator, destination)).toMatchObject(used)
  })

  it('counts neither what failed nor a dry run nor a look at the public key', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator)
    expect(await refusal(emulator.kms().send(new EncryptCommand({ KeyId, Plaintext, DryRun: true })))).toContain(
      'DryRunOperationException',
    )
    expect(await refusal(emulator.kms().send(new GenerateDataKeyCommand({ KeyId })))).toContain('ValidationException')
    expect(await lastUsage(emulator, KeyId)).toEqual({})

    const hmac = await newKey(emulator, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
    const wrongMac = { KeyId: hmac, Message: Plaintext, MacAlgorithm: 'HMAC_SHA_256', Mac: Buffer.from('no') } as const
    expect(await refusal(emulator.kms().send(new VerifyMacCommand(wrongMac)))).toContain('KMSInvalidMacException')
    expect(await lastUsage(emulator, hmac)).toEqual({})

    const signing = await newKey(emulator, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
    await emulator.kms().send(new GetPublicKeyCommand({ KeyId: signing }))
    expect(await lastUsage(emulator, signing)).toEqual({})
  })

  it('takes no alias', async () => {
    const emulator = await emulate()
    expect(await refusal(emulator.kms().send(new GetKeyLastUsageCommand({ KeyId: 'alias/mine' })))).toBe(
      "NotFoundException: Invalid keyId 'alias/mine'",
    )
  })
})

describe('the last use of a key and the state file', () => {
  it('is written when the emulator ends, or with the next change, but never by itself', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kms-emulator-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const dataFile = join(folder, 'state.jsonl')
    const first = await emulate({ dataFile })
    const KeyId = await newKey(first)
    const before = await readFile(dataFile, 'utf8')
    await first.kms().send(new EncryptCommand({ KeyId, Plaintext }))
    expect(await readFile(dataFile, 'utf8')).toBe(before)
    await first.kms().send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'a', TagValue: 'b' }] }))
    expect(await readFile(dataFile, 'utf8')).toContain('"operation":"Encrypt"')
    const { $metadata } = await first.kms().send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }))
    await first.close()

    const second = await emulate({ dataFile })
    expect(await lastUsage(second, KeyId)).toMatchObject({
      Operation: 'GenerateDataKey',
      KmsRequestId: $metadata.requestId,
    })
  })
})
