// Savings: the requests that refreshing may spend. They come in evenly, and what was not spent is kept for later.

import { incomeOf, mostKeptOf } from '@/lib/topology/refresh-budget'

/**
 * A bucket of requests. Whatever the pace, in no 30 days more than the monthly budget is spent, unless what cannot wait
 * (a first scan, the recovery of a Region) goes into debt, which is then paid back. Times are milliseconds since 1970,
 * so that it can be stored.
 */
export class Savings {
  #usdPerMonth: number
  #left: number
  #at: number

  constructor(usdPerMonth: number, now: number, stored?: { left: number; at: number }) {
    this.#usdPerMonth = usdPerMonth
    this.#left = stored?.left ?? mostKeptOf(usdPerMonth)
    this.#at = Math.min(now, stored?.at ?? now)
    this.left(now)
  }

  /** Requests that may be spent; below zero after what could not wait. */
  left(now: number): number {
    const seconds = Math.max(0, now - this.#at) / 1_000
    this.#left = Math.min(mostKeptOf(this.#usdPerMonth), this.#left + seconds * incomeOf(this.#usdPerMonth))
    this.#at = Math.max(this.#at, now)
    return this.#left
  }

  spend(requests: number, now: number) {
    this.#left = this.left(now) - requests
  }

  /** From now on another budget: what is kept stays, as far as so much can be kept. */
  setBudget(usdPerMonth: number, now: number) {
    this.left(now)
    this.#usdPerMonth = usdPerMonth
    this.left(now)
  }

  /** To be stored, and given to the next process. */
  stored(now: number): { left: number; at: number } {
    return { left: this.left(now), at: this.#at }
  }
}
