import { describe, expect, it } from 'vitest'
import { assembleTopology } from '@/lib/topology/assemble'
import { givenKeyId, givenReadings, READ_AT } from '@/lib/topology/scenarios/given-readings'
import type { KeyState } from '@/lib/topology/topology'
import { steadyFamilies, steadyRegions } from './steady'

const LATER = '2026-11-23T22:10:15.000Z'

const topologyAt = (asOf: string, state: KeyState = 'Enabled') =>
  assembleTopology(
    givenReadings(
      ['us-east-1', 'eu-west-1'],
      [
        { keyId: givenKeyId('a1'), primary: 'us-east-1', aliases: ['alias/a'], all: { asOf } },
        { keyId: givenKeyId('b2'), primary: 'eu-west-1', aliases: ['alias/b'], all: { asOf, state } },
      ],
    ).map((reading) => ({ ...reading, asOf })),
    { version: 1, takenAt: asOf },
  )

const before = topologyAt(READ_AT)

describe('steadyFamilies', () => {
  it('hands on the same list when only ages changed', () => {
    expect(steadyFamilies(before.families, topologyAt(LATER).families)).toBe(before.families)
  })

  it('replaces the family that changed, and no other', () => {
    const steady = steadyFamilies(before.families, topologyAt(LATER, 'Disabled').families)
    expect(steady).not.toBe(before.families)
    expect(steady[0]).toBe(before.families[0])
    expect(steady[1]?.members[0]?.state).toBe('Disabled')
  })

  it('notices families that came, went or changed places', () => {
    const { families } = topologyAt(LATER)
    const [first, second] = before.families
    expect(steadyFamilies(before.families, families.slice(1))).toEqual([second])
    expect(steadyFamilies(before.families.slice(1), families)).toEqual([families[0], second])
    expect(steadyFamilies(before.families, families.toReversed())).toEqual([second, first])
  })
})

describe('steadyRegions', () => {
  it('hands on the same Regions while each says the same', () => {
    const { regions } = topologyAt(LATER)
    expect(steadyRegions(before.regions, regions)).toBe(before.regions)
    const failed = regions.map((region) => ({ ...region, status: 'denied' as const }))
    expect(steadyRegions(before.regions, failed)).toBe(failed)
  })
})
