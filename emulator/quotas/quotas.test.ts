// Request quotas and the quota of keys: how many calls pass at one instant, what they share, and what a refused one costs.

import { randomUUID } from 'node:crypto'
import * as sdk from '@aws-sdk/client-kms'
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  ListKeysCommand,
  ReplicateKeyCommand,
  UpdatePrimaryRegionCommand,
} from '@aws-sdk/client-kms'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OPERATIONS } from '../calls/operations.ts'
import { partitionOf } from '../keys/partitions.ts'
import { ACCOUNT, emulate, refusal, START, type TestEmulator, TRANSITION_MS } from '../tests/test-emulator.ts'
import { KmsError } from '../wire/errors.ts'
import type { JsonObject } from '../wire/validation.ts'
import { hasQuota, Quotas, requireWithinQuotas } from './quotas.ts'

const THROTTLED =
  'ThrottlingException: You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.'

async function emulateWithQuotas(): Promise<TestEmulator> {
  const emulator = await emulate()
  await emulator.door('PUT', '/_emulator/settings', { quotas: true })
  return emulator
}

const create = (emulator: TestEmulator, region = 'us-east-1', accessKeyId?: string) =>
  emulator.kms(region, accessKeyId).send(new CreateKeyCommand({ MultiRegion: true }))

async function givenPrimaries(emulator: TestEmulator, count: number): Promise<string[]> {
  const made = await Promise.all(Array.from({ length: count }, () => create(emulator)))
  emulator.advance(1000)
  return made.map(({ KeyMetadata }) => KeyMetadata?.KeyId ?? '')
}

const replicate = (emulator: TestEmulator, KeyId: string, ReplicaRegion = 'eu-west-1') =>
  refusal(emulator.kms().send(new ReplicateKeyCommand({ KeyId, ReplicaRegion })))

const keyCount = async (emulator: TestEmulator, region: string) =>
  (await emulator.kms(region).send(new ListKeysCommand({}))).Keys?.length

