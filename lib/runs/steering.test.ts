import { describe, expect, it } from 'vitest'
import { familyOf, memberIn } from '@/lib/topology/family'
import { openFile, openRooms } from './rooms-for-tests'
import type { Runs } from './runs'

const FROM = 'us-east-1'
const TO = 'eu-west-1'
const THIRD = 'ap-southeast-1'
/** Longer than any test: what settles so slowly is still settling when it is looked at. */
const FOREVER_MS = 3_600_000

const { emulator, rooms, runs } = await openFile()

async function givenFamily(replicaRegions: string[] = []): Promise<string> {
  const run = await rooms.done(runs, { kind: 'create-primary', region: FROM, replicaRegions })
  await emulator.forgetCalls()
  return run.keyIds[0] ?? ''
}

const replicate = (keyId: string, region = TO) => ({ kind: 'replicate', keyId, toRegions: [region] })

/** A run that waits for ever for a replica key; its steps are the call, the wait and the proof. */
async function givenWaitingRun() {
  const keyId = await givenFamily()
  await emulator.settings({ transitionMs: FOREVER_MS })
  const id = await rooms.started(runs, replicate(keyId))
  await rooms.stepReached(runs, id, 2, 'waiting')
  return { id, keyId }
}

/** What cannot be read is waited for, until it can be. */
const hide = () => emulator.fail('DescribeKey', { failNext: 1_000_000, with: 'AccessDeniedException', region: FROM })
const unhide = () => emulator.fail('DescribeKey', { failNext: 0, with: 'AccessDeniedException', region: FROM })

/** A run that waits for its new key until `unhide`; its steps are the call and the wait. */
async function givenHiddenRun(by: Runs = runs) {
  await emulator.forgetCalls()
  await hide()
  const id = await rooms.started(by, { kind: 'create-primary', region: FROM })
  await rooms.stepReached(by, id, 2, 'waiting')
  const [keyId = ''] = (await by.get(id))?.keyIds ?? []
  return { id, keyId }
}

/** A run whose first step has been refused. */
async function givenFailedRun() {
  const keyId = await givenFamily()
  await emulator.fail('ReplicateKey', { failNext: 1, with: 'AccessDeniedException' })
  const id = await rooms.started(runs, replicate(keyId))
  return { keyId, run: await rooms.reached(runs, id, 'failed') }
}

describe('a step that fails', () => {
  it('stops the run, says what to do, and lets others have the family', async () => {
    const { keyId, run } = await givenFailedRun()
    expect(run.steps.map(({ status }) => status)).toEqual(['failed', 'pending', 'pending'])
    expect(run.steps[0]).toMatchObject({
      requestId: expect.any(String),
      error: { name: 'AccessDeniedException', whatToDo: expect.stringContaining('permission') },
    })
    expect(run.message).toMatch(/^Stopped at step 1, Replicate to eu-west-1: .*Retry goes on from there\.$/)
    expect(run.endedAt).not.toBeNull()
    await rooms.done(runs, replicate(keyId, THIRD))
  })

  it('goes on from there when it is retried', async () => {
    const { run } = await givenFailedRun()
    expect(await runs.retry(run.id, 'bob')).toEqual({ ok: true, value: { id: run.id } })
    const again = await rooms.reached(runs, run.id, 'succeeded')
    expect(again.steps.map(({ status }) => status)).toEqual(['done', 'done', 'done'])
    expect(again.steps[0]?.error).toBeNull()
    expect(await emulator.calls(FROM, 'ReplicateKey')).toBe(2)
  })

  it('is retried only while no other run holds the family', async () => {
    const { keyId, run } = await givenFailedRun()
    await emulator.settings({ transitionMs: FOREVER_MS })
    const other = await rooms.started(runs, replicate(keyId, THIRD))
    expect(await runs.retry(run.id, 'bob')).toMatchObject({
      ok: false,
      error: { code: 'held', message: expect.stringContaining(other) },
    })
    await runs.abort(other, 'bob')
    await rooms.reached(runs, other, 'aborted')
    await emulator.settings({ transitionMs: 1 })
    await runs.retry(run.id, 'bob')
    await rooms.reached(runs, run.id, 'succeeded')
  })
})

