import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { givenPlan, givenTopology } from '@/lib/plans/given-plans'
import { openEmbedded } from '@/lib/store/database'
import { givenKeyId } from '@/lib/topology/scenarios/given-readings'
import { RunRecords } from './run-records'

const KEY = givenKeyId('a1')
const WORKER = 'worker-1'
const paused = { run: { status: 'paused', message: 'Paused' } }

let records: RunRecords
let close: () => Promise<void>

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-records-'))
  const store = await openEmbedded(folder)
  records = new RunRecords(async () => store.db)
  close = async () => {
    await store.close()
    await rm(folder, { recursive: true })
  }
})
afterAll(() => close())

describe('progress that obeys a person', () => {
  it('is stored only while that is still wanted', async () => {
    const topology = givenTopology([{ keyId: KEY, primary: 'us-east-1', replicas: ['eu-west-1'] }])
    const plan = givenPlan(topology, { kind: 'promote', keyId: KEY, toRegion: 'eu-west-1' })
    const id = await records.insert(plan, { actor: 'alice', reason: '' })
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