describe('request quotas', () => {
  it('are off until they are switched on, and again after a reset', async () => {
    const emulator = await emulate()
    await Promise.all(Array.from({ length: 20 }, () => create(emulator)))
    const settings = await emulator.door('PUT', '/_emulator/settings', { quotas: true })
    expect(settings.body).toMatchObject({ quotas: true })
    await Promise.all(Array.from({ length: 5 }, () => create(emulator)))
    expect(await refusal(create(emulator))).toBe(THROTTLED)
    await emulator.door('POST', '/_emulator/reset')
    expect((await emulator.door('GET', '/_emulator/settings')).body).toMatchObject({ quotas: false })
    await emulator.door('PUT', '/_emulator/settings', { quotas: true })
    expect(await refusal(create(emulator))).toBe('no refusal')
  })

  it('refuse with HTTP 400, change nothing, and fill up again with time', async () => {
    const emulator = await emulateWithQuotas()
    await Promise.all(Array.from({ length: 5 }, () => create(emulator)))
    const refused = await emulator.post('TrentService.CreateKey', '{}')
    expect([refused.status, await refused.json()]).toMatchObject([400, { __type: 'ThrottlingException' }])
    expect(await keyCount(emulator, 'us-east-1')).toBe(5)
    emulator.advance(199)
    expect(await refusal(create(emulator))).toBe(THROTTLED)
    emulator.advance(1)
    expect(await refusal(create(emulator))).toBe('no refusal')
    expect(await refusal(create(emulator))).toBe(THROTTLED)
    emulator.advance(60_000)
    const rested = await Promise.all(Array.from({ length: 6 }, () => refusal(create(emulator))))
    expect(rested.filter((answer) => answer === 'no refusal')).toHaveLength(5)
    expect(await keyCount(emulator, 'us-east-1')).toBe(11)
  })

  it('count by account, Region and operation', async () => {
    const emulator = await emulateWithQuotas()
    await Promise.all(Array.from({ length: 5 }, () => create(emulator)))
    expect(await refusal(create(emulator))).toBe(THROTTLED)
    expect(await refusal(create(emulator, 'eu-west-1'))).toBe('no refusal')
    expect(await refusal(create(emulator, 'us-east-1', '444455556666'))).toBe('no refusal')
    const alias = { AliasName: 'alias/a', TargetKeyId: randomUUID() }
    expect(await refusal(emulator.kms().send(new CreateAliasCommand(alias)))).toContain('NotFoundException')
  })

  it('also count calls that KMS refuses for another reason', async () => {
    const emulator = await emulateWithQuotas()
    for (let call = 0; call < 5; call += 1) await emulator.post('TrentService.CreateKey', '{"KeySpec":"none"}')
    expect(await refusal(create(emulator))).toBe(THROTTLED)
  })

  it('take two CreateKey in the Region of the replica key, or nothing anywhere', async () => {
    const emulator = await emulateWithQuotas()
    const [a = '', b = '', c = ''] = await givenPrimaries(emulator, 3)
    expect(await replicate(emulator, a)).toBe('no refusal')
    expect(await replicate(emulator, b)).toBe('no refusal')
    expect(await replicate(emulator, c)).toBe(THROTTLED)
    expect(await keyCount(emulator, 'eu-west-1')).toBe(2)
    // Of five there is one left, and the refused ReplicateKey has taken none, there or here.
    expect(await refusal(create(emulator, 'eu-west-1'))).toBe('no refusal')
    expect(await refusal(create(emulator, 'eu-west-1'))).toBe(THROTTLED)
    expect(await replicate(emulator, a, 'eu-west-2')).toBe('no refusal')
    expect(await replicate(emulator, b, 'eu-west-2')).toBe('no refusal')
    expect(await replicate(emulator, c, 'eu-west-3')).toBe('no refusal')
    expect(await replicate(emulator, a, 'eu-west-3')).toBe(THROTTLED)
    emulator.advance(400)
    expect(await replicate(emulator, c)).toBe('no refusal')
  })

  it('take one UpdatePrimaryRegion in each of the two Regions', async () => {
    const emulator = await emulate()
    const keyIds = await givenPrimaries(emulator, 8)
    for (const KeyId of keyIds) {
      await emulator.kms().send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }))
      await emulator.kms().send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'sa-east-1' }))
    }
    emulator.advance(TRANSITION_MS)
    await emulator.door('PUT', '/_emulator/settings', { quotas: true })
    const promote = (KeyId: string | undefined, from: string, PrimaryRegion: string) =>
      refusal(emulator.kms(from).send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion })))
    for (const KeyId of keyIds.slice(0, 3)) expect(await promote(KeyId, 'us-east-1', 'eu-west-1')).toBe('no refusal')
    for (const KeyId of keyIds.slice(3, 5)) expect(await promote(KeyId, 'us-east-1', 'sa-east-1')).toBe('no refusal')
    expect(await promote(keyIds[5], 'us-east-1', 'sa-east-1')).toBe(THROTTLED)
    const untouched = await emulator.kms().send(new DescribeKeyCommand({ KeyId: keyIds[5] }))
    expect(untouched.KeyMetadata?.KeyState).toBe('Enabled')
    // Three of five are taken in eu-west-1, by promotions that were called in us-east-1.
    const there = await Promise.all(
      keyIds.slice(5).map((KeyId) => promote(KeyId, 'eu-west-1', 'ap-south-1')), // refused, but counted
    )
    expect(there.filter((answer) => answer === THROTTLED)).toHaveLength(1)
  })
})

const HIGHEST_QUOTA = 100_000

/** How many such calls pass at one instant, asked without HTTP between, because there may be that many. */
function passing(emulator: TestEmulator, operation: string, body: JsonObject, region: string, quotas = new Quotas()) {
  const context = {
    store: emulator.store,
    operation,
    requestId: randomUUID(),
    account: ACCOUNT,
    partition: partitionOf(region),
    region,
    caller: '',
    now: emulator.now(),
    transitionMs: 0,
    usedKeys: new Set<never>(),
  }
  for (let passed = 0; passed <= HIGHEST_QUOTA; passed += 1) {
    try {
      requireWithinQuotas(quotas, body, context)
    } catch (error) {
      if (error instanceof KmsError && error.name === 'ThrottlingException') return passed
      throw error
    }
  }
  return Number.POSITIVE_INFINITY
}

