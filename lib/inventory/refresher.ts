// Refresher: decides when what is read again, within the budget: each Region in a loop of its own, open families often,
// and all other members in rotation.

import { setTimeout as sleep } from 'node:timers/promises'
import { usdPerMonth } from '@/lib/topology/price'
import { incomeOf, mostKeptOf, type RefreshBudget } from '@/lib/topology/refresh-budget'
import { type RefreshPace, refreshPace } from '@/lib/topology/refresh-pace'
import type { RefreshCosts, Refreshing, RefreshPeriods } from '@/lib/topology/refreshing'
import type { RegionStatus } from '@/lib/topology/topology'
import { Savings } from './savings'
import { MOST_OPEN, Watchers } from './watchers'

/** One member to be read, and when it was read last (ISO time). */
export interface Due {
  region: string
  keyId: string
  at: string
}

/** What the refresher asks of the inventory. */
export interface RefreshSource {
  regions: string[]
  /** Looks for what is new in the Region; what was never read, or not since the Region failed, is read whole. */
  sweep: (region: string, also: { withAliases: boolean }) => Promise<RegionStatus>
  readMember: (region: string, keyId: string) => Promise<unknown>
  /** Members in Regions that answer; of the families with these key ids, or of all. */
  members: (keyIds?: string[]) => Iterable<Due>
  /** Families whose members do not agree: what is going on there is worth a closer look. */
  unsettled: () => string[]
  /** Calls that it takes to read each thing once. */
  costs: () => Omit<RefreshCosts, 'open'>
  /** Background calls since the start of the process. */
  callsMade: () => number
}

export interface RefresherOptions {
  budget: RefreshBudget
  /** What an earlier process had saved. */
  saved?: { left: number; at: number } | undefined
  /** Waits after the first, second, … failed attempt; the last one stays. */
  retryAfterMs: readonly number[]
  /** Instead of what the budget allows: for tests and benchmarks that look at something else. */
  periods?: RefreshPeriods | undefined
}

/** Times the longest wait: a Region that says "slow down" does so at once, and is asked less often than a silent one. */
const THROTTLED_TIMES = 2
/** Times the longest wait: while nobody watches, nobody waits for the recovery of a Region. */
const UNWATCHED_TIMES = 8
const TICK_MS = 1_000
/** At most so many reads of the rotation are begun in one tick. */
const MOST_A_TICK = 50

/** Those few of many that were read longest ago. */
function oldest(count: number, members: Due[]): Due[] {
  const found: Due[] = []
  for (const due of members) {
    const last = found.at(-1)
    if (found.length === count && last && due.at >= last.at) continue
    const place = found.findIndex(({ at }) => due.at < at)
    found.splice(place === -1 ? found.length : place, 0, due)
    if (found.length > count) found.pop()
  }
  return found
}

export class Refresher {
  readonly #source: RefreshSource
  readonly #options: RefresherOptions
  readonly #savings: Savings
  readonly #watchers = new Watchers()
  readonly #stopped = new AbortController()
  /** Ends the pauses of all loops, so that each looks again when its turn is. */
  #hurry = new AbortController()
  /** Regions that are to be scanned at once, whatever their turn. */
  readonly #woken = new Set<string>()
  readonly #underWay = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #callsCounted: number
  /** Of the rotation over all members, what was due and has not been read yet: at 1 it is whole. */
  #partDue = 0
  #tickedAt = Date.now()
  #firstAttempts: Promise<unknown> | undefined

  constructor(source: RefreshSource, options: RefresherOptions) {
    this.#source = source
    this.#options = options
    this.#savings = new Savings(options.budget.watchedUsdPerMonth, Date.now(), options.saved)
    this.#callsCounted = source.callsMade()
  }

