import { eq, sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startEmulator, type TestEmulator } from '@/lib/kms/emulator-for-tests'
import { runParts } from '@/lib/store/schema'
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

// Or it would take part in the next test.
afterEach(() => rooms.stopRuns())

/** Which attempt has the only part of the run. */
const attemptOf = async (id: string) =>
  (await rooms.store.db.select({ attempt: runParts.attempt }).from(runParts).where(eq(runParts.runId, id)))[0]?.attempt

/** What cannot be read is waited for, until it can be. */
const hide = () => emulator.fail('DescribeKey', { failNext: 1_000_000, with: 'AccessDeniedException', region: FROM })
const unhide = () => emulator.fail('DescribeKey', { failNext: 0, with: 'AccessDeniedException', region: FROM })

/** A run that waits for its new key until `unhide`. */
async function givenWaitingRun(by: Runs): Promise<string> {
  await by.start()
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
    const first = rooms.newRuns()
    await first.start()
    const family = await rooms.done(first, { kind: 'create-primary', region: FROM, replicaRegions: [TO] })
    await emulator.settings({ transitionMs: 3_000 })
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
    await first.start()
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
  it('takes over what has been silent; the first one, should it still live, then leaves it alone', async () => {
    const first = rooms.newRuns({}, { isAlone: false })
    const id = await givenWaitingRun(first)
    const second = rooms.newRuns({}, { isAlone: false })
    await second.start()
    expect(await attemptOf(id)).toBe(0)

    // As if the first process had stood still for that long.
    await rooms.store.db.execute(
      sql`update pgboss.job set heartbeat_on = now() - interval '1 hour' where state = 'active'`,
    )
    await expect.poll(() => attemptOf(id), { timeout: 20_000 }).toBe(1)
    await unhide()
    await rooms.reached(second, id, 'succeeded')
    expect(await emulator.calls(FROM, 'CreateKey')).toBe(1)
  })
})
