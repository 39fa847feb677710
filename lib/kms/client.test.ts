import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MARK_TAG } from '@/lib/topology/mark-tag'
import { callKms } from './call'
import { describeMember } from './describe-member'
import { type RegionFault, startEmulator, type TestEmulator } from './emulator-for-tests'
import type { KmsErrorKind } from './errors'
import { findMarkedKey } from './find-marked-key'
import { listKeys } from './list-keys'
import { callCounts } from './pacing'

const REGION = 'eu-west-1'
const here = { region: REGION, purpose: 'run' } as const

let emulator: TestEmulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator?.stop())
beforeEach(async () => {
  await emulator.load('empty')
  await emulator.fault(REGION, null)
  await emulator.forgetCalls()
})

const createMarked = (mark: string) =>
  callKms({
    region: REGION,
    operation: 'CreateKey',
    input: { MultiRegion: true, Tags: [{ TagKey: MARK_TAG, TagValue: mark }] },
  })

describe('a change', () => {
  it('is sent once when its answer is lost, and the key that it made is found by its mark', async () => {
    const createdAfter = new Date().toISOString()
    await createMarked('run-1/step-1')
    await emulator.dropAnswer('CreateKey')
    await emulator.forgetCalls()
    await expect(createMarked('run-2/step-1')).rejects.toMatchObject({ kind: 'unreachable', mayHaveHappened: true })
    expect(await emulator.calls(REGION, 'CreateKey')).toBe(1)

    const found = await findMarkedKey(here, { mark: 'run-2/step-1', createdAfter })
    expect(found).toMatch(/^mrk-/)
    expect(await findMarkedKey(here, { mark: 'run-1/step-1', createdAfter })).not.toBe(found)
    expect(await findMarkedKey(here, { mark: 'run-3/step-1', createdAfter })).toBeNull()
  })

  it('does not take a key for its own that was made long before', async () => {
    await createMarked('run-1/step-1')
    const createdAfter = new Date(Date.now() + 3_600_000).toISOString()
    expect(await findMarkedKey(here, { mark: 'run-1/step-1', createdAfter })).toBeNull()
  })

  it.each(['KMSInternalException', 'ThrottlingException', 'LimitExceededException'])(
    'is sent once when KMS answers %s',
    async (name) => {
      await emulator.fail('CreateKey', { failNext: 1, with: name })
      await expect(createMarked('run-1/step-1')).rejects.toMatchObject({ awsName: name })
      expect(await emulator.calls(REGION, 'CreateKey')).toBe(1)
      expect(await listKeys(here)).toEqual([])
    },
  )

  it('answers its request id, and the key id of a created key', async () => {
    const created = await createMarked('run-1/step-1')
    expect(created).toEqual({ requestId: expect.any(String), keyId: expect.stringMatching(/^mrk-[0-9a-f]{32}$/) })
    const alias = await callKms({
      region: REGION,
      operation: 'CreateAlias',
      input: { AliasName: 'alias/billing', TargetKeyId: created.keyId },
    })
    expect(alias).toEqual({ requestId: expect.any(String) })
  })
})

describe('a read', () => {
  it('asks again after a passing failure of the service', async () => {
    const counted = () =>
      callCounts()
        .filter(({ region, operation }) => region === REGION && operation === 'ListKeys')
        .reduce((sum, { count }) => sum + count, 0)
    const before = counted()
    await emulator.fail('ListKeys', { failNext: 1, with: 'KMSInternalException' })
    await expect(listKeys(here)).resolves.toEqual([])
    expect(await emulator.calls(REGION, 'ListKeys')).toBe(2)
    expect(counted() - before).toBe(2)
  })

  it('asks again after throttling, and at last gives up', async () => {
    await emulator.fail('ListKeys', { failNext: 2, with: 'ThrottlingException' })
    await expect(listKeys(here)).resolves.toEqual([])
    await emulator.fail('ListKeys', { failNext: 9, with: 'ThrottlingException' })
    await emulator.forgetCalls()
    await expect(listKeys(here)).rejects.toMatchObject({ kind: 'throttled' })
    expect(await emulator.calls(REGION, 'ListKeys')).toBe(3)
    await emulator.fail('ListKeys', { failNext: 0, with: 'ThrottlingException' })
  })

  it('does not take LimitExceededException for throttling', async () => {
    await emulator.fail('ListKeys', { failNext: 3, with: 'LimitExceededException' })
    await expect(listKeys(here)).rejects.toMatchObject({ kind: 'limit' })
    expect(await emulator.calls(REGION, 'ListKeys')).toBe(1)
  })

  it('gives a Region that hangs one chance only, and says that it did not answer', async () => {
    await emulator.fault(REGION, 'hang')
    await expect(listKeys(here)).rejects.toMatchObject({
      kind: 'unreachable',
      awsName: 'TimeoutError',
      message: 'KMS in eu-west-1 did not answer in time',
    })
    await emulator.fault(REGION, null)
    expect(await emulator.calls(REGION, 'ListKeys')).toBe(1)
  })

  it.each<[RegionFault, KmsErrorKind]>([
    ['unreachable', 'unreachable'],
    ['denied', 'denied'],
    ['throttled', 'throttled'],
  ])('of a Region that is %s fails with the kind %s', async (fault, kind) => {
    await emulator.fault(REGION, fault)
    await expect(listKeys(here)).rejects.toMatchObject({ kind, region: REGION })
  })

  it('can be given up', async () => {
    await emulator.fault(REGION, 'hang')
    const given = new AbortController()
    const reading = listKeys({ ...here, signal: given.signal })
    given.abort()
    await expect(reading).rejects.toMatchObject({ awsName: 'AbortError' })
  })

  it('of a key that does not exist says so with the request id', async () => {
    await expect(describeMember(here, `mrk-${'0'.repeat(32)}`)).rejects.toMatchObject({
      kind: 'not-found',
      awsName: 'NotFoundException',
      requestId: expect.any(String),
    })
  })
})
