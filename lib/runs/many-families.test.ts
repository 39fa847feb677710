import { describe, expect, it } from 'vitest'
import type { Run } from '@/lib/plans/run'
import { familyOf } from '@/lib/topology/family'
import { givenFleet as fleet } from './fleet-for-tests'
import { openFile } from './rooms-for-tests'

const FROM = 'us-east-1'
const TO = 'eu-west-1'
/** Long enough to do something while a promotion settles, on a busy machine too. */
const SLOWLY_MS = 3_000

const { emulator, rooms, runs } = await openFile()

const givenFleet = (many: number) => fleet(emulator, rooms.inventory, many)

const evacuate = { kind: 'evacuate', fromRegion: FROM, preferred: [TO], waveSize: 2, maxFailures: 1 }
const start = (other: object = {}) => rooms.started(runs, { ...evacuate, ...other })

const partsOf = ({ parts }: Run) => parts.map(({ status }) => status)

async function promoted(): Promise<string[]> {
  const calls = await emulator.callsOf('UpdatePrimaryRegion')
  return calls.filter(({ outcome }) => outcome.startsWith('ok')).map(({ key = '' }) => key.replace(/^.*\//, ''))
}

const primaryOf = (keyId: string) => familyOf(rooms.inventory.topology(), keyId)?.primaryRegion

/** The next promotions of KMS are refused. */
const refuse = (failNext: number) => emulator.fail('UpdatePrimaryRegion', { failNext, with: 'AccessDeniedException' })

const patiently = { timeout: 20_000, interval: 20 }

describe('a run over many families', () => {
  it('promotes a canary family first, then the others in waves, each once', async () => {
    const keyIds = await givenFleet(6)
    const run = await rooms.reached(runs, await start(), 'succeeded')
    expect(run.message).toBe('Done: Evacuate us-east-1. 6 of 6 families promoted.')
    expect(partsOf(run)).toEqual(Array(6).fill('done'))
    expect(run.counts).toMatchObject({ parts: { done: 6, failed: 0 }, steps: { all: 24, finished: 24 } })
    const calls = await promoted()
    expect(calls[0]).toBe(run.parts[0]?.keyId)
    expect(calls.toSorted()).toEqual(keyIds.toSorted())
    for (const keyId of keyIds) expect(primaryOf(keyId)).toBe(TO)

    const ended = (wave: number) => run.parts.filter((part) => part.wave === wave)
    const canary = ended(1).map(({ endedAt }) => endedAt ?? '')
    for (const { startedAt } of ended(2)) expect((startedAt ?? '') >= (canary[0] ?? 'never')).toBe(true)
  })

  it('is listed with counts alone when it has many steps', async () => {
    await givenFleet(14)
    const id = await start({ waveSize: 20 })
    const run = await rooms.reached(runs, id, 'succeeded')
    const listed = (await runs.list(10)).find((each) => each.id === id)
    expect(listed).toEqual({ ...run, parts: [], steps: [] })
  })

  it('begins no other family when the canary fails, until it is tried again', async () => {
    await givenFleet(4)
    await refuse(1)
    const id = await start({ maxFailures: 3 })
    const failed = await rooms.reached(runs, id, 'failed')
    expect(partsOf(failed)).toEqual(['failed', 'pending', 'pending', 'pending'])
    expect(failed.message).toMatch(/^0 of 4 families promoted; 1 failed and is unchanged; 3 not begun\. The canary/)
    expect(failed.parts[0]?.message).toMatch(/^Stopped at step 2, .*Retry goes on from there\.$/)
    expect(await emulator.callsOf('UpdatePrimaryRegion')).toHaveLength(1)

    expect(await runs.retry(id, 'bob')).toMatchObject({ ok: true })
    const run = await rooms.reached(runs, id, 'succeeded')
    expect(run.message).toBe('Done: Evacuate us-east-1. 4 of 4 families promoted.')
    expect(await promoted()).toHaveLength(4)
  })

  it('stops before the next wave when more have failed than may; what failed is retried or left out', async () => {
    await givenFleet(7)
    await emulator.settings({ transitionMs: SLOWLY_MS })
    const id = await start()
    await expect.poll(promoted, patiently).toHaveLength(1)
    // The canary family settles meanwhile. Both of the wave after it are refused.
    await emulator.settings({ transitionMs: 1 })
    await refuse(2)
    const failed = await rooms.reached(runs, id, 'failed')
    expect(partsOf(failed)).toEqual(['done', 'failed', 'failed', ...Array(4).fill('pending')])
    expect(failed.message).toContain('More failed than the 1 that may: no further wave was begun.')

    const [first, second] = failed.parts.filter(({ status }) => status === 'failed')
    expect(await runs.skip(id, 'bob', { part: 1, reason: 'No' })).toMatchObject({
      ok: false,
      error: { code: 'conflict', message: expect.stringContaining('has not failed') },
    })
    expect(await runs.skip(id, 'bob', { part: first?.number ?? 0, reason: 'Owned by others' })).toMatchObject({
      ok: true,
    })
    const left = await runs.get(id)
    expect(left).toMatchObject({ status: 'failed', counts: { parts: { skipped: 1, failed: 1 } } })
    expect(left?.parts[(first?.number ?? 0) - 1]).toMatchObject({
      reason: 'Owned by others',
      message: 'Skipped by bob: Owned by others',
    })

    expect(await runs.retry(id, 'bob', second?.number)).toMatchObject({ ok: true })
    const run = await rooms.reached(runs, id, 'succeeded')
    expect(run.message).toBe('Done: Evacuate us-east-1. 6 of 7 families promoted; 1 skipped.')
    expect(primaryOf(first?.keyId ?? '')).toBe(FROM)
  })

  /** A run whose canary family is done, and whose next family waits for KMS. */
  async function givenRunInSecondWave(waveSize: number) {
    await emulator.settings({ transitionMs: SLOWLY_MS })
    const id = await start({ waveSize })
    await expect.poll(async () => (await runs.get(id))?.steps[6]?.status, patiently).toBe('waiting')
    return id
  }

  it('pauses with every family in a state from which it goes on', async () => {
    const keyIds = await givenFleet(5)
    const id = await givenRunInSecondWave(3)
    expect(await runs.pause(id, 'bob')).toMatchObject({ ok: true })
    const paused = await rooms.reached(runs, id, 'paused')
    expect(paused.message).toBe('Paused by bob: press Resume to go on. 1 of 5 families promoted; 4 to go.')
    expect(partsOf(paused)).toEqual(['done', ...Array(4).fill('pending')])
    expect(paused.parts[1]?.message).toMatch(/^Stopped before step 3 of 4, /)
    const held = await rooms.start(runs, { kind: 'promote', keyId: keyIds[4] ?? '', toRegion: TO })
    expect(held).toMatchObject({ ok: false, error: { code: 'held' } })

    await emulator.settings({ transitionMs: 1 })
    expect(await runs.resume(id, 'bob')).toMatchObject({ ok: true })
    await rooms.reached(runs, id, 'succeeded')
    expect((await promoted()).toSorted()).toEqual(keyIds.toSorted())
  })

  it('aborts with what was done named, and lets go of all families', async () => {
    const keyIds = await givenFleet(5)
    const id = await givenRunInSecondWave(1)
    await runs.abort(id, 'bob')
    const run = await rooms.reached(runs, id, 'aborted')
    expect(run.message).toBe('Aborted by bob: what was done stays. 1 of 5 families promoted; 4 not finished.')
    expect(run.parts[1]?.message).toBe('Aborted by bob after 2 of 4 steps: what was done stays')
    expect(run.steps.map(({ status }) => status)).toEqual([...Array(6).fill('done'), ...Array(14).fill('skipped')])
    expect(await runs.holderOf(keyIds)).toBeNull()
  })
})
