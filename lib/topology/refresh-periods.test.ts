import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { givenTopology } from '@/lib/plans/given-plans'
import { usdPerMonth } from './price'
import { paceOf, periodsWithin, type RefreshRounds, roundsFor } from './refresh-periods'
import { givenKeyId } from './scenarios/given-readings'

const DEMO: RefreshRounds = { keys: 6, aliases: 6, open: 4, others: 40 }
/** 1,000 families of 4 members over 6 Regions, one of them on a screen. */
const FLEET: RefreshRounds = { keys: 6, aliases: 42, open: 4, others: 5_000 }

describe('roundsFor', () => {
  const topology = givenTopology([
    { keyId: givenKeyId('a1'), primary: 'us-east-1', replicas: ['eu-west-1', 'us-west-2'] },
    { keyId: givenKeyId('a2'), primary: 'us-east-1', replicas: ['eu-west-1', 'us-west-2'] },
  ])
  const regions = topology.regions.length

  it('takes a page of each list in each Region, and a request a member', () => {
    expect(roundsFor(topology, 0)).toMatchObject({ keys: regions, aliases: regions, open: 0 })
    expect(roundsFor(topology, 0).others).toBeGreaterThanOrEqual(6)
    expect(roundsFor(topology, 1)).toMatchObject({ open: 3, others: roundsFor(topology, 0).others - 3 })
    expect(roundsFor(topology, 50).open).toBe(6)
  })

  it('takes more pages where there are more keys and aliases', () => {
    const others = Array.from({ length: 250 }, (_, index) => ({
      region: 'us-east-1',
      name: `alias/other-${index}`,
      keyId: `${index}`,
    }))
    const larger = { ...topology, otherKeys: 1_500 * regions, otherAliases: others }
    expect(roundsFor(larger, 0)).toMatchObject({ keys: 2 * regions, aliases: regions + 2 })
  })

  it('never takes nothing, so that every period is a number', () => {
    expect(roundsFor({ ...topology, families: [] }, 3)).toMatchObject({ open: 0, others: 1 })
  })
})

describe('periodsWithin', () => {
  it('reads a small account as often as wanted', () => {
    expect(periodsWithin(20, DEMO)).toEqual({ keys: 15, aliases: 15, open: 15, others: 60 })
  })

  it('reads a fleet less often, the dear lists less often than the cheap ones', () => {
    const { keys, aliases, open, others } = periodsWithin(5, FLEET)
    expect(keys).toBeGreaterThan(15)
    expect(aliases).toBeGreaterThan(2 * keys)
    expect(open).toBeLessThan(keys)
    expect(others).toBeCloseTo(5_000 / (0.2 * 0.643), -3)
  })

  const anyRounds = fc.record({
    keys: fc.integer({ min: 1, max: 100 }),
    aliases: fc.integer({ min: 1, max: 1_000 }),
    open: fc.integer({ min: 0, max: 1_700 }),
    others: fc.integer({ min: 1, max: 60_000 }),
  })
  const anyBudget = fc.double({ min: 0.1, max: 1_000, noNaN: true })

  it('never costs more than the budget, and wastes none of it before everything is read as often as wanted', () => {
    fc.assert(
      fc.property(anyBudget, anyRounds, (budget, rounds) => {
        const periods = periodsWithin(budget, rounds)
        const cost = usdPerMonth(paceOf(periods, rounds))
        expect(cost).toBeLessThanOrEqual(budget * 1.000001)
        if (cost < budget * 0.999999) expect(periods).toEqual({ keys: 15, aliases: 15, open: 15, others: 60 })
      }),
    )
  })

  it('never reads anything less often for a larger budget, nor more often than wanted', () => {
    fc.assert(
      fc.property(anyBudget, anyBudget, anyRounds, (one, other, rounds) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)].map((budget) => periodsWithin(budget, rounds))
        for (const kind of ['keys', 'aliases', 'open', 'others'] as const) {
          expect(more?.[kind]).toBeLessThanOrEqual((less?.[kind] ?? 0) * 1.000001)
          expect(more?.[kind]).toBeGreaterThanOrEqual(kind === 'others' ? 60 : 15)
        }
      }),
    )
  })
})
