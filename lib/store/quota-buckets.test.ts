import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Db, openPostgres } from './database'
import { startPostgres } from './postgres-for-tests'
import { type BucketPace, type QuotaBuckets, quotaBucketsOf } from './quota-buckets'

const NAME = { region: 'eu-west-1', operation: 'DescribeKey' }
const PACE: BucketPace = {
  ...{ perSecond: 1_000, burst: 100, backgroundPerSecond: 250, backgroundBurst: 25 },
  ...{ lowerTo: 0.5, lowest: 1 / 16, recoveredPerSecond: 0.05 },
}
/** So slow that the time which a test takes makes no difference. */
const STILL: BucketPace = { ...PACE, perSecond: 1e-5, backgroundPerSecond: 1e-5, recoveredPerSecond: 1e-8 }

const postgres = await startPostgres()
afterAll(() => postgres?.stop())

describe.skipIf(!postgres)('buckets that two processes take from', () => {
  const closers: (() => Promise<void>)[] = []
  const sharers: QuotaBuckets[] = []
  let db: Db

  beforeAll(async () => {
    for (let process = 0; process < 2; process += 1) {
      const store = await openPostgres(postgres?.url ?? '')
      closers.push(store.close)
      db = store.db
      sharers.push(quotaBucketsOf(async () => store.db))
    }
  })
  afterAll(() => Promise.all(closers.map((close) => close())))
  beforeEach(() => postgres?.query('delete from quota_buckets'))

  /** Seconds by the clock of the database. */
  async function clock(): Promise<number> {
    const [now] = (await postgres?.query('select extract(epoch from clock_timestamp())::float8 as seconds')) ?? []
    return Number(now?.seconds)
  }
  const lapse = (seconds: number) =>
    db.execute(sql`update quota_buckets set refilled_at = refilled_at - ${seconds}::float8 * interval '1 second'`)

  /** Both take, several times at once, and answer what they got together. */
  async function bothTake(tokens: number, forBackground: boolean, times = 1): Promise<number> {
    const questions = sharers.flatMap((sharer) =>
      Array.from({ length: times }, () => sharer.take(NAME, PACE, { tokens, forBackground })),
    )
    const answers = await Promise.all(questions)
    return answers.reduce((sum, taken) => sum + taken.tokens, 0)
  }

  it('give both together no more than the pace, however many ask at once', async () => {
    const before = await clock()
    let taken = 0
    for (let round = 0; round < 50; round += 1) taken += await bothTake(10, false, 5)
    const seconds = (await clock()) - before
    expect(taken).toBeGreaterThanOrEqual(100)
    expect(taken).toBeLessThanOrEqual(PACE.burst + PACE.perSecond * seconds)
  })

  it.each([
    ['runs all of the pace', false, PACE.perSecond, PACE.burst],
    ['background reads their share of it', true, PACE.backgroundPerSecond, PACE.backgroundBurst],
  ])('give %s in a minute, and not more', async (_, forBackground, perSecond, burst) => {
    const before = await clock()
    let taken = await bothTake(1_000, forBackground)
    for (let passed = 0; passed < 600; passed += 1) {
      await lapse(0.1)
      taken += await bothTake(1_000, forBackground)
    }
    const seconds = (await clock()) - before
    expect(taken).toBeLessThanOrEqual(burst + perSecond * (60 + seconds))
    // Whatever was earned was given, but for the fraction that is left: it asks before the bucket overflows.
    expect(taken).toBeGreaterThanOrEqual(perSecond * 60 - 1)
  })

  it('count what background reads take for runs too, and say when there is more', async () => {
    const [one, other] = sharers
    const take = (forBackground: boolean) => one?.take(NAME, STILL, { tokens: 1_000, forBackground })
    expect(await take(true)).toMatchObject({ tokens: 25 })
    expect(await other?.take(NAME, STILL, { tokens: 1_000, forBackground: true })).toMatchObject({ tokens: 0 })
    expect(await take(false)).toMatchObject({ tokens: 75 })
    const short = await take(false)
    expect(short?.tokens).toBe(0)
    expect((short?.nextInMs ?? 0) / 1_000).toBeCloseTo(1 / STILL.perSecond, -4)
  })

  it('lower the pace once for calls that were under way together, and win it back', async () => {
    const [one, other] = sharers
    const scale = async () => (await one?.take(NAME, STILL, { tokens: 1, forBackground: true }))?.scale
    expect(await scale()).toBe(1)
    expect(await one?.lower(NAME, STILL, 10)).toBeCloseTo(0.5)
    // Sent long before the first was answered.
    expect(await other?.lower(NAME, STILL, 3_600_000)).toBeCloseTo(0.5)
    expect(await scale()).toBeCloseTo(0.5)
    await lapse(0.25 / STILL.recoveredPerSecond)
    expect(await scale()).toBeCloseTo(0.75)
    await lapse(1 / STILL.recoveredPerSecond)
    expect(await scale()).toBe(1)
    for (let time = 0; time < 10; time += 1) await other?.lower(NAME, STILL, 0)
    expect(await scale()).toBeCloseTo(1 / 16)
  })

  it('that nobody has used yet can be lowered, and hold nothing then', async () => {
    expect(await sharers[0]?.lower(NAME, STILL, 10)).toBe(0.5)
    const taken = await sharers[1]?.take(NAME, STILL, { tokens: 1, forBackground: false })
    expect(taken?.tokens).toBe(0)
    expect(taken?.scale).toBeCloseTo(0.5)
  })

  it('go on when the clock of the database was set back', async () => {
    await bothTake(1_000, false)
    await lapse(-3_600)
    await bothTake(1_000, false)
    await lapse(0.1)
    expect(await bothTake(1_000, false)).toBeGreaterThanOrEqual(99)
  })

  it('are not written to the log of the database, so that nobody waits for its disk', async () => {
    expect(await postgres?.query(`select relpersistence from pg_class where relname = 'quota_buckets'`)).toEqual([
      { relpersistence: 'u' },
    ])
  })
})
