// Refresh budget: what reading the inventory may cost, and how many requests that is.

import { requestsPerSecondFor } from './price'

/** USD for a month of 30 days. */
export interface RefreshBudget {
  watchedUsdPerMonth: number
  unwatchedUsdPerMonth: number
}

const DAY_SECONDS = 24 * 3_600
const MONTH_DAYS = 30
/** So many days of income can be kept: an office keeps at night and at weekends what it spends by day. */
const DAYS_KEPT = 3

/** Requests a second that come in. With savings that were full at its beginning, a month spends the whole budget and no more. */
export const incomeOf = (usdPerMonth: number) =>
  (requestsPerSecondFor(usdPerMonth) * MONTH_DAYS) / (MONTH_DAYS + DAYS_KEPT)

/** The most that can be kept. */
export const mostKeptOf = (usdPerMonth: number) => incomeOf(usdPerMonth) * DAYS_KEPT * DAY_SECONDS
