import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { givenPlan, givenTopology } from '@/lib/plans/given-plans'
import { openEmbedded, openPostgres } from '@/lib/store/database'
import { LocalNotices, SharedNotices } from '@/lib/store/notices'
import { startPostgres } from '@/lib/store/postgres-for-tests'
import { givenKeyId } from '@/lib/topology/scenarios/given-readings'
import { RunRecords } from './run-records'

const KEY = givenKeyId('a1')
const WORKER = 'worker-1'
const paused = { run: { status: 'paused', message: 'Paused' } }

const somePlan = () =>
  givenPlan(givenTopology([{ keyId: KEY, primary: 'us-east-1', replicas: ['eu-west-1'] }]), {
    kind: 'promote',
    keyId: KEY,
    toRegion: 'eu-west-1',
  })

let records: RunRecords
let close: () => Promise<void>

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-records-'))
  const store = await openEmbedded(folder)
  records = new RunRecords(async () => store.db, new LocalNotices())
  close = async () => {
    await store.close()
    await rm(folder, { recursive: true })
  }
})
afterAll(() => close())

describe('progress that obeys a person', () => {
  it('is stored only while that is still wanted', async () => {
    const id = await records.insert(somePlan(), { actor: 'alice', reason: '' })
    expect(await records.claim(id, WORKER, 0)).toBe(true)
    const wanted = (what: 'pause' | null) =>
      records.steer(id, () => ({ store: { run: { asked: what && { what, by: 'bob' } } } }))
    const status = async () => (await records.load(id))?.run.status

    await wanted('pause')
    await wanted(null)
    expect(await records.progress(id, WORKER, paused, 'pause')).toBe(false)
    expect(await status()).toBe('queued')

    await wanted('pause')
    expect(await records.progress(id, WORKER, paused, 'abort')).toBe(false)
    expect(await records.progress(id, WORKER, paused, 'pause')).toBe(true)
    expect(await status()).toBe('paused')
  })
})

describe('countByStatus', () => {
  it('names every status, those without a run too', async () => {
    const before = await records.countByStatus()
    expect(Object.keys(before)).toHaveLength(8)
    expect(before.aborted).toBe(0)
    const other = givenKeyId('a2')
    const topology = givenTopology([{ keyId: other, primary: 'us-east-1', replicas: ['eu-west-1'] }])
    const plan = givenPlan(topology, { kind: 'promote', keyId: other, toRegion: 'eu-west-1' })
    await records.insert(plan, { actor: 'alice', reason: '' })
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
    const records = new RunRecords(async () => store.db, notices)
    records.subscribe((id) => heard.push(id))
    return { records, heard }
  }

  it('are heard at once, and looked for after the connection was lost', async () => {
    const one = await newRecords()
    const other = await newRecords()
    const id = await one.records.insert(somePlan(), { actor: 'alice', reason: '' })
    expect(one.heard).toEqual([id])
    await expect.poll(() => other.heard, PATIENTLY).toEqual([id])
    expect((await other.records.load(id))?.run.status).toBe('queued')

    await postgres?.cutConnections('kms-atlas notices')
    await expect.poll(() => other.heard, PATIENTLY).toEqual([id, id])
  })
})
