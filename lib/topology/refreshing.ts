// Refreshing: how often what is read, what that costs, and how long the budget lasts. Plain data, as Settings shows it.

import type { RefreshBudget } from './refresh-budget'

/** Seconds between two reads of the same thing at the present pace. */
export interface RefreshPeriods {
  /** ListKeys of every Region: new and vanished keys. */
  keys: number
  /** ListAliases of every Region. */
  aliases: number
  /** Each member of the families on open screens. */
  open: number
  /** Each other member, in rotation. */
  others: number
}

/** Requests that it takes to read each thing once, in all Regions together. */
export interface RefreshCosts {
  /** Pages of ListKeys. */
  keys: number
  /** Pages of ListAliases. */
  aliases: number
  /** Members of the families on open screens. */
  open: number
  /** All members, and the rotation settings of all families. */
  others: number
}

export interface Refreshing {
  /** Does somebody read a screen or the machine door at present? */
  watched: boolean
  /** Families on open screens that are read more often; at most 50. */
  openFamilies: number
  periods: RefreshPeriods
  costs: RefreshCosts
  budget: RefreshBudget & {
    /** Of the requests saved up for watching, how many are left, and how many there can be. */
    saved: number
    mostSaved: number
  }
  /** Requests a second at the present pace, and what a month (30 days) of it would cost. */
  requestsPerSecond: number
  usdPerMonth: number
  /** Seconds that the present pace can last until the savings are used up; null when it can last for ever. */
  lastsSeconds: number | null
  /** Is it this process that refreshes? With several on one database, one does it for all. */
  here: boolean
}
