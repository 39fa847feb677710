import { describe, expect, it } from 'vitest'
import { givenTopology } from '@/lib/plans/given-plans'
import type { Refreshing } from '@/lib/topology/refreshing'
import type { Topology } from '@/lib/topology/topology'
import { period, settingsSentence, usd } from './settings-words'

describe('usd', () => {
  it.each([
    [0, '0.00 USD'],
    [0.004, '< 0.01 USD'],
    [3.1, '3.10 USD'],
    [1234.567, '1,234.57 USD'],
  ])('%s is %s', (dollars, words) => {
    expect(usd(dollars)).toBe(words)
  })
})

describe('period', () => {
  it.each([
    [16, '16 s'],
    [130.4, '2 min 10 s'],
    [4_321, '1 h 12 min'],
    [100_000, '28 h'],
    [300_000, '3 days'],
  ])('of %s seconds is %s', (seconds, words) => {
    expect(period(seconds)).toBe(words)
  })
})

describe('settingsSentence', () => {
  const topology = givenTopology([])
  const refreshing: Refreshing = {
    watched: true,
    openFamilies: 0,
    periods: { keys: 16, aliases: 16, open: 16, others: 60 },
    costs: { keys: 5, aliases: 5, open: 0, others: 10 },
    budget: { watchedUsdPerMonth: 5, unwatchedUsdPerMonth: 1, saved: 100, mostSaved: 100 },
    requestsPerSecond: 0.4,
    usdPerMonth: 3.1,
    lastsSeconds: null,
    here: true,
  }
  const withRegions = (change: Partial<Topology['regions'][number]>): Topology => ({
    ...topology,
    regions: topology.regions.map((region, index) => (index === 0 ? { ...region, ...change } : region)),
  })

  it('says how many Regions are read, and what that costs', () => {
    expect(settingsSentence(topology, refreshing)).toBe(
      '5 Regions are read. Refreshing costs about 3.10 USD a month at the present pace, of at most 5.00 USD.',
    )
  })

  it('says nothing of the cost before it is known', () => {
    expect(settingsSentence(topology, null)).toBe('5 Regions are read.')
  })

  it('says how long a pace lasts that is dearer than the budget', () => {
    expect(settingsSentence(topology, { ...refreshing, usdPerMonth: 9, lastsSeconds: 7_200 })).toContain(
      'at a pace of 9.00 USD a month, for 2 h at the longest',
    )
  })

  it('counts Regions that fail, and those that are being read for the first time', () => {
    expect(settingsSentence(withRegions({ status: 'unreachable' }), refreshing)).toContain(
      '5 Regions are read, 1 of them fails now.',
    )
    expect(settingsSentence(withRegions({ status: 'unreachable', awaited: true }), refreshing)).toContain(
      '5 Regions are read, 1 for the first time just now.',
    )
  })
})
