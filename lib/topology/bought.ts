// What a budget buys: how often what is read for it, at the three paces that there are.

import { usdPerMonth } from './price'
import { incomeOf, mostKeptOf, type RefreshBudget } from './refresh-budget'
import { refreshPace } from './refresh-pace'
import type { RefreshCosts, RefreshPeriods } from './refreshing'

export interface Bought {
  when: 'watched' | 'savings used up' | 'unwatched'
  periods: RefreshPeriods
  /** Is there anything on open screens to be read? */
  opens: boolean
  /** At this pace, for 30 days. */
  usdPerMonth: number
  /** Seconds that the pace lasts from full savings; null where it lasts for ever. */
  lastsSeconds: number | null
}

/** Without the pace of used up savings where they are never used up. */
export function boughtBy(budget: RefreshBudget, costs: RefreshCosts): Bought[] {
  const most = mostKeptOf(budget.watchedUsdPerMonth)
  const at = (when: Bought['when'], watched: boolean, saved: number): Bought => {
    const open = watched ? costs.open : 0
    const { periods, requestsPerSecond } = refreshPace({ costs: { ...costs, open }, watched, budget, saved })
    const drain = requestsPerSecond - incomeOf(budget.watchedUsdPerMonth)
    return {
      when,
      periods,
      opens: open > 0,
      usdPerMonth: usdPerMonth(requestsPerSecond),
      lastsSeconds: drain > 1e-9 && saved > 0 ? saved / drain : null,
    }
  }
  const watched = at('watched', true, most)
  return [
    watched,
    ...(watched.lastsSeconds === null ? [] : [at('savings used up', true, 0)]),
    at('unwatched', false, most),
  ]
}
