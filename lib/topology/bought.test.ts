import { describe, expect, it } from 'vitest'
import { boughtBy } from './bought'
import type { RefreshCosts } from './refreshing'

const BUDGET = { watchedUsdPerMonth: 5, unwatchedUsdPerMonth: 1 }
/** 1,000 families with 4 members each, over 6 Regions, one of them on a screen. */
const FLEET: RefreshCosts = { keys: 6, aliases: 42, open: 4, others: 5_000 }

describe('boughtBy', () => {
  it('tells the pace while savings last, how long that is, and the paces after that and unwatched', () => {
    const [watched, usedUp, unwatched] = boughtBy(BUDGET, FLEET)
    expect(watched).toMatchObject({ when: 'watched', opens: true })
    expect(watched?.usdPerMonth).toBeGreaterThan(5)
    const hours = (watched?.lastsSeconds ?? 0) / 3_600
    expect(hours).toBeGreaterThan(8)
    expect(hours).toBeLessThan(72)
    expect(usedUp).toMatchObject({ when: 'savings used up', lastsSeconds: null })
    expect(usedUp?.usdPerMonth).toBeLessThanOrEqual(5)
    expect(usedUp?.periods.aliases).toBeGreaterThan(watched?.periods.aliases ?? 0)
    expect(unwatched).toMatchObject({ when: 'unwatched', opens: false, lastsSeconds: null })
    expect(unwatched?.usdPerMonth).toBeCloseTo(1)
  })

  it('knows no used up savings where the budget is enough', () => {
    const bought = boughtBy({ watchedUsdPerMonth: 100, unwatchedUsdPerMonth: 1 }, FLEET)
    expect(bought.map(({ when, lastsSeconds }) => [when, lastsSeconds])).toEqual([
      ['watched', null],
      ['unwatched', null],
    ])
  })

  it('buys shorter periods for more money', () => {
    const others = [1, 5, 50].map((usd) => boughtBy({ ...BUDGET, watchedUsdPerMonth: usd }, FLEET)[0]?.periods.others)
    expect(others).toEqual([...others].sort((a, b) => (b ?? 0) - (a ?? 0)))
    expect(new Set(others).size).toBe(3)
  })
})
