import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openPostgres } from '@/lib/store/database'
import { startPostgres } from '@/lib/store/postgres-for-tests'
import { quotaBucketsOf } from '@/lib/store/quota-buckets'
import { type SharedBuckets, SharedTokens } from './shared-tokens'
import type { PacedCall, TokenSource } from './tokens'

const background = (operation = 'DescribeKey'): PacedCall => ({ region: 'eu-west-1', operation, purpose: 'background' })
const run = (operation = 'DescribeKey'): PacedCall => ({ ...background(operation), purpose: 'run' })

let now = 0
const clock = () => now
let logged: ReturnType<typeof vi.spyOn>
beforeEach(() => {
  now = 0
  logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
})
afterEach(() => logged.mockRestore())

/** Buckets in memory, on the test's clock, that answer after a while; for one Region and operation. */
class Buckets implements SharedBuckets {
  answersInMs = 2
  fault: 'none' | 'fails' | 'is silent' = 'none'
  questions = 0
  #bucket: { whole: number; background: number; scale: number; at: number; loweredAt: number } | undefined
  readonly #due: { at: number; answer: () => void }[] = []

  take(...[, pace, { tokens, forBackground }]: Parameters<SharedBuckets['take']>) {
    return this.#answer(() => {
      const bucket = this.#refilled(pace)
      const taken = Math.max(
        0,
        Math.floor(Math.min(tokens, bucket.whole, forBackground ? bucket.background : bucket.whole)),
      )
      bucket.whole -= taken
      if (forBackground) bucket.background -= taken
      const nextInMs = Math.max(0, ((1 - bucket.whole) / (pace.perSecond * bucket.scale)) * 1_000)
      return { tokens: taken, scale: bucket.scale, nextInMs }
    })
  }

  lower(...[, pace, sentMsAgo]: Parameters<SharedBuckets['lower']>) {
    return this.#answer(() => {
      const bucket = this.#refilled(pace)
      if (now - sentMsAgo < bucket.loweredAt) return bucket.scale
      Object.assign(bucket, { whole: 0, background: 0, scale: bucket.scale * pace.lowerTo, loweredAt: now })
      return bucket.scale
    })
  }

  /** Gives the answers that are due. */
  async answer() {
    for (const { answer } of this.#due.filter(({ at }) => at <= now)) answer()
    this.#due.splice(0, this.#due.length, ...this.#due.filter(({ at }) => at > now))
    await turn()
  }

  #answer<T>(compute: () => T): Promise<T> {
    this.questions += 1
    const { fault } = this
    return new Promise((resolve, reject) => {
      if (fault === 'is silent') return
      const answer = () => (fault === 'fails' ? reject(new Error('connection refused')) : resolve(compute()))
      this.#due.push({ at: now + this.answersInMs, answer })
    })
  }

  #refilled(pace: Parameters<SharedBuckets['take']>[1]) {
    this.#bucket ??= {
      ...{
        whole: pace.burst,
        background: pace.backgroundBurst,
        scale: 1,
        at: now,
        loweredAt: Number.NEGATIVE_INFINITY,
      },
    }
    const bucket = this.#bucket
    const seconds = (now - bucket.at) / 1_000
    bucket.whole = Math.min(pace.burst, bucket.whole + pace.perSecond * bucket.scale * seconds)
    bucket.background = Math.min(
      pace.backgroundBurst,
      bucket.background + pace.backgroundPerSecond * bucket.scale * seconds,
    )
    bucket.scale = Math.min(1, bucket.scale + pace.recoveredPerSecond * seconds)
    bucket.at = now
    return bucket
  }
}

/** Lets time pass in which each of these takes as many as it gets, when it was told to ask again; how many those were. */
async function passing(ms: number, buckets: Buckets, askers: { tokens: TokenSource; call: PacedCall }[]) {
  const states = askers.map((asker) => ({ ...asker, taken: 0, askAt: now }))
  for (const until = now + ms; now < until; now += 1) {
    await buckets.answer()
    for (const state of states) {
      while (now >= state.askAt) {
        const wait = state.tokens.take(state.call, now)
        if (wait === 0) state.taken += 1
        else state.askAt = now + wait
      }
    }
  }
  return states.map(({ taken }) => taken)
}

