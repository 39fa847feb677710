// Shared tokens: which call may go now, when several processes ask KMS for the same account. They take tokens for a
// moment ahead from buckets in their database, and hand them out from what they hold.

import { once } from '@/lib/store/singletons'
import { quotaOf } from '@/lib/topology/request-quotas'
import {
  BURST_SECONDS,
  burst,
  LOWER_TO,
  LOWEST,
  type PacedCall,
  type Purpose,
  RECOVERED_PER_SECOND,
  type TokenSource,
  Tokens,
} from './tokens'

/** How a bucket fills, in tokens. */
interface BucketPace {
  perSecond: number
  burst: number
  backgroundPerSecond: number
  backgroundBurst: number
  lowerTo: number
  lowest: number
  recoveredPerSecond: number
}

interface BucketName {
  region: string
  operation: string
}

interface Taken {
  tokens: number
  /** The share of the full pace that holds now. */
  scale: number
  /** Milliseconds until there is the next token, if nobody else takes it. */
  nextInMs: number
}

/** Buckets that all processes of the account take from, each with a token for everybody and a share for background. */
export interface SharedBuckets {
  take(name: BucketName, pace: BucketPace, wanted: { tokens: number; forBackground: boolean }): Promise<Taken>
  /** Lowers the pace because of a call that was sent so long ago, once for calls that were under way together. */
  lower(name: BucketName, pace: BucketPace, sentMsAgo: number): Promise<number>
}

/** Tokens that nobody has used by then may be missing elsewhere: they are given up. */
const KEEP_MS = 1_000
/** A bucket that has run short is asked again after about half of what it can hold: not for every token, and in time. */
const RUN_SHORT_MS = 50
/** Until the answer of the database has come, as a rule. */
const ANSWER_IN_MS = 3
/** After that the database is taken for silent, and asked so often whether it is back. */
const SILENT_MS = 1_000
/** What each process gives of every quota while the database is silent: right for up to four of them. */
const PART_WHEN_SILENT = 1 / 4

/** The tokens of one Region, operation and purpose that this process holds. */
interface Purse {
  tokens: number
  heldSince: number
  /** How many to take next: more each time that they were all used. */
  wanted: number
  /** What the database was asked, while its answer is awaited. */
  question: { askedAt: number } | undefined
  /** When to ask again. */
  askFrom: number
}

/** What this process knows of the pace of one Region and operation. */
interface Scale {
  value: number
  at: number
  loweredAt: number
}

/**
 * Never gives more than `Tokens` would to all processes together, but for what each may hold for a moment, a tenth of a
 * second of its pace. One process that is busy while the others are not gets all of it. Throttling in one lowers the
 * pace of all: the others hear of it when they next take tokens.
 *
 * A call that finds none asks the database in the background, one question at a time for each Region, operation and
 * purpose, so that `take` answers at once. While the database fails or is silent for a second, this process gives a
 * quarter of each quota by itself, which keeps to the quotas for up to four processes, and asks each second whether the
 * database is back.
 */
export class SharedTokens implements TokenSource {
  readonly #backgroundShare: number
  readonly #buckets: SharedBuckets
  readonly #clock: () => number
  readonly #random: () => number
  readonly #alone: Tokens
  readonly #purses = new Map<string, Purse>()
  readonly #scales = new Map<string, Scale>()
  /** While the database is silent: when to ask it again. */
  #silentUntil: number | undefined

  /** The share is a fraction; the clock is the one that `take` is told the time of. */
  constructor(
    backgroundShare: number,
    buckets: SharedBuckets,
    clock: () => number,
    random: () => number = Math.random,
  ) {
    this.#backgroundShare = backgroundShare
    this.#buckets = buckets
    this.#clock = clock
    this.#random = random
    this.#alone = new Tokens(backgroundShare, PART_WHEN_SILENT)
  }

  take(call: PacedCall, now: number, times = 1): number {
    const quota = quotaOf(call.operation)
    if (quota === undefined) return 0
    const purse = this.#purse(call)
    if (now - purse.heldSince > KEEP_MS) purse.tokens = 0
    if (purse.tokens >= times) {
      purse.tokens -= times
      return 0
    }
    if (purse.question && now - purse.question.askedAt > SILENT_MS) {
      purse.question = undefined
      this.#missDatabase('it does not answer', now)
    }
    if (this.#silentUntil !== undefined) {
      if (now >= this.#silentUntil && !purse.question) {
        this.#silentUntil = now + SILENT_MS
        this.#ask(call, quota, purse, now)
      }
      return this.#alone.take(call, now, times)
    }
    if (!purse.question && now >= purse.askFrom) this.#ask(call, quota, purse, now)
    return purse.question ? ANSWER_IN_MS : Math.ceil(purse.askFrom - now)
  }

