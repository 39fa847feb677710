// Requests of a calendar month: what was sent to KMS, for whom, and what it costs. Plain data, as Settings shows it.

import { SECONDS_PER_MONTH, USD_PER_REQUEST } from './price'

/** `background`: reading to keep the snapshot live; `run`: people and runs, who read and change keys. */
export type RequestPurpose = 'background' | 'run'

export interface RequestCount {
  region: string
  operation: string
  purpose: RequestPurpose
  count: number
}

/** Requests of all processes together. */
export interface MonthOfRequests {
  /** Of UTC, like `2026-11`. */
  month: string
  counts: RequestCount[]
}

/** Of UTC, like `2026-11`. */
export const monthOf = (time: Date): string => time.toISOString().slice(0, 7)

export interface RequestSums {
  background: number
  run: number
  total: number
  /** At the price of reads, without the free tier; some requests of runs cost more, see `USD_PER_REQUEST`. */
  usd: number
}

function sumsOf(counts: RequestCount[]): RequestSums {
  const sum = (purpose: RequestPurpose) =>
    counts.reduce((total, each) => (each.purpose === purpose ? total + each.count : total), 0)
  const [background, run] = [sum('background'), sum('run')]
  return { background, run, total: background + run, usd: (background + run) * USD_PER_REQUEST }
}

export const allRequests = ({ counts }: MonthOfRequests): RequestSums => sumsOf(counts)

export type RequestGroup = RequestSums & { name: string }

const largestFirst = (a: RequestSums, b: RequestSums) => b.total - a.total

/** The largest first. */
export const requestsBy = (group: 'region' | 'operation', { counts }: MonthOfRequests): RequestGroup[] =>
  [...Map.groupBy(counts, (each) => each[group])].map(([name, of]) => ({ name, ...sumsOf(of) })).sort(largestFirst)

export type RequestsOfOperation = RequestSums & { operation: string; region: string }

/** The largest first. */
export const requestsByOperationAndRegion = ({ counts }: MonthOfRequests): RequestsOfOperation[] =>
  [...Map.groupBy(counts, ({ operation, region }) => `${operation} ${region}`).values()]
    .flatMap((of) => {
      const [first] = of
      return first ? [{ operation: first.operation, region: first.region, ...sumsOf(of) }] : []
    })
    .sort(largestFirst)

/** Milliseconds since 1970 at which a month such as `2026-11` is over. */
function endOf(month: string): number {
  const [year = 1970, number = 1] = month.split('-').map(Number)
  return Date.UTC(year, number)
}

/**
 * What the month will have cost when it is over, in USD: what it has cost so far, and reading in the background at this
 * pace (USD in 30 days) until its end. Runs to come nobody can foresee.
 */
export function projectedUsd(requests: MonthOfRequests, usdPerMonth: number, now: number): number {
  const secondsLeft = Math.max(0, endOf(requests.month) - now) / 1000
  return allRequests(requests).usd + (usdPerMonth * secondsLeft) / SECONDS_PER_MONTH
}