describe('a wait', () => {
  it('says what is waited for, and that a Region does not answer, without failing', async () => {
    const { id } = await givenHiddenRun()
    await emulator.fault(FROM, 'unreachable')
    await unhide()
    await expect
      .poll(async () => (await runs.get(id))?.steps[1]?.message, { timeout: 10_000 })
      .toMatch(/us-east-1 closed the connection/)
    await emulator.fault(FROM, null)
    const run = await rooms.reached(runs, id, 'succeeded')
    expect(run.steps[1]?.message).toBe(`${FROM} says Enabled`)
  })

  it('says that it is still waiting once its deadline has passed, and goes on', async () => {
    // With a database of its own, or a patient process would do the work.
    const others = await openRooms()
    const impatient = others.newRuns({ minuteMs: 0 })
    await impatient.start()
    const { id } = await givenHiddenRun(impatient)
    const waiting = await rooms.reached(impatient, id, 'waiting')
    expect(waiting.message).toMatch(/^Still waiting: /)
    expect(waiting.steps[1]).toMatchObject({ status: 'waiting', message: waiting.message, error: null })
    expect(waiting.parts).toMatchObject([{ status: 'waiting' }])
    await unhide()
    await rooms.reached(impatient, id, 'succeeded')
    await others.close()
  })
})

describe('abort', () => {
  it('ends a wait at once, keeps what was done and lets others have the family', async () => {
    const { id, keyId } = await givenWaitingRun()
    expect(await runs.abort(id, 'bob')).toEqual({ ok: true, value: { id } })
    const run = await rooms.reached(runs, id, 'aborted')
    expect(run.steps.map(({ status }) => status)).toEqual(['done', 'skipped', 'skipped'])
    expect(run.message).toBe('Aborted by bob after 1 of 3 steps: what was done stays')
    await emulator.settings({ transitionMs: 1 })
    await rooms.done(runs, replicate(keyId, THIRD))
  })

  it('lets the call that is under way finish first', async () => {
    const keyId = await givenFamily()
    await emulator.settings({ transitionMs: FOREVER_MS })
    await emulator.slow(FROM, 300)
    const id = await rooms.started(runs, replicate(keyId))
    await rooms.stepReached(runs, id, 1, 'running')
    await runs.abort(id, 'bob')
    const run = await rooms.reached(runs, id, 'aborted')
    expect(run.steps[0]).toMatchObject({ status: 'done', requestId: expect.any(String) })
    expect(await emulator.calls(FROM, 'ReplicateKey')).toBe(1)
  })

  it('and retry, pause and resume answer in words when the run has ended', async () => {
    const { id } = await givenWaitingRun()
    await runs.abort(id, 'bob')
    await rooms.reached(runs, id, 'aborted')
    for (const how of ['abort', 'retry', 'pause', 'resume'] as const) {
      expect(await runs[how](id, 'bob')).toMatchObject({
        ok: false,
        error: { code: 'conflict', message: expect.stringMatching(/^The run was aborted: it cannot be /) },
      })
      expect(await runs[how]('unknown', 'bob')).toMatchObject({ ok: false, error: { code: 'not-found' } })
    }
  })
})

