import { describe, expect, it } from 'vitest'
import { familyOf, memberIn } from '@/lib/topology/family'
import { openFile } from './rooms-for-tests'

const FROM = 'us-east-1'
const TO = 'eu-west-1'

const { emulator, rooms, runs } = await openFile()

async function givenFamily(replicaRegions: string[]): Promise<string> {
  const run = await rooms.done(runs, { kind: 'create-primary', region: FROM, replicaRegions })
  await emulator.forgetCalls()
  return run.keyIds[0] ?? ''
}

const stateOf = (keyId: string, region: string) => {
  const family = familyOf(rooms.inventory.topology(), keyId)
  return family && memberIn(family, region)?.state
}

describe('an answer that is lost', () => {
  it.each([1, 400])('after CreateKey makes no second key (settling in %i ms)', async (transitionMs) => {
    await emulator.load('empty')
    await emulator.settings({ transitionMs })
    await emulator.forgetCalls()
    await emulator.dropAnswer('CreateKey')
    const run = await rooms.done(runs, { kind: 'create-primary', region: FROM, alias: 'alias/orders' })
    expect(run.steps[0]).toMatchObject({ status: 'done', output: { keyId: run.keyIds[0] } })
    expect(await emulator.calls(FROM, 'CreateKey')).toBe(1)
    const { families } = await rooms.inventory.refresh()
    expect(families.map(({ keyId }) => keyId)).toEqual(run.keyIds)
  })

  it.each([1, 400])('after ReplicateKey makes one replica key (settling in %i ms)', async (transitionMs) => {
    const keyId = await givenFamily([])
    await emulator.settings({ transitionMs })
    await emulator.dropAnswer('ReplicateKey')
    await rooms.done(runs, { kind: 'replicate', keyId, toRegions: [TO] })
    expect(await emulator.calls(FROM, 'ReplicateKey')).toBe(1)
    expect(stateOf(keyId, TO)).toBe('Enabled')
  })

  it.each([1, 400])('after UpdatePrimaryRegion promotes once (settling in %i ms)', async (transitionMs) => {
    const keyId = await givenFamily([TO])
    await emulator.settings({ transitionMs })
    await emulator.dropAnswer('UpdatePrimaryRegion')
    const run = await rooms.done(runs, { kind: 'promote', keyId, toRegion: TO })
    expect(run.message).toContain(`${TO} is the primary, and ${FROM} agrees`)
    expect(await emulator.calls(FROM, 'UpdatePrimaryRegion')).toBe(1)
    expect(await emulator.calls(TO, 'UpdatePrimaryRegion')).toBe(0)
  })

  it('after RotateKeyOnDemand rotates once', async () => {
    const keyId = await givenFamily([])
    await emulator.dropAnswer('RotateKeyOnDemand')
    await rooms.done(runs, { kind: 'rotate-now', keyId })
    expect(await emulator.calls(FROM, 'RotateKeyOnDemand')).toBe(1)
  })
})

describe('a call that KMS failed at', () => {
  it('is sent again when no trace of it is found and KMS would refuse a second one', async () => {
    const keyId = await givenFamily([])
    await emulator.fail('ReplicateKey', { failNext: 1, with: 'KMSInternalException' })
    await rooms.done(runs, { kind: 'replicate', keyId, toRegions: [TO] })
    expect(await emulator.calls(FROM, 'ReplicateKey')).toBe(2)
    expect(stateOf(keyId, TO)).toBe('Enabled')
  })

  it('is left to a person when it would make a second key', async () => {
    await emulator.forgetCalls()
    await emulator.fail('CreateKey', { failNext: 1, with: 'KMSInternalException' })
    const id = await rooms.started(runs, { kind: 'create-primary', region: FROM })
    const failed = await rooms.reached(runs, id, 'failed')
    expect(failed.steps[0]?.error).toMatchObject({
      name: 'KMSInternalException',
      message: expect.stringContaining('no trace of the change was found'),
    })
    expect(await emulator.calls(FROM, 'CreateKey')).toBe(1)
    expect(await runs.retry(id, 'bob')).toEqual({ ok: true, value: { id } })
    await rooms.reached(runs, id, 'succeeded')
    expect(await emulator.calls(FROM, 'CreateKey')).toBe(2)
  })

  it('is tried again after "too many requests", and never after a quota that is used up', async () => {
    const keyId = await givenFamily([])
    await emulator.fail('CreateAlias', { failNext: 2, with: 'ThrottlingException' })
    const changes = [{ regions: [FROM], name: 'alias/throttled', change: 'create' }]
    const throttled = await rooms.started(runs, { kind: 'set-aliases', keyId, changes })
    await rooms.reached(runs, throttled, 'succeeded')
    expect(await emulator.calls(FROM, 'CreateAlias')).toBe(3)

    await emulator.fail('ReplicateKey', { failNext: 1, with: 'LimitExceededException' })
    const id = await rooms.started(runs, { kind: 'replicate', keyId, toRegions: [TO] })
    const failed = await rooms.reached(runs, id, 'failed')
    expect(failed.steps[0]?.error).toMatchObject({ name: 'LimitExceededException' })
    expect(await emulator.calls(FROM, 'ReplicateKey')).toBe(1)
  })

  it('is waited for while a key that the run made is not found yet', async () => {
    await emulator.forgetCalls()
    await emulator.fail('CreateAlias', { failNext: 2, with: 'NotFoundException' })
    await rooms.done(runs, { kind: 'create-primary', region: FROM, alias: 'alias/newborn' })
    expect(await emulator.calls(FROM, 'CreateAlias')).toBe(3)
  })
})

describe('a step that is done already', () => {
  it('is not called', async () => {
    const keyId = await givenFamily([])
    await emulator.fail('ReplicateKey', { failNext: 1, with: 'AccessDeniedException' })
    const id = await rooms.started(runs, { kind: 'replicate', keyId, toRegions: [TO] })
    await rooms.reached(runs, id, 'failed')
    // Somebody else mends it meanwhile.
    await rooms.done(runs, { kind: 'replicate', keyId, toRegions: [TO] })
    await emulator.forgetCalls()
    await runs.retry(id, 'bob')
    const run = await rooms.reached(runs, id, 'succeeded')
    expect(await emulator.calls(FROM, 'ReplicateKey')).toBe(0)
    expect(run.steps[0]).toMatchObject({ status: 'done', requestId: null, message: `${TO} says Enabled` })
  })
})