describe('the table of quotas', () => {
  it('has a row for every operation of KMS', () => {
    const commands = Object.keys(sdk)
      .filter((name) => name.endsWith('Command') && !name.startsWith('$'))
      .map((name) => name.slice(0, -'Command'.length))
    expect(commands.length).toBeGreaterThanOrEqual(56)
    expect([...OPERATIONS.keys(), ...commands].filter((operation) => !hasQuota(operation))).toEqual([])
  })

  it.each([
    ['GetParametersForImport', 'us-east-1', 1],
    ['TagResource', 'us-east-1', 10],
    ['ScheduleKeyDeletion', 'us-east-1', 15],
    ['CreateGrant', 'us-east-1', 50],
    ['ListGrants', 'us-east-1', 100],
    ['ListKeys', 'us-east-1', 500],
    ['GetKeyPolicy', 'us-east-1', 1000],
    ['DescribeKey', 'us-east-1', 2000],
    ['GenerateRandom', 'us-east-1', 100_000],
    ['GenerateRandom', 'eu-central-1', 20_000],
    ['GenerateRandom', 'sa-east-1', 10_000],
  ])('%s passes in %s %i times a second', async (operation, region, times) => {
    expect(passing(await emulate(), operation, {}, region)).toBe(times)
  })

  it.each([
    ['RSA_2048', 'us-east-1', 20],
    ['RSA_3072', 'us-east-1', 4],
    ['RSA_4096', 'us-east-1', 1],
    ['ECC_NIST_P256', 'us-east-1', 100],
    ['ML_KEM_768', 'us-east-1', 100],
    ['RSA_2048', 'cn-north-1', 1],
    ['RSA_4096', 'cn-north-1', 1], // at one instant; a tenth of one a second
    ['SM2', 'cn-north-1', 25],
  ])('data key pairs of %s share in %s %i a second with those without plaintext', async (spec, region, times) => {
    const emulator = await emulate()
    const quotas = new Quotas()
    expect(passing(emulator, 'GenerateDataKeyPair', { KeyPairSpec: spec }, region, quotas)).toBe(times)
    expect(passing(emulator, 'GenerateDataKeyPairWithoutPlaintext', { KeyPairSpec: spec }, region, quotas)).toBe(0)
    expect(passing(emulator, 'GenerateDataKeyPair', { KeyPairSpec: 'ECC_NIST_P521' }, region, quotas)).toBe(100)
  })

  it('has a row for every spec of a data key pair', async () => {
    const emulator = await emulate()
    for (const KeyPairSpec of Object.values(sdk.DataKeyPairSpec)) {
      expect(passing(emulator, 'GenerateDataKeyPair', { KeyPairSpec }, 'us-east-1'), KeyPairSpec).toBeLessThan(101)
    }
  })

  it('gives back a tenth of a request a second', () => {
    const quotas = new Quotas()
    const demand = { region: 'cn-north-1', quota: 'x', perSecond: 0.1, requests: 1 }
    expect([0, 9_999, 10_000, 10_000].map((ms) => quotas.take(ACCOUNT, [demand], START + ms))).toEqual([
      true,
      false,
      true,
      false,
    ])
  })

  it('counts cryptography by the kind of the key, however it is named', async () => {
    const emulator = await emulate()
    const kms = emulator.kms('eu-central-1')
    const made = async (KeySpec: sdk.KeySpec, KeyUsage: sdk.KeyUsageType) =>
      (await kms.send(new CreateKeyCommand({ KeySpec, KeyUsage }))).KeyMetadata
    const symmetric = await made('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT')
    const hmac = await made('HMAC_256', 'GENERATE_VERIFY_MAC')
    const rsa = await made('RSA_2048', 'ENCRYPT_DECRYPT')
    const rsaSigning = await made('RSA_3072', 'SIGN_VERIFY')
    const ecc = await made('ECC_NIST_P256', 'SIGN_VERIFY')
    const edwards = await made('ECC_NIST_EDWARDS25519', 'SIGN_VERIFY')
    const mlDsa = await made('ML_DSA_44', 'SIGN_VERIFY')
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/rsa', TargetKeyId: rsa?.KeyId }))
    const quotas = new Quotas()
    const times = (operation: string, body: JsonObject) => passing(emulator, operation, body, 'eu-central-1', quotas)

    expect(times('ReEncrypt', { SourceKeyId: rsa?.Arn, DestinationKeyId: symmetric?.KeyId })).toBe(1000)
    expect(times('Encrypt', { KeyId: rsa?.KeyId })).toBe(0)
    expect(times('Decrypt', { KeyId: 'alias/rsa' })).toBe(0)
    expect(times('Sign', { KeyId: rsaSigning?.Arn })).toBe(0)
    expect(times('Verify', { KeyId: ecc?.Arn })).toBe(1000)
    expect(times('Sign', { KeyId: edwards?.KeyId })).toBe(0)
    expect(times('Sign', { KeyId: mlDsa?.KeyId })).toBe(1000)
    expect(times('Decrypt', {})).toBe(19_000)
    expect(times('GenerateMac', { KeyId: hmac?.KeyId })).toBe(0)
    expect(times('GenerateDataKey', { KeyId: symmetric?.KeyId })).toBe(0)
    expect(times('DescribeKey', { KeyId: symmetric?.KeyId })).toBe(2000)
  })
})