  giveBack(call: PacedCall, now: number, times = 1) {
    if (quotaOf(call.operation) === undefined) return
    if (this.#silentUntil !== undefined) this.#alone.giveBack(call, now, times)
    else this.#purse(call).tokens += times
  }

  perSecond(call: PacedCall, now: number): number {
    const quota = quotaOf(call.operation)
    if (quota === undefined) return Number.POSITIVE_INFINITY
    if (this.#silentUntil !== undefined) return this.#alone.perSecond(call, now)
    return this.#share(call.purpose, quota) * this.#scaleAt(call, now)
  }

  throttled(call: PacedCall, sentAt: number, now: number) {
    const quota = quotaOf(call.operation)
    if (quota === undefined) return
    this.#alone.throttled(call, sentAt, now)
    const known = this.#scales.get(nameOf(call))
    if (known && sentAt < known.loweredAt) return
    const lowered = Math.max(LOWEST, this.#scaleAt(call, now) * LOWER_TO)
    this.#scales.set(nameOf(call), { value: lowered, at: now, loweredAt: now })
    // What is held was saved up at a pace that is too high.
    for (const purpose of ['background', 'run'] as const) this.#purse({ ...call, purpose }).tokens = 0
    this.#buckets.lower(bucketOf(call), this.#pace(quota), now - sentAt).then(
      (scale) => this.#learn(call, scale),
      (error: unknown) => this.#missDatabase(error, this.#clock()),
    )
  }

  #share(purpose: Purpose, quota: number) {
    return purpose === 'background' ? quota * this.#backgroundShare : quota
  }

  #pace(quota: number): BucketPace {
    const background = this.#share('background', quota)
    return {
      perSecond: quota,
      burst: burst(quota),
      backgroundPerSecond: background,
      backgroundBurst: burst(background),
      lowerTo: LOWER_TO,
      lowest: LOWEST,
      recoveredPerSecond: RECOVERED_PER_SECOND,
    }
  }

  #purse(call: PacedCall): Purse {
    const name = `${call.purpose} ${nameOf(call)}`
    const nothing = Number.NEGATIVE_INFINITY
    const purse = this.#purses.get(name) ?? {
      ...{ tokens: 0, heldSince: nothing, wanted: 0, question: undefined, askFrom: nothing },
    }
    this.#purses.set(name, purse)
    return purse
  }

  #scaleAt(call: PacedCall, now: number): number {
    const known = this.#scales.get(nameOf(call))
    if (!known) return 1
    return Math.min(1, known.value + (Math.max(0, now - known.at) / 1_000) * RECOVERED_PER_SECOND)
  }

  #learn(call: PacedCall, scale: number) {
    const loweredAt = this.#scales.get(nameOf(call))?.loweredAt ?? Number.NEGATIVE_INFINITY
    this.#scales.set(nameOf(call), { value: scale, at: this.#clock(), loweredAt })
  }

  /** Takes tokens for a moment ahead. */
  #ask(call: PacedCall, quota: number, purse: Purse, now: number) {
    const most = Math.max(1, Math.floor(this.perSecond(call, now) * BURST_SECONDS))
    const isBusy = now - purse.heldSince <= KEEP_MS
    purse.wanted = isBusy ? Math.min(most, Math.max(1, purse.wanted * 2)) : 1
    const question = { askedAt: now }
    purse.question = question
    const wanted = { tokens: purse.wanted, forBackground: call.purpose === 'background' }
    // An answer that was not waited for any more is none.
    const ifAwaited = (hear: () => void) => {
      if (purse.question !== question) return
      purse.question = undefined
      hear()
    }
    this.#buckets.take(bucketOf(call), this.#pace(quota), wanted).then(
      (taken) => ifAwaited(() => this.#receive(call, purse, now, taken)),
      (error: unknown) => ifAwaited(() => this.#missDatabase(error, this.#clock())),
    )
  }

  #receive(call: PacedCall, purse: Purse, askedAt: number, taken: Taken) {
    const now = this.#clock()
    if (now - askedAt > SILENT_MS) return this.#missDatabase('it answers late', now)
    this.#silentUntil = undefined
    const known = this.#scales.get(nameOf(call))
    const wasLowered = known !== undefined && known.loweredAt >= askedAt
    if (!wasLowered) this.#learn(call, taken.scale)
    // A call that counts several times gathers them.
    const kept = now - purse.heldSince > KEEP_MS ? 0 : purse.tokens
    purse.tokens = wasLowered ? 0 : kept + taken.tokens
    purse.heldSince = now
    // Processes that run short together must not ask in step, or one of them would get it all.
    const isShort = taken.tokens < purse.wanted
    purse.askFrom = isShort ? now + Math.max(taken.nextInMs, RUN_SHORT_MS * (0.5 + this.#random())) : now
  }

  #missDatabase(reason: unknown, now: number) {
    if (this.#silentUntil === undefined) {
      const why = reason instanceof Error ? reason.message : reason
      console.error(`The request quotas are not shared with other processes until the database answers: ${why}`)
    }
    this.#silentUntil = now + SILENT_MS
  }
}

const nameOf = ({ region, operation }: PacedCall) => `${region} ${operation}`
const bucketOf = ({ region, operation }: PacedCall): BucketName => ({ region, operation })

const held = () => once('shared quotas', (): { buckets?: SharedBuckets } => ({}))

/** From now on tokens come from these; to be called before the first call to KMS. */
export function shareQuotas(buckets: SharedBuckets) {
  held().buckets = buckets
}

/** The source of tokens for this process: shared when there is somewhere to share them. */
export function tokenSource(backgroundShare: number): TokenSource {
  const { buckets } = held()
  return buckets ? new SharedTokens(backgroundShare, buckets, () => performance.now()) : new Tokens(backgroundShare)
}
