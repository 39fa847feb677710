import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CallCount } from '@/lib/kms/call-counts'
import { type Db, openEmbedded } from '@/lib/store/database'
import { requestCounts } from '@/lib/store/schema'
import { RequestCounts } from './request-counts'

let db: Db
let close: () => Promise<void>
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-counts-'))
  const store = await openEmbedded(folder)
  db = store.db
  close = async () => {
    await store.close()
    await rm(folder, { recursive: true })
  }
})
afterAll(() => close())

let calls: CallCount[]
let now: Date
let isDown: boolean
beforeEach(async () => {
  await db.delete(requestCounts)
  calls = []
  now = new Date('2026-11-30T23:00:00Z')
  isDown = false
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const database = async () => {
  if (isDown) throw new Error('down')
  return db
}
const newCounts = (ofProcess = () => calls) => new RequestCounts({ database, calls: ofProcess, now: () => now })

const described = (count: number, outcome: CallCount['outcome'] = 'ok'): CallCount => ({
  region: 'us-east-1',
  operation: 'DescribeKey',
  purpose: 'background',
  outcome,
  count,
})
const stored = (count: number) => [{ region: 'us-east-1', operation: 'DescribeKey', purpose: 'background', count }]

describe('RequestCounts', () => {
  it('adds what is new each time, whatever became of the calls', async () => {
    const counts = newCounts()
    expect(await counts.thisMonth()).toEqual({ month: '2026-11', counts: [] })
    calls = [described(5), described(2, 'throttled')]
    expect(await counts.thisMonth()).toEqual({ month: '2026-11', counts: stored(7) })
    calls = [described(6), described(2, 'throttled')]
    await Promise.all([counts.flush(), counts.flush(), counts.flush()])
    expect((await counts.thisMonth()).counts).toEqual(stored(8))
  })

  it('adds up over processes and restarts, and begins anew with the month', async () => {
    calls = [described(5)]
    await newCounts().flush()
    const other = newCounts(() => [described(3)])
    expect((await other.thisMonth()).counts).toEqual(stored(8))
    now = new Date('2026-12-01T00:00:01Z')
    expect(await other.thisMonth()).toEqual({ month: '2026-12', counts: [] })
  })

  it('keeps people and runs apart from the background', async () => {
    calls = [described(5), { ...described(1), purpose: 'run' }]
    expect((await newCounts().thisMonth()).counts).toEqual([...stored(5), { ...stored(1)[0], purpose: 'run' }])
  })

  it('adds what could not be stored the next time', async () => {
    const counts = newCounts()
    calls = [described(5)]
    isDown = true
    await expect(counts.flush()).rejects.toThrow('down')
    isDown = false
    calls = [described(9)]
    expect((await counts.thisMonth()).counts).toEqual(stored(9))
  })

  it('stores by itself every ten seconds, says when it cannot, and stores the last ones at its end', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const counts = newCounts()
    counts.start()
    calls = [described(1)]
    isDown = true
    vi.advanceTimersByTime(10_000)
    await expect.poll(() => log.mock.calls.length).toBe(1)
    isDown = false
    vi.advanceTimersByTime(10_000)
    await expect.poll(() => db.select().from(requestCounts)).toMatchObject(stored(1))
    calls = [described(4)]
    await counts.stop()
    expect(await db.select().from(requestCounts)).toMatchObject(stored(4))
    expect(vi.getTimerCount()).toBe(0)
  })
})