describe('a token bucket', () => {
  it('never lets more pass in any stretch of time than what it holds and what flowed in', () => {
    const calls = fc.array(fc.record({ wait: fc.nat(700), requests: fc.integer({ min: 1, max: 3 }) }), { minLength: 1 })
    fc.assert(
      fc.property(calls, fc.integer({ min: 3, max: 50 }), (sequence, perSecond) => {
        const quotas = new Quotas()
        let now = START
        const passed: { at: number; requests: number }[] = []
        for (const { wait, requests } of sequence) {
          now += wait
          const demand = { region: 'us-east-1', quota: 'x', perSecond, requests }
          if (quotas.take(ACCOUNT, [demand], now)) passed.push({ at: now, requests })
        }
        for (const [first, { at: from }] of passed.entries()) {
          let taken = 0
          for (const { at, requests } of passed.slice(first)) {
            taken += requests
            expect(taken).toBeLessThanOrEqual(perSecond + ((at - from) * perSecond) / 1000)
          }
        }
      }),
    )
  })
})

describe('the quota of keys', () => {
  it('is 100,000 in an account and Region, those that AWS services manage not counted', async () => {
    const emulator = await emulate()
    const primary = await create(emulator, 'eu-west-1')
    const addKeys = (count: number, keyManager: 'CUSTOMER' | 'AWS') => {
      for (let added = 0; added < count; added += 1) {
        emulator.store.addFamily(
          {
            account: ACCOUNT,
            partition: 'aws',
            keyId: randomUUID(),
            keyManager,
            keySpec: 'SYMMETRIC_DEFAULT',
            keyUsage: 'ENCRYPT_DECRYPT',
            origin: 'AWS_KMS',
            multiRegion: false,
            materials: [],
            rotation: { enabled: false, periodInDays: 365, onDemandCount: 0 },
          },
          { region: 'us-east-1', createdAt: START, keyState: 'Enabled', description: '', policy: '', tags: [] },
        )
      }
    }
    addKeys(10, 'AWS')
    addKeys(99_999, 'CUSTOMER')
    expect(await refusal(create(emulator))).toBe('no refusal')
    expect(await refusal(create(emulator))).toContain('LimitExceededException')
    expect(await refusal(create(emulator, 'us-east-1', '444455556666'))).toBe('no refusal')
    const replica = { KeyId: primary.KeyMetadata?.KeyId, ReplicaRegion: 'us-east-1' }
    const refused = await refusal(emulator.kms('eu-west-1').send(new ReplicateKeyCommand(replica)))
    expect(refused).toContain('LimitExceededException')
  })
})
