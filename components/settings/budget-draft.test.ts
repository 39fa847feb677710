import { describe, expect, it } from 'vitest'
import { givenTopology } from '@/lib/plans/given-plans'
import { givenKeyId } from '@/lib/topology/scenarios/given-readings'
import { budgetOf, costsWithOneOpen, draftOf, isReckonable } from './budget-draft'

describe('budgetOf', () => {
  it.each([
    ['5', 5],
    [' 2.50 ', 2.5],
    ['.5', 0.5],
    ['5.', 5],
  ])('takes %j for an amount', (text, amount) => {
    expect(budgetOf({ watchedUsdPerMonth: text, unwatchedUsdPerMonth: '1' }).watchedUsdPerMonth).toBe(amount)
  })

  it.each(['', ' ', 'five', '1,000', '-1', '1e3', '0x10', '5 USD'])('takes %j for none', (text) => {
    const budget = budgetOf({ watchedUsdPerMonth: text, unwatchedUsdPerMonth: '1' })
    expect(budget.watchedUsdPerMonth).toBeNaN()
    expect(isReckonable(budget)).toBe(false)
  })

  it('gives back what was drafted of it', () => {
    const budget = { watchedUsdPerMonth: 12.5, unwatchedUsdPerMonth: 0.1 }
    expect(budgetOf(draftOf(budget))).toEqual(budget)
    expect(isReckonable(budget)).toBe(true)
  })
})

describe('costsWithOneOpen', () => {
  const costs = { keys: 5, aliases: 5, open: 0, others: 9 }
  const topology = givenTopology([
    { keyId: givenKeyId('a1'), primary: 'us-east-1', replicas: ['eu-west-1', 'us-west-2'] },
    { keyId: givenKeyId('a2'), primary: 'us-east-1', replicas: ['eu-west-1'] },
  ])

  it('supposes a family of middling size, unless some are open or there are none', () => {
    expect(costsWithOneOpen(costs, topology)).toEqual({ ...costs, open: 3 })
    expect(costsWithOneOpen({ ...costs, open: 8 }, topology).open).toBe(8)
    expect(costsWithOneOpen(costs, { families: [] }).open).toBe(0)
    expect(costsWithOneOpen(costs, undefined).open).toBe(0)
  })
})
