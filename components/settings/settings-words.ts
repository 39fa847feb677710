// Settings in words: amounts, periods, and the sentence that the screen opens with.

import { durationInWords } from '@/components/shell/duration'
import type { Refreshing } from '@/lib/topology/refreshing'
import { awaitedRegions, regionsInTrouble } from '@/lib/topology/region-trouble'
import type { Topology } from '@/lib/topology/topology'

export const number = (many: number) => many.toLocaleString('en-US')

/** USD as `3.10`; next to nothing is not nothing. */
export function amount(dollars: number): string {
  if (dollars > 0 && dollars < 0.01) return '< 0.01'
  return dollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
}

export const usd = (dollars: number) => `${amount(dollars)} USD`

const DAY_SECONDS = 24 * 3_600

/** `16 s`, `2 h 10 min`, `3 days`: from two days on, hours say nothing more. */
export function period(seconds: number): string {
  if (seconds < 2 * DAY_SECONDS) {
    // Seconds of a period of many minutes, and minutes of one of many hours, are not known so well.
    const step = seconds < 600 ? 1 : seconds < 36_000 ? 60 : 3_600
    return durationInWords(Math.round(seconds / step) * step * 1000)
  }
  return `${number(Math.round(seconds / DAY_SECONDS))} days`
}

const regions = (many: number) => (many === 1 ? '1 Region is read' : `${number(many)} Regions are read`)

function readSentence(topology: Topology): string {
  const trouble = regionsInTrouble(topology).length
  const awaited = awaitedRegions(topology).length
  return [
    regions(topology.regions.length),
    ...(trouble > 0 ? [trouble === 1 ? '1 of them fails now' : `${number(trouble)} of them fail now`] : []),
    ...(awaited > 0 ? [`${number(awaited)} for the first time just now`] : []),
  ].join(', ')
}

/** How many Regions are read, and what that costs. */
export function settingsSentence(topology: Topology, refreshing: Refreshing | null): string {
  if (!refreshing) return `${readSentence(topology)}.`
  const { usdPerMonth, budget, lastsSeconds } = refreshing
  const most = usd(budget.watchedUsdPerMonth)
  const pace = usd(usdPerMonth)
  if (lastsSeconds === null) {
    return `${readSentence(topology)}. Refreshing costs about ${pace} a month at the present pace, of at most ${most}.`
  }
  return `${readSentence(topology)}. Refreshing goes at a pace of ${pace} a month, for ${period(lastsSeconds)} at the longest, from what was saved while it was slower; in all, at most ${most} a month.`
}