describe('pause', () => {
  it('holds the family, and resume goes on where it was', async () => {
    const { id, keyId } = await givenHiddenRun()
    expect(await runs.resume(id, 'bob')).toMatchObject({ ok: false, error: { code: 'conflict' } })
    await runs.pause(id, 'bob')
    const paused = await rooms.reached(runs, id, 'paused')
    expect(paused.message).toBe('Paused by bob: press Resume to go on')
    await unhide()
    expect(await rooms.start(runs, replicate(keyId, THIRD))).toMatchObject({ ok: false, error: { code: 'held' } })
    expect(await runs.resume(id, 'bob')).toEqual({ ok: true, value: { id } })
    await rooms.reached(runs, id, 'succeeded')
    expect(await emulator.calls(FROM, 'CreateKey')).toBe(1)
  })

  it('may be followed by resume or abort at once', async () => {
    const { id } = await givenHiddenRun()
    await Promise.all([runs.pause(id, 'bob'), runs.resume(id, 'bob')])
    await runs.resume(id, 'bob')
    await unhide()
    await rooms.reached(runs, id, 'succeeded')

    const other = await givenWaitingRun()
    await runs.pause(other.id, 'bob')
    await rooms.reached(runs, other.id, 'paused')
    await runs.abort(other.id, 'carol')
    const run = await rooms.reached(runs, other.id, 'aborted')
    expect(run.message).toContain('Aborted by carol')
  })
})

describe('a proof', () => {
  it('that is not permitted, or cannot be tried, is said and does not fail the run', async () => {
    const keyId = await givenFamily([TO])
    await emulator.fail('Encrypt', { failNext: 2, with: 'AccessDeniedException' })
    const run = await rooms.done(runs, { kind: 'promote', keyId, toRegion: TO })
    expect(run.steps[0]?.message).toMatch(/^To make a proof in us-east-1 is not permitted/)
    expect(run.message).toContain('Not everything could be proven')
    expect(memberRole(keyId, TO)).toBe('PRIMARY')

    await emulator.fail('Decrypt', { failNext: 1, with: 'AccessDeniedException', region: FROM })
    const back = await rooms.done(runs, { kind: 'promote', keyId, toRegion: FROM })
    expect(back.steps[0]?.message).toBe(`Proven in ${TO}. Not permitted to try it in ${FROM}`)
  })

  it('that fails stops the run before the change', async () => {
    const keyId = await givenFamily([TO])
    await emulator.fail('Decrypt', { failNext: 1, with: 'InvalidCiphertextException', region: TO })
    const id = await rooms.started(runs, { kind: 'promote', keyId, toRegion: TO })
    const run = await rooms.reached(runs, id, 'failed')
    expect(run.steps[0]).toMatchObject({
      status: 'failed',
      error: { name: 'ProofFailed', whatToDo: expect.stringContaining(TO) },
      output: { proof: expect.arrayContaining([expect.objectContaining({ to: TO, result: 'failed' })]) },
    })
    expect(await emulator.calls(FROM, 'UpdatePrimaryRegion')).toBe(0)
  })

  it('is tried again for a moment in a member that is not found yet', async () => {
    const keyId = await givenFamily()
    await emulator.fail('Decrypt', { failNext: 1, with: 'NotFoundException', region: TO })
    const run = await rooms.done(runs, replicate(keyId))
    expect(run.steps.at(-1)?.output.proof).toMatchObject([{ to: TO, result: 'proven' }])
    expect(await emulator.calls(TO, 'Decrypt')).toBe(2)
  })
})

const memberRole = (keyId: string, region: string) => {
  const family = familyOf(rooms.inventory.topology(), keyId)
  return family && memberIn(family, region)?.role
}

describe('the list', () => {
  it('has the newest run first, and listeners hear of each change', async () => {
    const heard: string[] = []
    const end = runs.subscribe((id) => heard.push(id))
    const keyId = await givenFamily()
    const run = await rooms.done(runs, replicate(keyId))
    end()
    expect((await runs.list(2)).map(({ kind }) => kind)).toEqual(['replicate', 'create-primary'])
    expect((await runs.list(1))[0]).toEqual(run)
    expect(heard.filter((id) => id === run.id).length).toBeGreaterThanOrEqual(2 * run.steps.length)
    const before = heard.length
    await givenFamily()
    expect(heard).toHaveLength(before)
  })
})
