// What a month of refreshing costs, by who watches: the product's own refresher, with a clock that runs in seconds.

import { end, nextMessage, startProgram } from '../processes.ts'
import type { MonthOrder, SimulatedHour } from '../programs/simulated-month.ts'
import { printTable } from '../table.ts'

const OFFICE = { fromHour: 9, toHour: 17, days: 5 }
const ALWAYS = { fromHour: 0, toHour: 24, days: 7 }
const NEVER = { fromHour: 0, toHour: 0, days: 0 }
const CASES = [
  { who: 'nobody', watched: NEVER, open: 0 },
  { who: 'Overview, 8 h × 22 days', watched: OFFICE, open: 0 },
  { who: '50 families open, 8 h × 22 days', watched: OFFICE, open: 50 },
  { who: 'Overview on a wall, day and night', watched: ALWAYS, open: 0 },
]
/** With longer periods, what happens outside is not seen within 20 s. */
const WITHIN_20_S = 17
const WEEK = 7 * 24
const GOAL_USD = { watched: 5, unwatched: 1 }

type Account = Omit<MonthOrder, 'watched' | 'open'>
type Month = { hours: SimulatedHour[]; usdPerRequest: number }

async function simulated(order: MonthOrder): Promise<Month> {
  const child = startProgram('bench/programs/simulated-month.ts', [], { usesLib: true })
  try {
    child.send(order)
    return (await nextMessage(child)) as Month
  } finally {
    await end(child)
  }
}

export async function printMonths(account: Account): Promise<void> {
  const months: { who: string; month: Month }[] = []
  for (const { who, ...how } of CASES) months.push({ who, month: await simulated({ ...account, ...how }) })
  printTable(
    `A month of 30 days from a Monday on, simulated: USD by week, with savings that are full at its beginning; ${account.families} families × ${account.membersEach}, ${account.aliasesARegion} aliases a Region`,
    ['who watches', '1st', '2nd', '3rd', '4th', '30 days', 'requests', 'goal'],
    months.map(({ who, month }) => costsRow(who, month)),
  )
  printTable(
    'How fast that is: share of the watched hours in which a change is seen within 20 s, and the longest periods',
    ['who watches', 'keys', 'aliases', 'open families', 'keys', 'aliases', 'open families', 'each other member'],
    months
      .filter(({ month }) => month.hours.some(({ watched }) => watched))
      .map(({ who, month }) => paceRow(who, month)),
  )
}

const requestsIn = (hours: SimulatedHour[]) =>
  hours.reduce((sum, { requests }) => sum + Object.values(requests).reduce((a, b) => a + b, 0), 0)

function costsRow(who: string, { hours, usdPerRequest }: Month): string[] {
  const usd = (from: number, to: number) => requestsIn(hours.slice(from, to)) * usdPerRequest
  const all = usd(0, hours.length)
  const goal = hours.some(({ watched }) => watched) ? GOAL_USD.watched : GOAL_USD.unwatched
  return [
    who,
    ...[0, 1, 2, 3].map((week) => usd(week * WEEK, (week + 1) * WEEK).toFixed(2)),
    all.toFixed(2),
    requestsIn(hours).toLocaleString('en'),
    `≤ ${goal} USD: ${all <= goal ? 'yes' : 'NO'}`,
  ]
}

function paceRow(who: string, { hours }: Month): string[] {
  const watched = hours.filter((hour) => hour.watched).map(({ periods }) => periods)
  const share = (of: 'keys' | 'aliases' | 'open') =>
    `${((watched.filter((periods) => periods[of] <= WITHIN_20_S).length / watched.length) * 100).toFixed(0)} %`
  const longest = (of: 'keys' | 'aliases' | 'open' | 'others') => Math.max(...watched.map((periods) => periods[of]))
  return [
    who,
    share('keys'),
    share('aliases'),
    share('open'),
    `${longest('keys').toFixed(0)} s`,
    `${longest('aliases').toFixed(0)} s`,
    `${longest('open').toFixed(0)} s`,
    `${(longest('others') / 3_600).toFixed(1)} h`,
  ]
}
