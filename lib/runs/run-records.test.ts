import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { givenPlan, givenTopology } from '@/lib/plans/given-plans'
import { openEmbedded, openPostgres } from '@/lib/store/database'
import { LocalNotices, SharedNotices } from '@/lib/store/notices'
import { startPostgres } from '@/lib/store/postgres-for-tests'
import { givenKeyId } from '@/lib/topology/scenarios/given-readings'
import type { PartJob, PartQueue } from './restand'
import { type Carrier, RunRecords } from './run-records'

const KEY = givenKeyId('a1')

const planFor = (keyId: string) =>
  givenPlan(givenTopology([{ keyId, primary: 'us-east-1', replicas: ['eu-west-1'] }]), {
    kind: 'promote',
    keyId,
    toRegion: 'eu-west-1',
  })
const somePlan = () => planFor(KEY)
const by = { actor: 'alice', reason: '' }

/** A queue whose jobs are only remembered. */
function givenQueue() {
  const jobs: { id: string; data: PartJob }[] = []
  const gone = new Set<string>()
  const queue: PartQueue = {
    ready: async () => undefined,
    add: async (_tx, added) => void jobs.push(...added),
    lost: async (ids) => ids.filter((id) => gone.has(id)),
    work: async () => undefined,
    stop: async () => undefined,
  }
  /** The newest job of a run, as attempt 0 at it. */
  const carrierOf = (runId: string, attempt = 0): Carrier => {
    const job = jobs.findLast(({ data }) => data.runId === runId)
    if (!job) throw new Error(`No job of run ${runId}`)
    return { ...job.data, job: job.id, attempt }
  }
  return { queue, gone, carrierOf }
}

const { queue, gone, carrierOf } = givenQueue()

let records: RunRecords
let close: () => Promise<void>

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-records-'))
  const store = await openEmbedded(folder)
  records = new RunRecords(async () => store.db, new LocalNotices(), queue)
  close = async () => {
    await store.close()
    await rm(folder, { recursive: true })
  }
})
afterAll(() => close())

let keys = 0
const givenRun = () => records.insert(planFor(givenKeyId(`b${keys++}`)), by)
const asks = (id: string, what: 'pause' | 'abort' | null) =>
  records.steer(id, () => ({ steer: { asks: what && { what, by: 'bob' } } }))
const statusOf = async (id: string) => (await records.load(id))?.status

describe('a part', () => {
  it('is claimed by the newest attempt at its job, and only that one may store something', async () => {
    const id = await givenRun()
    const first = carrierOf(id)
    const second = { ...first, attempt: 1 }
    expect(await records.claim(first)).toBe(true)
    expect(await records.claim(second)).toBe(true)
    expect(await records.claim(first)).toBe(false)
    await expect(records.progress(first, { part: { message: 'Stale' } })).rejects.toThrow('Interrupted by takeover')
    expect(await records.progress(second, { part: { status: 'running', message: 'Fresh' } })).toBe(true)
    expect(await records.load(id)).toMatchObject({
      status: 'running',
      message: 'Fresh',
      parts: [{ status: 'running' }],
    })
  })

  it('is nobody’s once it was left, and has a new job when it goes on', async () => {
    const id = await givenRun()
    const first = carrierOf(id)
    await records.claim(first)
    await asks(id, 'pause')
    expect(await records.progress(first, { part: { status: 'pending' }, leaves: true }, { whileAsked: true })).toBe(
      true,
    )
    expect(await statusOf(id)).toBe('paused')
    expect(await records.claim({ ...first, attempt: 1 })).toBe(false)

    await records.steer(id, () => ({ steer: { asks: null, reopens: true, says: 'Resumed by bob' } }))
    expect(await records.load(id)).toMatchObject({ status: 'queued', message: 'Resumed by bob' })
    expect(carrierOf(id).job).not.toBe(first.job)
    expect(await records.claim({ ...first, attempt: 1 })).toBe(false)
    expect(await records.claim(carrierOf(id))).toBe(true)
  })

  it('stops for a person only while that is still wanted', async () => {
    const id = await givenRun()
    const carrier = carrierOf(id)
    await records.claim(carrier)
    await asks(id, 'abort')
    await asks(id, null)
    const leave = () => records.progress(carrier, { part: { status: 'pending' }, leaves: true }, { whileAsked: true })
    expect(await leave()).toBe(false)
    expect(await statusOf(id)).toBe('running')
    await asks(id, 'abort')
    expect(await leave()).toBe(true)
    expect(await records.load(id)).toMatchObject({
      status: 'aborted',
      message: expect.stringMatching(/^Aborted by bob after 0 of \d steps: what was done stays$/),
      parts: [{ status: 'skipped', reason: 'The run was aborted by bob' }],
    })
  })

  it('whose job is gone gets another one', async () => {
    const id = await givenRun()
    const lost = carrierOf(id)
    await records.claim(lost)
    gone.add(lost.job)
    await records.mend()
    expect(carrierOf(id).job).not.toBe(lost.job)
    expect(await records.claim(carrierOf(id))).toBe(true)
    await expect(records.progress(lost, {})).rejects.toThrow('takeover')
    // What is in the queue is left alone.
    const kept = carrierOf(id)
    await records.mend()
    expect(carrierOf(id)).toEqual(kept)
  })
})

describe('countByStatus', () => {
  it('names every status, those without a run too', async () => {
    const before = await records.countByStatus()
    expect(Object.keys(before)).toHaveLength(8)
    expect(before.succeeded).toBe(0)
    await givenRun()
    expect(await records.countByStatus()).toEqual({ ...before, queued: before.queued + 1 })
  })
})

const postgres = await startPostgres()
afterAll(() => postgres?.stop())

describe.skipIf(!postgres)('changes that another process has stored', () => {
  const PATIENTLY = { timeout: 30_000, interval: 10 }
  const closers: (() => Promise<void>)[] = []
  afterAll(async () => {
    for (const close of closers) await close()
  })

  /** The records as another process would have them, and what it hears. */
  async function newRecords() {
    const store = await openPostgres(postgres?.url ?? '')
    const notices = new SharedNotices(postgres?.url ?? '')
    closers.push(
      () => notices.close(),
      () => store.close(),
    )
    const connected = new Promise<void>((resolve) => {
      notices.subscribe((kind) => kind === 'reconnected' && resolve())
    })
    await connected
    const heard: string[] = []
    const records = new RunRecords(async () => store.db, notices, givenQueue().queue)
    records.subscribe((id) => heard.push(id))
    return { records, heard }
  }

  it('are heard at once, and looked for after the connection was lost', async () => {
    const one = await newRecords()
    const other = await newRecords()
    const id = await one.records.insert(somePlan(), by)
    expect(one.heard).toEqual([id])
    await expect.poll(() => other.heard, PATIENTLY).toEqual([id])
    expect((await other.records.load(id))?.status).toBe('queued')

    await postgres?.cutConnections('kms-atlas notices')
    await expect.poll(() => other.heard, PATIENTLY).toEqual([id, id])
  })
})
