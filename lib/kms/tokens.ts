// Tokens: which call may go now. A pure core with a bucket for each Region and operation; the time is told to it.

import { type Charge, quotaOf } from '@/lib/topology/request-quotas'

/** Background reads leave room for what a person or a run is waiting for, and for other callers of the account. */
export type Purpose = 'background' | 'run'

export interface PacedCall {
  region: string
  operation: string
  purpose: Purpose
}

/** A call as it is sent. */
export interface SentCall extends PacedCall {
  /** What it counts against other quotas too. */
  besides?: readonly Charge[]
}

/**
 * Where permissions to call come from. A process alone counts for itself (`Tokens`); several on one account can share
 * theirs behind the same questions, as long as each is answered from what the process holds at that moment.
 * Times are milliseconds of any clock that only rises.
 */
export interface TokenSource {
  /** Takes so many tokens and answers 0, or takes none and answers the milliseconds after which to ask again. */
  take(call: PacedCall, now: number, times?: number): number
  /** Tokens that were taken at this very moment are not needed after all. */
  giveBack(call: PacedCall, now: number, times?: number): void
  /** Calls a second that there are tokens for at present; infinite for what is not limited here. */
  perSecond(call: PacedCall, now: number): number
  /** KMS answered "too many requests" to a call that was sent at `sentAt`. */
  throttled(call: PacedCall, sentAt: number, now: number): void
}

/** What may be taken at once after a rest, in seconds of the pace: enough to use it fully from timers that are late. */
export const BURST_SECONDS = 0.1
/** The same where that is not even one token: what a timer is late by is not lost. */
const LATE_SECONDS = 0.05
/** What throttling leaves of the pace. */
export const LOWER_TO = 0.5
/** Even then something is read, or nobody would notice that it has become better. */
export const LOWEST = 1 / 16
/** Of the full pace, won back each second: ten seconds after a halving all is as before. */
export const RECOVERED_PER_SECOND = 0.05

interface Bucket {
  /** Tokens for everybody, and of these for background reads. */
  whole: number
  background: number
  at: number
  /** The share of the full pace that holds at `at`; it rises with time. */
  scale: number
  loweredAt: number
}

export const burst = (perSecond: number) => Math.max(1 + perSecond * LATE_SECONDS, perSecond * BURST_SECONDS)

/**
 * Background reads stay under `backgroundShare` of each quota; runs may use all of it. What background reads take is
 * gone for runs too, but never more than that share. Throttling halves the pace of that Region and operation, once for
 * all calls that were under way together; then it rises evenly.
 */
export class Tokens implements TokenSource {
  readonly #backgroundShare: number
  readonly #part: number
  readonly #buckets = new Map<string, Bucket>()

  /** Shares are fractions; of each quota, and of what background reads get of it, it gives `part` only. */
  constructor(backgroundShare: number, part = 1) {
    this.#backgroundShare = backgroundShare
    this.#part = part
  }

  take({ region, operation, purpose }: PacedCall, now: number, times = 1): number {
    const quota = this.#quotaOf(operation)
    if (quota === undefined) return 0
    const bucket = this.#bucket(region, operation, quota, now)
    // What is more than a bucket holds is owed to it.
    const lacks = (tokens: number, perSecond: number) => {
      const missing = Math.min(times, burst(perSecond)) - tokens
      return missing <= 0 ? 0 : Math.ceil((missing * 1000) / (perSecond * bucket.scale))
    }
    const wait = Math.max(
      lacks(bucket.whole, quota),
      purpose === 'background' ? lacks(bucket.background, quota * this.#backgroundShare) : 0,
    )
    if (wait > 0) return wait
    bucket.whole -= times
    if (purpose === 'background') bucket.background -= times
    return 0
  }

  giveBack({ region, operation, purpose }: PacedCall, now: number, times = 1) {
    const quota = this.#quotaOf(operation)
    if (quota === undefined) return
    const bucket = this.#bucket(region, operation, quota, now)
    bucket.whole += times
    if (purpose === 'background') bucket.background += times
  }

  perSecond({ region, operation, purpose }: PacedCall, now: number): number {
    const quota = this.#quotaOf(operation)
    if (quota === undefined) return Number.POSITIVE_INFINITY
    const share = purpose === 'background' ? this.#backgroundShare : 1
    return quota * share * this.#bucket(region, operation, quota, now).scale
  }

  throttled({ region, operation }: PacedCall, sentAt: number, now: number) {
    const quota = this.#quotaOf(operation)
    if (quota === undefined) return
    const bucket = this.#bucket(region, operation, quota, now)
    if (sentAt < bucket.loweredAt) return
    bucket.scale = Math.max(LOWEST, bucket.scale * LOWER_TO)
    bucket.loweredAt = now
    // What was saved up was saved up at a pace that is too high.
    bucket.whole = Math.min(bucket.whole, 0)
    bucket.background = Math.min(bucket.background, 0)
  }

  #quotaOf(operation: string): number | undefined {
    const quota = quotaOf(operation)
    return quota === undefined ? undefined : quota * this.#part
  }

  #bucket(region: string, operation: string, quota: number, now: number): Bucket {
    const name = `${region} ${operation}`
    const share = quota * this.#backgroundShare
    let bucket = this.#buckets.get(name)
    if (!bucket) {
      bucket = {
        whole: burst(quota),
        background: burst(share),
        at: now,
        scale: 1,
        loweredAt: Number.NEGATIVE_INFINITY,
      }
      this.#buckets.set(name, bucket)
    }
    const seconds = Math.max(0, now - bucket.at) / 1000
    if (seconds === 0) return bucket
    // The scale of the beginning for all of the time: a little less than was earned, never more.
    const earned = seconds * bucket.scale
    bucket.whole = Math.min(burst(quota), bucket.whole + quota * earned)
    bucket.background = Math.min(burst(share), bucket.background + share * earned)
    bucket.scale = Math.min(1, bucket.scale + seconds * RECOVERED_PER_SECOND)
    bucket.at = now
    return bucket
  }
}
