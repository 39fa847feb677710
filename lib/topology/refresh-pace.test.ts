import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestsPerSecondFor, usdPerMonth } from './price'
import { incomeOf, mostKeptOf } from './refresh-budget'
import { refreshPace, WATCHED_SECONDS } from './refresh-pace'
import type { RefreshCosts } from './refreshing'

const budget = { watchedUsdPerMonth: 5, unwatchedUsdPerMonth: 1 }
/** 1,000 families with 4 members each, over 6 Regions, with one alias a member. */
const fleet: RefreshCosts = { keys: 6, aliases: 42, open: 0, others: 5_000 }
const full = mostKeptOf(5)

/** What the periods come to, reckoned from them. */
const requestsPerSecondOf = (costs: RefreshCosts, { periods }: ReturnType<typeof refreshPace>) =>
  (['keys', 'aliases', 'open', 'others'] as const).reduce((sum, of) => sum + costs[of] / periods[of], 0)

describe('refreshPace', () => {
  it('reads lists and open families within 20 s while somebody watches and there are savings', () => {
    const { periods } = refreshPace({ costs: { ...fleet, open: 200 }, watched: true, budget, saved: full })
    expect(periods).toMatchObject({ keys: WATCHED_SECONDS, aliases: WATCHED_SECONDS, open: WATCHED_SECONDS })
  })

  it('keeps to the budget once the savings are used up, the lists of keys first', () => {
    const { periods, requestsPerSecond } = refreshPace({ costs: fleet, watched: true, budget, saved: 0 })
    expect(usdPerMonth(requestsPerSecond)).toBeLessThanOrEqual(5)
    expect(periods.keys).toBeLessThan(20)
    expect(periods.aliases).toBeGreaterThan(60)
  })

  it('becomes slower bit by bit as the savings run out', () => {
    const aliasesAt = (saved: number) =>
      refreshPace({ costs: fleet, watched: true, budget, saved: full * saved }).periods.aliases
    const periods = [1, 0.2, 0.15, 0.1, 0.05, 0].map(aliasesAt)
    expect(periods).toEqual([...periods].sort((a, b) => a - b))
    expect(new Set(periods).size).toBe(5)
  })

  it('costs 1 USD a month while nobody watches', () => {
    const { requestsPerSecond } = refreshPace({ costs: fleet, watched: false, budget, saved: full })
    expect(usdPerMonth(requestsPerSecond)).toBeCloseTo(1)
  })

  it('never spends more than it says, and always reads everything sometimes', () => {
    const costs = fc.record({
      keys: fc.integer({ min: 1, max: 100 }),
      aliases: fc.integer({ min: 1, max: 2_000 }),
      open: fc.nat(500),
      others: fc.nat(100_000),
    })
    fc.assert(
      fc.property(costs, fc.boolean(), fc.double({ min: -1, max: 1, noNaN: true }), (of, watched, part) => {
        const pace = refreshPace({ costs: of, watched, budget, saved: full * part })
        const spent = requestsPerSecondOf(of, pace)
        expect(spent).toBeCloseTo(pace.requestsPerSecond, 6)
        if (!watched) expect(spent).toBeLessThanOrEqual(requestsPerSecondFor(1) * 1.000_001)
        if (watched && part <= 0) expect(spent).toBeLessThanOrEqual(incomeOf(5) * 1.000_001)
        for (const period of Object.values(pace.periods)) expect(period).toBeGreaterThan(0)
        for (const period of Object.values(pace.periods)) expect(Number.isFinite(period)).toBe(true)
      }),
    )
  })
})
