import { describe, expect, it } from 'vitest'
import {
  allRequests,
  type MonthOfRequests,
  monthOf,
  projectedUsd,
  requestsBy,
  requestsByOperationAndRegion,
} from './requests'

const REQUESTS: MonthOfRequests = {
  month: '2026-11',
  counts: [
    { region: 'us-east-1', operation: 'DescribeKey', purpose: 'background', count: 700_000 },
    { region: 'us-east-1', operation: 'ListKeys', purpose: 'background', count: 200_000 },
    { region: 'eu-west-1', operation: 'DescribeKey', purpose: 'background', count: 80_000 },
    { region: 'eu-west-1', operation: 'DescribeKey', purpose: 'run', count: 20_000 },
  ],
}

describe('monthOf', () => {
  it('is the month of UTC, wherever the machine stands', () => {
    expect(monthOf(new Date('2026-11-30T23:59:59.999Z'))).toBe('2026-11')
    expect(monthOf(new Date('2026-12-01T00:30:00+01:00'))).toBe('2026-11')
  })
})

describe('allRequests', () => {
  it('sums up both purposes, at 0.03 USD for 10,000', () => {
    const { usd, ...sums } = allRequests(REQUESTS)
    expect(sums).toEqual({ background: 980_000, run: 20_000, total: 1_000_000 })
    expect(usd).toBeCloseTo(3, 10)
    expect(allRequests({ month: '2026-11', counts: [] }).usd).toBe(0)
  })
})

describe('requestsBy', () => {
  it('has the largest first, and loses nothing', () => {
    expect(requestsBy('operation', REQUESTS)).toMatchObject([
      { name: 'DescribeKey', background: 780_000, run: 20_000, total: 800_000 },
      { name: 'ListKeys', background: 200_000, run: 0, total: 200_000 },
    ])
    expect(requestsBy('region', REQUESTS).map(({ name, total }) => [name, total])).toEqual([
      ['us-east-1', 900_000],
      ['eu-west-1', 100_000],
    ])
  })
})

describe('requestsByOperationAndRegion', () => {
  it('keeps operations and Regions apart, both purposes in one row', () => {
    expect(requestsByOperationAndRegion(REQUESTS)).toMatchObject([
      { operation: 'DescribeKey', region: 'us-east-1', background: 700_000, run: 0 },
      { operation: 'ListKeys', region: 'us-east-1', background: 200_000, run: 0 },
      { operation: 'DescribeKey', region: 'eu-west-1', background: 80_000, run: 20_000, total: 100_000 },
    ])
  })
})

describe('projectedUsd', () => {
  it('adds the present pace until the end of the month', () => {
    // Ten of thirty days are left, at 6 USD in thirty days.
    expect(projectedUsd(REQUESTS, 6, Date.parse('2026-11-21T00:00:00Z'))).toBeCloseTo(5, 10)
    expect(projectedUsd({ month: '2026-12', counts: [] }, 30, Date.parse('2026-12-01T00:00:00Z'))).toBeCloseTo(31, 10)
  })

  it('adds nothing to a month that is over', () => {
    expect(projectedUsd(REQUESTS, 6, Date.parse('2026-12-05T00:00:00Z'))).toBeCloseTo(3, 10)
  })
})
