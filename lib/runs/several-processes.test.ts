import { type ChildProcess, spawn } from 'node:child_process'
import { once as eventOf } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Inventory } from '@/lib/inventory/inventory'
import { RARELY } from '@/lib/inventory/rarely'
import { startEmulator, type TestEmulator } from '@/lib/kms/emulator-for-tests'
import { openPostgres } from '@/lib/store/database'
import { JobQueue } from '@/lib/store/job-queue'
import { SharedNotices } from '@/lib/store/notices'
import { startPostgres } from '@/lib/store/postgres-for-tests'
import { givenFleet } from './fleet-for-tests'
import { PACE } from './pace'
import type { PartJob } from './restand'
import { REGIONS, startAs } from './rooms-for-tests'
import { Runs } from './runs'

const FROM = 'us-east-1'
const TO = 'eu-west-1'
/** The time within which the work of a process that was killed has to be another's, and some for the work itself. */
const TAKEN_OVER = { timeout: 45_000, interval: 50 }

const postgres = await startPostgres()
afterAll(() => postgres?.stop())

describe.skipIf(!postgres)('several processes on one PostgreSQL', () => {
  let emulator: TestEmulator
  let close: () => Promise<void>
  let runs: Runs
  let inventory: Inventory
  const workers: ChildProcess[] = []

  beforeAll(async () => {
    emulator = await startEmulator()
    const url = postgres?.url ?? ''
    const store = await openPostgres(url)
    const notices = new SharedNotices(url)
    const queue = new JobQueue<PartJob>({ name: 'run-part', connection: async () => store.jobs, isAlone: false })
    const database = async () => store.db
    inventory = new Inventory({ regions: REGIONS, maxReplicas: 10, periods: RARELY })
    // Asks, and does no work itself.
    runs = new Runs({ database, notices, refreshFamily: async () => undefined, pace: PACE, queue })
    close = async () => {
      for (const worker of workers) worker.kill('SIGKILL')
      await runs.stop()
      inventory.stop()
      await notices.close()
      await store.close()
      await emulator.stop()
    }
  })
  afterAll(() => close())

  async function givenWorker(): Promise<ChildProcess> {
    const worker = spawn(process.execPath, ['--import', './bench/lib-imports.ts', 'lib/runs/worker-for-tests.ts'], {
      env: { ...process.env, DATABASE_URL: postgres?.url },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    workers.push(worker)
    await eventOf(worker, 'message')
    return worker
  }

  const statusOf = (id: string) => async () => (await runs.get(id))?.status

  it('share a run; what one of them was at when it was killed is done by the other, each change once', async () => {
    const keyIds = await givenFleet(emulator, inventory, 16)
    await emulator.settings({ transitionMs: 4_000 })
    const [one] = await Promise.all([givenWorker(), givenWorker()])
    const request = { kind: 'evacuate', fromRegion: FROM, preferred: [TO], waveSize: 15 }
    const id = await startAs({ inventory, runs }, request)
    await expect
      .poll(async () => (await runs.get(id))?.steps.filter(({ status }) => status === 'waiting').length, TAKEN_OVER)
      .toBeGreaterThan(5)
    const [{ held = 0 } = {}] =
      (await postgres?.query('select count(*)::int as held from run_parts where job is not null')) ?? []
    expect(held).toBeGreaterThan(5)
    one?.kill('SIGKILL')

    await expect.poll(statusOf(id), TAKEN_OVER).toBe('succeeded')
    const taken = (await postgres?.query(`select count(*)::int as parts from pgboss.job where retry_count > 0`)) ?? []
    // Both had some of it.
    expect(taken[0]?.parts).toBeGreaterThan(0)
    expect(taken[0]?.parts).toBeLessThan(15)
    const calls = (await emulator.callsOf('UpdatePrimaryRegion')).filter(({ outcome }) => outcome.startsWith('ok'))
    expect(calls.map(({ key = '' }) => key.replace(/^.*\//, '')).toSorted()).toEqual(keyIds.toSorted())
  })

  it('obey at once what was asked of one of them', async () => {
    await givenFleet(emulator, inventory, 3)
    await emulator.settings({ transitionMs: 3_600_000 })
    const id = await startAs({ inventory, runs }, { kind: 'evacuate', fromRegion: FROM, preferred: [TO] })
    await expect.poll(async () => (await runs.get(id))?.steps[2]?.status, TAKEN_OVER).toBe('waiting')
    await runs.pause(id, 'bob')
    await expect.poll(statusOf(id), TAKEN_OVER).toBe('paused')
    await runs.abort(id, 'bob')
    expect(await statusOf(id)()).toBe('aborted')
  })
})