describe('SharedTokens', () => {
  it('gives one process that is alone all of the pace, with few questions', async () => {
    const buckets = new Buckets()
    const tokens = new SharedTokens(0.25, buckets, clock)
    const [ofBackground = 0] = await passing(10_000, buckets, [{ tokens, call: background() }])
    expect(ofBackground).toBeGreaterThan(0.97 * 5_000)
    expect(ofBackground).toBeLessThanOrEqual(5_000 + 50)
    expect(buckets.questions).toBeLessThan(300)
    const [ofRun = 0] = await passing(10_000, buckets, [{ tokens, call: run() }])
    expect(ofRun).toBeGreaterThan(0.97 * 20_000)
    expect(ofRun).toBeLessThanOrEqual(20_000 + 200)
  })

  it('gives several no more than that together, and none of them next to nothing', async () => {
    const buckets = new Buckets()
    const askers = [1, 2, 3].map(() => ({ tokens: new SharedTokens(0.25, buckets, clock), call: background() }))
    const taken = await passing(10_000, buckets, askers)
    const together = taken.reduce((sum, count) => sum + count, 0)
    expect(together).toBeGreaterThan(0.97 * 5_000)
    expect(together).toBeLessThanOrEqual(5_000 + 50)
    for (const count of taken) expect(count).toBeGreaterThan(5_000 / 3 / 2)
  })

  it('keeps to the pace when the database is slow to answer', async () => {
    const buckets = new Buckets()
    buckets.answersInMs = 80
    const askers = [1, 2].map(() => ({ tokens: new SharedTokens(0.25, buckets, clock), call: background() }))
    const taken = await passing(10_000, buckets, askers)
    expect(taken.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(5_000 + 50)
    expect(Math.min(...taken)).toBeGreaterThan(1_000)
  })

  it('holds only what it needs, and gives up after a second what it has not used', async () => {
    const buckets = new Buckets()
    const tokens = new SharedTokens(0.25, buckets, clock)
    const asker = [{ tokens, call: background() }]
    await passing(1_000, buckets, asker)
    // The last answer may have come after the last call.
    now += 10
    await buckets.answer()
    let held = 0
    while (tokens.take(background(), now) === 0) held += 1
    expect(held).toBeLessThanOrEqual(50)
    // What it has asked for meanwhile is not used.
    now += 10
    await buckets.answer()
    now += 1_001
    const before = buckets.questions
    expect(tokens.take(background(), now)).toBeGreaterThan(0)
    expect(buckets.questions).toBe(before + 1)
  })

  it('asks nobody about cryptography', () => {
    const buckets = new Buckets()
    const tokens = new SharedTokens(0.25, buckets, clock)
    expect(tokens.take(run('Encrypt'), 0)).toBe(0)
    expect(tokens.perSecond(run('Encrypt'), 0)).toBe(Number.POSITIVE_INFINITY)
    tokens.throttled(run('Encrypt'), 0, 0)
    expect(buckets.questions).toBe(0)
  })

  it('gives changes that count several times all of their quota, to all processes together', async () => {
    const buckets = new Buckets()
    const twice = (tokens: SharedTokens): TokenSource => ({
      take: (call, at) => tokens.take(call, at, 2),
      giveBack: (call, at) => tokens.giveBack(call, at, 2),
      perSecond: (call, at) => tokens.perSecond(call, at),
      throttled: (call, sentAt, at) => tokens.throttled(call, sentAt, at),
    })
    const askers = [1, 2].map(() => ({
      tokens: twice(new SharedTokens(0.25, buckets, clock)),
      call: run('CreateKey'),
    }))
    const taken = (await passing(60_000, buckets, askers)).reduce((sum, each) => sum + each, 0)
    expect(taken).toBeLessThanOrEqual(151)
    expect(taken).toBeGreaterThanOrEqual(120)
  })

  it('slows down everybody when one was throttled, once for calls that were under way together', async () => {
    const buckets = new Buckets()
    const one = new SharedTokens(0.25, buckets, clock)
    const other = new SharedTokens(0.25, buckets, clock)
    const askers = [one, other].map((tokens) => ({ tokens, call: background() }))
    await passing(1_000, buckets, askers)
    one.throttled(background(), now - 20, now)
    one.throttled(background(), now - 10, now)
    expect(one.perSecond(background(), now)).toBeCloseTo(250)
    // At once where it was noticed, what is held included; elsewhere with the next tokens.
    expect(one.take(background(), now)).toBeGreaterThan(0)
    const [ofOne = 0, ofOther = 0] = await passing(1_000, buckets, askers)
    expect(ofOne + ofOther).toBeLessThanOrEqual(250 + 25 + 50 + 50)
    expect(other.perSecond(background(), now)).toBeLessThan(300)
    await passing(11_000, buckets, askers)
    expect(one.perSecond(background(), now)).toBe(500)
    expect(other.perSecond(background(), now)).toBe(500)
  })

  it.each(['fails', 'is silent'] as const)('gives a quarter by itself while the database %s', async (fault) => {
    const buckets = new Buckets()
    const tokens = new SharedTokens(0.25, buckets, clock)
    const asker = [{ tokens, call: background() }]
    await passing(1_000, buckets, asker)
    buckets.fault = fault
    await passing(2_000, buckets, asker)
    const asked = buckets.questions
    const [taken = 0] = await passing(10_000, buckets, asker)
    expect(taken).toBeGreaterThan(0.95 * 1_250)
    expect(taken).toBeLessThanOrEqual(1_250 + 13)
    expect(buckets.questions - asked).toBeLessThanOrEqual(10)
    expect(tokens.perSecond(background(), now)).toBe(125)
    // One line, however long it lasts.
    expect(logged).toHaveBeenCalledOnce()

    buckets.fault = 'none'
    await passing(3_000, buckets, asker)
    expect(tokens.perSecond(background(), now)).toBe(500)
    const [again = 0] = await passing(1_000, buckets, asker)
    expect(again).toBeGreaterThan(450)
  })
})

const postgres = await startPostgres()
afterAll(() => postgres?.stop())

describe.skipIf(!postgres)('SharedTokens of two processes on one PostgreSQL', () => {
  it('let no more calls go than the quota, by the clock of the database', async () => {
    const url = postgres?.url ?? ''
    const stores = await Promise.all([openPostgres(url), openPostgres(url)])
    const seconds = async () => {
      const [time] = (await postgres?.query('select extract(epoch from clock_timestamp())::float8 as seconds')) ?? []
      return Number(time?.seconds)
    }
    const began = await seconds()
    const taken = await Promise.all(
      stores.map(async ({ db }) => {
        const tokens = new SharedTokens(
          0.25,
          quotaBucketsOf(async () => db),
          () => performance.now(),
        )
        let count = 0
        // Each goes on until it has had its share of many refills.
        while (count < 300) {
          while (tokens.take(background(), performance.now()) === 0) count += 1
          await turn()
        }
        return count
      }),
    )
    const passed = (await seconds()) - began
    const together = taken.reduce((sum, count) => sum + count, 0)
    expect(together).toBeGreaterThanOrEqual(600)
    expect(together).toBeLessThanOrEqual(50 + 500 * passed)
    await Promise.all(stores.map(({ close }) => close()))
  })
})
