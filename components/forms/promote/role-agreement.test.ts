import { describe, expect, it } from 'vitest'
import { givenTopology } from '@/lib/plans/given-plans'
import { familyOf } from '@/lib/topology/family'
import type { RegionReading } from '@/lib/topology/readings'
import { type GivenFamily, givenKeyId } from '@/lib/topology/scenarios/given-readings'
import { agreementOn, swapOf } from './role-agreement'

const keyId = givenKeyId('e2')
const swap = { from: 'us-east-1', to: 'eu-west-1' }
const promoted: GivenFamily = { keyId, primary: 'eu-west-1', replicas: ['us-east-1', 'us-west-2'] }

function verdictOn(family: GivenFamily, change?: (readings: RegionReading[]) => RegionReading[]) {
  const found = familyOf(givenTopology([family], change), keyId)
  if (!found) throw new Error('The family was not assembled')
  return agreementOn(found, swap)
}

describe('agreementOn', () => {
  it('agrees when each Region says its new role of itself', () => {
    expect(verdictOn(promoted).verdict).toBe('agreed')
  })

  it('does not agree while both still say REPLICA', () => {
    expect(verdictOn({ ...promoted, in: { 'eu-west-1': { role: 'REPLICA' } } }).verdict).toBe('not so')
  })

  it('does not take the new primary key at its word while the old Region is silent', () => {
    const silent = (readings: RegionReading[]) =>
      readings.map((reading) =>
        reading.region === 'us-east-1' ? { ...reading, status: 'unreachable' as const, message: 'no answer' } : reading,
      )
    expect(verdictOn(promoted, silent)).toMatchObject({
      verdict: 'not read',
      sentence: expect.stringContaining('us-east-1'),
    })
  })

  it('names where the primary key is when it has gone elsewhere', () => {
    const { verdict, sentence } = verdictOn({ keyId, primary: 'us-west-2', replicas: ['eu-west-1', 'us-east-1'] })
    expect(verdict).toBe('not so')
    expect(sentence).toContain('us-west-2')
  })

  it('waits for both keys to be Enabled', () => {
    expect(verdictOn({ ...promoted, in: { 'us-east-1': { state: 'Updating' } } }).verdict).toBe('not so')
  })
})

describe('swapOf', () => {
  const promotion = (keyId: string, toRegion: string) => ({ kind: 'promote', keyId, toRegion })
  const undo = { label: 'Fail back to us-east-1', request: promotion(keyId, 'us-east-1') }

  it('reads both Regions out of the request and the way back', () => {
    expect(swapOf({ request: promotion(keyId, 'eu-west-1'), undo }, { keyId })).toEqual(swap)
  })

  it('takes no run of another kind or family', () => {
    expect(swapOf({ request: { kind: 'replicate', keyId, toRegions: ['eu-west-1'] }, undo }, { keyId })).toBeNull()
    expect(swapOf({ request: promotion(givenKeyId('e9'), 'eu-west-1'), undo }, { keyId })).toBeNull()
  })
})
