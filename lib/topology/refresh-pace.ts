// Refresh pace: how often what is read, for a given size of the account, budget and savings. The inventory keeps to it,
// and Settings shows beforehand what an amount buys.

import { requestsPerSecondFor } from './price'
import { incomeOf, mostKeptOf, type RefreshBudget } from './refresh-budget'
import type { RefreshCosts, RefreshPeriods } from './refreshing'

/** Read so often, and read and sent within the rest, a change is on the screen within 20 s. */
export const WATCHED_SECONDS = 16
/** Nobody sees it sooner than they look, and looking reads at once. */
const UNWATCHED_SECONDS = 60
/** The whole rotation is not done more often than this. */
const OTHERS_SECONDS = 60
/** Of what comes in, for the rotation over all members, whatever else is to be read. */
const OTHERS_SHARE = 0.2
/** Of what is left when there is not enough; the aliases may have the rest. */
const MOST_OF_REST = { keys: 0.85, open: 0.6 }
/** With less than this part of the savings, the pace becomes slower bit by bit, not at once. */
const SCARCE = 0.2

export interface RefreshPace {
  periods: RefreshPeriods
  requestsPerSecond: number
}

/**
 * While somebody watches, lists and open families are read every 16 s for as long as there are savings; as these run out,
 * what comes in is shared out: first to the lists of keys, which are cheap and find most, then to open families, then to the
 * aliases. While nobody watches, a fixed pace is kept. All other members are always read in rotation with what is over, at
 * least with a fifth of what comes in.
 */
export function refreshPace({
  costs,
  watched,
  budget,
  saved,
}: {
  costs: RefreshCosts
  watched: boolean
  budget: RefreshBudget
  saved: number
}): RefreshPace {
  const least = watched ? WATCHED_SECONDS : UNWATCHED_SECONDS
  const often = (costs.keys + costs.open + costs.aliases) / least
  const pace = watched
    ? watchedPace(often, budget, saved)
    : Math.min(requestsPerSecondFor(budget.unwatchedUsdPerMonth), incomeOf(budget.watchedUsdPerMonth))
  const forOthersAtLeast = OTHERS_SHARE * Math.min(pace, incomeOf(budget.watchedUsdPerMonth))
  const spent = Math.min(often, pace - forOthersAtLeast)
  let rest = spent
  let later = often
  const share = (cost: number, most: number) => {
    const wanted = cost / least
    later -= wanted
    const given = Math.min(wanted, Math.max(rest * most, rest - later))
    rest -= given
    return cost === 0 ? least : cost / given
  }
  const keys = share(costs.keys, MOST_OF_REST.keys)
  const open = share(costs.open, MOST_OF_REST.open)
  const aliases = share(costs.aliases, 1)
  const forOthers = Math.min(pace - spent, costs.others / OTHERS_SECONDS)
  return {
    periods: {
      keys,
      aliases,
      open,
      others: costs.others === 0 ? OTHERS_SECONDS : Math.max(OTHERS_SECONDS, costs.others / forOthers),
    },
    requestsPerSecond: spent + forOthers,
  }
}

/** What comes in, or with savings what it takes to read everything as often as it should be, and a fifth more. */
function watchedPace(often: number, { watchedUsdPerMonth }: RefreshBudget, saved: number): number {
  const income = incomeOf(watchedUsdPerMonth)
  const wanted = Math.max(income, often + income * OTHERS_SHARE)
  const plenty = Math.min(1, Math.max(0, saved / (mostKeptOf(watchedUsdPerMonth) * SCARCE)))
  return income + (wanted - income) * plenty
}
