// Quota buckets: tokens that all processes on one database take from. Each take is one statement, which refills the
// bucket by the clock of the database; no process's own clock is asked.

import { type SQL, sql } from 'drizzle-orm'
import type { Db } from './database'
import { quotaBuckets } from './schema'

/** How a bucket fills, in tokens; whoever takes from it says the same. */
export interface BucketPace {
  perSecond: number
  /** The most that it holds. */
  burst: number
  /** Of these, what background reads may take. */
  backgroundPerSecond: number
  backgroundBurst: number
  /** What is left of the scale when it is lowered, the least that it becomes, and what it wins back each second. */
  lowerTo: number
  lowest: number
  recoveredPerSecond: number
}

export interface BucketName {
  region: string
  operation: string
}

export interface Taken {
  /** Whole ones, none when there are none. */
  tokens: number
  /** The share of the full pace that holds now. */
  scale: number
  /** Milliseconds until there is the next one, if nobody else takes it. */
  nextInMs: number
}

export interface QuotaBuckets {
  /** Takes up to so many tokens; those for background reads count for both. */
  take(name: BucketName, pace: BucketPace, wanted: { tokens: number; forBackground: boolean }): Promise<Taken>
  /**
   * Lowers the pace because of a call that was sent so long ago, unless it was lowered since. What is in the bucket
   * then was saved up at a pace that is too high, and is gone. Answers the scale that holds now.
   */
  lower(name: BucketName, pace: BucketPace, sentMsAgo: number): Promise<number>
}

const row = quotaBuckets
const number = (value: number) => sql`${value}::float8`

/**
 * A statement that waited for another one began before it: no time has passed then. A clock that was set back a long
 * way must not leave the bucket empty until it has caught up.
 */
const seconds = sql`greatest(0, extract(epoch from now() - ${row.refilledAt}))::float8`
const refilledAt = sql`case when ${row.refilledAt} > now() + interval '10 seconds' then now() else greatest(${row.refilledAt}, now()) end`

/** The scale of the beginning for all of the time: a little less than was earned, never more. */
const refilled = (tokens: SQL | typeof row.whole | typeof row.background, perSecond: number, burst: number) =>
  sql`least(${number(burst)}, ${tokens} + ${number(perSecond)} * ${row.scale} * ${seconds})`

const scaleNow = ({ recoveredPerSecond }: BucketPace) =>
  sql`least(1, ${row.scale} + ${number(recoveredPerSecond)} * ${seconds})`

const target = [row.region, row.operation]

export const quotaBucketsOf = (database: () => Promise<Db>): QuotaBuckets => ({
  async take(name, pace, { tokens, forBackground }) {
    const whole = refilled(row.whole, pace.perSecond, pace.burst)
    const background = refilled(row.background, pace.backgroundPerSecond, pace.backgroundBurst)
    const available = forBackground ? sql`least(${whole}, ${background})` : whole
    const granted = sql`greatest(0, floor(least(${number(tokens)}, ${available})))`
    const first = Math.floor(Math.min(tokens, forBackground ? pace.backgroundBurst : pace.burst))
    const db = await database()
    const [taken] = await db
      .insert(row)
      .values({
        ...name,
        whole: pace.burst - first,
        background: pace.backgroundBurst - (forBackground ? first : 0),
        scale: 1,
        refilledAt: sql`now()`,
        granted: first,
      })
      .onConflictDoUpdate({
        target,
        set: {
          whole: sql`${whole} - ${granted}`,
          background: forBackground ? sql`${background} - ${granted}` : background,
          scale: scaleNow(pace),
          refilledAt,
          granted,
        },
      })
      .returning()
    if (!taken) throw new Error('The bucket did not answer')
    const missingSeconds = Math.max(
      (1 - taken.whole) / (pace.perSecond * taken.scale),
      forBackground ? (1 - taken.background) / (pace.backgroundPerSecond * taken.scale) : 0,
    )
    return { tokens: taken.granted, scale: taken.scale, nextInMs: Math.max(0, missingSeconds * 1_000) }
  },

  async lower(name, pace, sentMsAgo) {
    const sentAt = sql`now() - ${number(sentMsAgo)} * interval '1 millisecond'`
    const isNews = sql`(${row.loweredAt} is null or ${sentAt} >= ${row.loweredAt})`
    const ifNews = (then: SQL, otherwise: SQL | typeof row.loweredAt) =>
      sql`case when ${isNews} then ${then} else ${otherwise} end`
    const whole = refilled(row.whole, pace.perSecond, pace.burst)
    const background = refilled(row.background, pace.backgroundPerSecond, pace.backgroundBurst)
    const lowered = sql`greatest(${number(pace.lowest)}, ${scaleNow(pace)} * ${number(pace.lowerTo)})`
    const db = await database()
    const [answer] = await db
      .insert(row)
      .values({
        ...name,
        ...{ whole: 0, background: 0, scale: pace.lowerTo, granted: 0 },
        ...{ refilledAt: sql`now()`, loweredAt: sql`now()` },
      })
      .onConflictDoUpdate({
        target,
        set: {
          whole: ifNews(sql`least(0, ${whole})`, whole),
          background: ifNews(sql`least(0, ${background})`, background),
          scale: ifNews(lowered, scaleNow(pace)),
          refilledAt,
          loweredAt: ifNews(sql`now()`, row.loweredAt),
        },
      })
      .returning({ scale: row.scale })
    if (!answer) throw new Error('The bucket did not answer')
    return answer.scale
  },
})
