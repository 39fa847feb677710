import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startEmulator, type TestEmulator } from '@/lib/kms/emulator-for-tests'
import { runs } from '@/lib/store/schema'
import { openRooms, REGIONS, type Rooms } from './rooms-for-tests'
import type { Runs } from './runs'

const FROM = 'us-east-1'
const TO = 'eu-west-1'

let emulator: TestEmulator
let rooms: Rooms

beforeAll(async () => {
  emulator = await startEmulator()
  rooms = await openRooms()
})
afterAll(async () => {
  await rooms?.close()
  await emulator?.stop()
})
beforeEach(async () => {
  for (const region of REGIONS) await emulator.fault(region, null)
  await emulator.settings({ transitionMs: 1 })
  await emulator.forgetCalls()
})

/** The process that carries the run out. */
const workerOf = async (id: string) =>
  (await rooms.store.db.select({ worker: runs.worker }).from(runs).where(eq(runs.id, id)))[0]?.worker

/** What cannot be read is waited for, until it can be. */
const hide = () => emulator.fail('DescribeKey', { failNext: 1_000_000, with: 'AccessDeniedException', region: FROM })
const unhide = () => emulator.fail('DescribeKey', { failNext: 0, with: 'AccessDeniedException', region: FROM })

/** A run that waits for its new key until `unhide`. */
async function givenWaitingRun(by: Runs): Promise<string> {
  await hide()
  const id = await rooms.started(by, { kind: 'create-primary', region: FROM })
  await rooms.stepReached(by, id, 2, 'waiting')
  return id
}

describe('the next process', () => {
  it('goes on with a run that was waiting', async () => {
    const first = rooms.newRuns()
    const id = await givenWaitingRun(first)
    await first.stop()
    expect((await first.get(id))?.status).toBe('running')
    await unhide()

    const second = rooms.newRuns()
    await second.start()
    await rooms.reached(second, id, 'succeeded')
    expect(await emulator.calls(FROM, 'CreateKey')).toBe(1)
  })

  it('goes on with a promotion that KMS was about to make', async () => {
    const family = await rooms.done(rooms.newRuns(), { kind: 'create-primary', region: FROM, replicaRegions: [TO] })
    await emulator.settings({ transitionMs: 3_000 })
    const first = rooms.newRuns()
    const [keyId = ''] = family.keyIds
    const id = await rooms.started(first, { kind: 'promote', keyId, toRegion: TO })
    await rooms.stepReached(first, id, 3, 'waiting')
    await first.stop()

    const second = rooms.newRuns()
    await second.start()
    const run = await rooms.reached(second, id, 'succeeded')
    expect(run.message).toContain(`${TO} is the primary, and ${FROM} agrees`)
    expect(await emulator.calls(FROM, 'UpdatePrimaryRegion')).toBe(1)
  })

  it('makes no second key when the first process died while it made one', async () => {
    const before = (await rooms.inventory.refresh()).families.length
    // The answer comes after the first process has given up on it.
    const first = rooms.newRuns({ stopMs: 0 })
    await emulator.slow(FROM, 300)
    const id = await rooms.started(first, { kind: 'create-primary', region: FROM })
    await rooms.stepReached(first, id, 1, 'running')
    await first.stop()

    const second = rooms.newRuns({ doubtMs: 3_000 })
    await second.start()
    await rooms.reached(second, id, 'succeeded')
    expect(await emulator.calls(FROM, 'CreateKey')).toBe(1)
    expect((await rooms.inventory.refresh()).families.length).toBe(before + 1)
  })

  it('leaves a paused run paused', async () => {
    const first = rooms.newRuns()
    const id = await givenWaitingRun(first)
    await first.pause(id, 'alice')
    await rooms.reached(first, id, 'paused')
    await first.stop()
    await unhide()

    const second = rooms.newRuns()
    await second.start()
    expect((await second.get(id))?.status).toBe('paused')
    await second.resume(id, 'alice')
    await rooms.reached(second, id, 'succeeded')
  })
})

describe('another process on the same database', () => {
  it('takes over only what has been silent; the first one then leaves it alone', async () => {
    const first = rooms.newRuns()
    const id = await givenWaitingRun(first)
    const patient = rooms.newRuns({}, { isAlone: false })
    const worker = await workerOf(id)
    await patient.start()
    expect(await workerOf(id)).toBe(worker)

    const impatient = rooms.newRuns({ silenceMs: 1 }, { isAlone: false })
    await impatient.start()
    await expect.poll(() => workerOf(id), { timeout: 10_000 }).not.toBe(worker)
    await unhide()
    await rooms.reached(impatient, id, 'succeeded')
    expect(await emulator.calls(FROM, 'CreateKey')).toBe(1)
  })
})