  /** Begins to read; resolves when every Region has been tried once. */
  start(): Promise<unknown> {
    this.#firstAttempts ??= Promise.all(
      this.#source.regions.map((region) => new Promise<void>((attempted) => void this.#watch(region, attempted))),
    )
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS).unref()
    return this.#firstAttempts
  }

  stop() {
    this.#stopped.abort()
    clearInterval(this.#timer)
  }

  /** Somebody reads a screen or the machine door; `open` are the key ids of the families that the screen shows. */
  seen(open: Iterable<string> = []) {
    if (this.#watchers.seen(open, performance.now())) this.#lookAgain()
  }

  /** Scans the Region now: it has begun to fail, or answers again. */
  wake(region: string) {
    this.#woken.add(region)
    this.#lookAgain()
  }

  setBudget(budget: RefreshBudget) {
    this.#options.budget = budget
    this.#savings.setBudget(budget.watchedUsdPerMonth, Date.now())
    this.#lookAgain()
  }

  /** To be stored, for the next process. */
  get saved(): { left: number; at: number } {
    return this.#savings.stored(Date.now())
  }

  refreshing(): Refreshing {
    const { budget } = this.#options
    const { periods, requestsPerSecond } = this.#pace()
    const saved = this.#savings.left(Date.now())
    const drain = requestsPerSecond - incomeOf(budget.watchedUsdPerMonth)
    return {
      watched: this.#isWatched(),
      openFamilies: this.#open().length,
      periods,
      costs: this.#costs(),
      budget: { ...budget, saved, mostSaved: mostKeptOf(budget.watchedUsdPerMonth) },
      requestsPerSecond,
      usdPerMonth: usdPerMonth(requestsPerSecond),
      lastsSeconds: drain > 0 ? Math.max(0, saved) / drain : null,
      here: true,
    }
  }

  #isWatched() {
    return this.#watchers.watched(performance.now())
  }

  #open(): string[] {
    const open = this.#watchers.open(performance.now())
    return [...new Set([...this.#source.unsettled(), ...open])].slice(-MOST_OPEN)
  }

  #costs(): RefreshCosts {
    const open = [...this.#source.members(this.#open())].length
    return { ...this.#source.costs(), open }
  }

  #pace(): RefreshPace {
    const pace = refreshPace({
      costs: this.#costs(),
      watched: this.#isWatched(),
      budget: this.#options.budget,
      saved: this.#savings.left(Date.now()),
    })
    const { periods } = this.#options
    return periods ? { ...pace, periods } : pace
  }

  #lookAgain() {
    this.#hurry.abort()
    this.#hurry = new AbortController()
  }

  /** One Region, for ever. */
  async #watch(region: string, attempted: () => void) {
    let failures = 0
    let aliasesAt = Number.NEGATIVE_INFINITY
    while (!this.#stopped.signal.aborted) {
      this.#woken.delete(region)
      const startedAt = performance.now()
      const withAliases: boolean = startedAt + TICK_MS >= aliasesAt + this.#periodMs('aliases')
      const status: RegionStatus = await this.#source.sweep(region, { withAliases }).catch((error: unknown) => {
        console.error(`The scan of ${region} broke off`, error)
        return 'unreachable' as const
      })
      attempted()
      if (withAliases) aliasesAt = startedAt
      failures = status === 'ok' ? 0 : failures + 1
      await this.#untilDue(region, () => startedAt + this.#pauseMs(status, failures))
    }
    attempted()
  }

  #pauseMs(status: RegionStatus, failures: number): number {
    if (status === 'ok' || status === 'denied') return Math.min(this.#periodMs('keys'), this.#periodMs('aliases'))
    const { retryAfterMs } = this.#options
    const longest = Math.max(...retryAfterMs)
    if (!this.#isWatched()) return longest * UNWATCHED_TIMES
    if (status !== 'unreachable') return longest * THROTTLED_TIMES
    return retryAfterMs[failures - 1] ?? longest
  }

  #periodMs(of: keyof RefreshPeriods): number {
    return this.#pace().periods[of] * 1_000
  }

  /** When that is changes with the pace, so it is asked again whenever the pause is broken off. */
  async #untilDue(region: string, due: () => number) {
    while (!this.#stopped.signal.aborted && !this.#woken.has(region)) {
      const ms = due() - performance.now()
      if (ms <= 0) return
      const signal = AbortSignal.any([this.#stopped.signal, this.#hurry.signal])
      // Rejects only when it is broken off. Timers hold less than 25 days.
      await sleep(Math.min(ms, 3_600_000), undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  #tick() {
    const calls = this.#source.callsMade()
    this.#savings.spend(calls - this.#callsCounted, Date.now())
    this.#callsCounted = calls
    const seconds = (Date.now() - this.#tickedAt) / 1_000
    this.#tickedAt = Date.now()
    const { periods } = this.#pace()
    this.#partDue += seconds / periods.others
    const readBefore = new Date(Date.now() - periods.open * 1_000).toISOString()
    for (const due of this.#source.members(this.#open())) if (due.at <= readBefore) this.#read(due)
    this.#rotate()
  }

  /** Reads as many of all members as are due, those first that were read longest ago. */
  #rotate() {
    // At rest that is one in some seconds: until then thousands of members need not be looked through.
    if (this.#partDue * this.#source.costs().others < 1) return
    const members = [...this.#source.members()]
    const count = Math.min(MOST_A_TICK, Math.floor(this.#partDue * members.length))
    if (count === 0) return
    this.#partDue = Math.min(this.#partDue - count / members.length, MOST_A_TICK / members.length)
    for (const due of oldest(count, members)) this.#read(due)
  }

  #read({ region, keyId }: Due) {
    const name = `${region}/${keyId}`
    if (this.#underWay.has(name)) return
    this.#underWay.add(name)
    this.#source
      .readMember(region, keyId)
      .catch((error: unknown) => console.error(`${keyId} in ${region} could not be read`, error))
      .finally(() => this.#underWay.delete(name))
  }
}
