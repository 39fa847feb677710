// Request counts: what was sent to KMS this month, added up over restarts and over all processes on one database.

import { asc, eq, sql } from 'drizzle-orm'
import type { CallCount } from '@/lib/kms/call-counts'
import type { Db } from '@/lib/store/database'
import { requestCounts } from '@/lib/store/schema'
import { type MonthOfRequests, monthOf, type RequestCount } from '@/lib/topology/requests'

const FLUSH_EVERY_MS = 10_000

export interface RequestCountsOptions {
  database: () => Promise<Db>
  /** Since the start of the process. */
  calls: () => CallCount[]
  now: () => Date
}

const nameOf = ({ region, operation, purpose }: Omit<RequestCount, 'count'>) => `${region} ${operation} ${purpose}`

/**
 * A process that dies without a word loses the counts of its last ten seconds. What was sent in these around midnight of
 * the last day may be counted for the next month.
 */
export class RequestCounts {
  readonly #options: RequestCountsOptions
  /** What is stored already of the counts of this process. */
  readonly #stored = new Map<string, number>()
  #timer: NodeJS.Timeout | undefined
  /** One after another, or two would add the same. */
  #flushing: Promise<void> = Promise.resolve()

  constructor(options: RequestCountsOptions) {
    this.#options = options
  }

  /** Stores from now on what is counted, every ten seconds. */
  start() {
    this.#timer ??= setInterval(() => void this.#flushOrSay(), FLUSH_EVERY_MS).unref()
  }

  /** Stores the last counts. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#timer = undefined
    await this.#flushOrSay()
  }

  /** This month up to this moment, of all processes; those of others up to ten seconds ago. */
  async thisMonth(): Promise<MonthOfRequests> {
    await this.flush()
    const month = monthOf(this.#options.now())
    const db = await this.#options.database()
    const { region, operation, purpose, count } = requestCounts
    const counts = await db
      .select({ region, operation, purpose, count })
      .from(requestCounts)
      .where(eq(requestCounts.month, month))
      .orderBy(asc(region), asc(operation), asc(purpose))
    return { month, counts }
  }

  /** Adds what was counted since the last time to what is stored; rejects, and adds it the next time, when that fails. */
  flush(): Promise<void> {
    const flushed = this.#flushing.then(() => this.#add())
    this.#flushing = flushed.catch(() => undefined)
    return flushed
  }

  async #flushOrSay() {
    try {
      await this.flush()
    } catch (error) {
      console.error('The requests of this month could not be stored: tried again in ten seconds', error)
    }
  }

  async #add() {
    const sums = new Map<string, RequestCount>()
    for (const call of this.#options.calls()) {
      const sum = sums.get(nameOf(call))
      if (sum) sum.count += call.count
      else sums.set(nameOf(call), { ...call })
    }
    const month = monthOf(this.#options.now())
    const rows = [...sums].flatMap(([name, { region, operation, purpose, count }]) => {
      const more = count - (this.#stored.get(name) ?? 0)
      return more > 0 ? [{ month, region, operation, purpose, count: more }] : []
    })
    if (rows.length === 0) return
    const db = await this.#options.database()
    await db
      .insert(requestCounts)
      .values(rows)
      .onConflictDoUpdate({
        target: [requestCounts.month, requestCounts.region, requestCounts.operation, requestCounts.purpose],
        set: { count: sql`${requestCounts.count} + excluded.count` },
      })
    for (const [name, { count }] of sums) this.#stored.set(name, count)
  }
}
