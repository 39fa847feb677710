// For tests: the rooms of a server, made by hand: an inventory, a database in a folder of its own, and quick runs.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect } from 'vitest'
import { Inventory } from '@/lib/inventory/inventory'
import { RARELY } from '@/lib/inventory/rarely'
import { startEmulator } from '@/lib/kms/emulator-for-tests'
import type { Run } from '@/lib/plans/run'
import { type StartRunRequest, startRunRequest } from '@/lib/plans/start-run'
import { openEmbedded, openPostgres } from '@/lib/store/database'
import { JobQueue } from '@/lib/store/job-queue'
import { LocalNotices } from '@/lib/store/notices'
import type { RequestData } from '@/lib/topology/topology'
import { makePlanFrom } from './make-plan'
import { PACE, type Pace } from './pace'
import type { PartJob } from './restand'
import { Runs } from './runs'
import { startRunIn } from './start-run'

export const REGIONS = ['ap-southeast-1', 'eu-west-1', 'us-east-1']

/** What is awaited comes within milliseconds, on a busy machine within seconds. */
const PATIENTLY = { timeout: 15_000, interval: 20 }

const QUICK: Pace = {
  ...PACE,
  pollMs: 20,
  latePollMs: 20,
  backoffMs: 10,
  doubtMs: 200,
  newbornMs: 2_000,
  proofMs: 200,
  stopMs: 500,
}

type StartRooms = Parameters<typeof startRunIn>[0]

/** Reviews the plan of a request, and starts it as a person would, unless something else is said. */
async function reviewAndStart(rooms: StartRooms, request: RequestData, other: Partial<StartRunRequest> = {}) {
  const plan = await makePlanFrom(rooms, request)
  if (!plan.ok) throw new Error(plan.error.message)
  const { fingerprint, confirmation } = plan.value
  const start = {
    request,
    fingerprint,
    reason: 'Failover drill',
    ...(confirmation !== null && { confirmation }),
    ...other,
  }
  return startRunIn(rooms, startRunRequest.parse(start), 'alice')
}

/** The same, and answers the id of the run. */
export async function startAs(rooms: StartRooms, request: RequestData): Promise<string> {
  const answer = await reviewAndStart(rooms, request)
  if (!answer.ok) throw new Error(answer.error.message)
  return answer.value.id
}

export async function openRooms() {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-runs-'))
  // The same tests hold for PostgreSQL: `TEST_DATABASE_URL=… vitest run lib/runs --no-file-parallelism`.
  const { TEST_DATABASE_URL } = process.env
  const store = TEST_DATABASE_URL ? await openPostgres(TEST_DATABASE_URL) : await openEmbedded(folder)
  const notices = new LocalNotices()
  const opened: Runs[] = []
  const inventory = new Inventory({
    regions: REGIONS,
    maxReplicas: 10,
    periods: RARELY,
    settleEveryMs: 20,
    retryAfterMs: [20],
  })

  /** As another process would carry runs out, on the same database, once it is started. */
  function newRuns(pace: Partial<Pace> = {}, { isAlone = true } = {}): Runs {
    const runs = new Runs({
      database: async () => store.db,
      notices,
      refreshFamily: (keyId, regions) => inventory.refreshFamily(keyId, regions),
      pace: { ...QUICK, ...pace },
      queue: new JobQueue<PartJob>({ name: 'run-part', connection: async () => store.jobs, isAlone }),
    })
    opened.push(runs)
    return runs
  }

  const start = (runs: Runs, request: RequestData, other: Partial<StartRunRequest> = {}) =>
    reviewAndStart({ inventory, runs }, request, other)

  const started = (runs: Runs, request: RequestData) => startAs({ inventory, runs }, request)

  async function reached(runs: Runs, id: string, status: Run['status']): Promise<Run> {
    await expect.poll(async () => (await runs.get(id))?.status, PATIENTLY).toBe(status)
    const run = await runs.get(id)
    if (!run) throw new Error(`No run ${id}`)
    return run
  }

  return {
    inventory,
    store,
    newRuns,
    start,
    started,
    reached,
    /** Carries a request out to its end. */
    done: async (runs: Runs, request: RequestData) => reached(runs, await started(runs, request), 'succeeded'),
    /** Waits until the step with this number has this status. */
    stepReached: (runs: Runs, id: string, number: number, status: string) =>
      expect.poll(async () => (await runs.get(id))?.steps[number - 1]?.status, PATIENTLY).toBe(status),
    /** No process is at work from now on. */
    stopRuns: async () => void (await Promise.all(opened.splice(0).map((runs) => runs.stop()))),
    close: async () => {
      await Promise.all(opened.map((runs) => runs.stop()))
      inventory.stop()
      await store.close()
      await rm(folder, { recursive: true })
    },
  }
}

export type Rooms = Awaited<ReturnType<typeof openRooms>>

/** The emulator, the rooms and the runs of one test file, healed before each of its tests and closed after the last. */
export async function openFile() {
  const emulator = await startEmulator()
  const rooms = await openRooms()
  beforeEach(async () => {
    for (const region of REGIONS) await emulator.fault(region, null)
    await emulator.settings({ transitionMs: 1 })
    await emulator.forgetCalls()
  })
  afterAll(async () => {
    await rooms.close()
    await emulator.stop()
  })
  const runs = rooms.newRuns()
  await runs.start()
  return { emulator, rooms, runs }
}
