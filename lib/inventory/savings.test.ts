import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { USD_PER_REQUEST } from '@/lib/topology/price'
import { incomeOf, mostKeptOf } from '@/lib/topology/refresh-budget'
import { Savings } from './savings'

const MONTH_MS = 30 * 24 * 3_600_000

describe('Savings', () => {
  it('begin full, take what comes in, and keep no more than can be kept', () => {
    const savings = new Savings(5, 0)
    expect(savings.left(0)).toBeCloseTo(mostKeptOf(5))
    savings.spend(1_000, 0)
    expect(savings.left(0)).toBeCloseTo(mostKeptOf(5) - 1_000)
    expect(savings.left(60_000)).toBeCloseTo(mostKeptOf(5) - 1_000 + 60 * incomeOf(5))
    expect(savings.left(MONTH_MS)).toBeCloseTo(mostKeptOf(5))
  })

  it('never let a month cost more than its budget, however they are spent', () => {
    const asks = fc.array(fc.record({ after: fc.integer({ min: 1, max: 86_400 }), requests: fc.nat(200_000) }))
    fc.assert(
      fc.property(asks, fc.integer({ min: 1, max: 100 }), (times, usd) => {
        const savings = new Savings(usd, 0)
        let now = 0
        let spent = 0
        for (const { after, requests } of times) {
          if (now + after * 1_000 > MONTH_MS) break
          now += after * 1_000
          const most = Math.max(0, Math.min(requests, savings.left(now)))
          savings.spend(most, now)
          spent += most
        }
        expect(spent * USD_PER_REQUEST).toBeLessThanOrEqual(usd * 1.000_001)
      }),
    )
  })

  it('go on from what an earlier process had saved, and earn meanwhile', () => {
    const savings = new Savings(5, 10_000, { left: 100, at: 0 })
    expect(savings.left(10_000)).toBeCloseTo(100 + 10 * incomeOf(5))
  })

  it('do not lose anything when the clock is set back', () => {
    const savings = new Savings(5, 10_000, { left: 100, at: 99_000 })
    expect(savings.left(5_000)).toBeCloseTo(100)
  })

  it('keep what another budget can keep', () => {
    const savings = new Savings(5, 0)
    savings.setBudget(1, 0)
    expect(savings.left(0)).toBeCloseTo(mostKeptOf(1))
  })
})
