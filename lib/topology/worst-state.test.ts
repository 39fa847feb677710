import { describe, expect, it } from 'vitest'
import { assembleTopology } from './assemble'
import { type GivenFamily, givenKeyId, givenReadings, READ_AT, withRegion } from './scenarios/given-readings'
import { worstMember } from './worst-state'

const regions = ['ap-south-1', 'eu-west-1', 'us-east-1']

function worstOf(inRegions: GivenFamily['in'], blind?: string) {
  const family: GivenFamily = {
    keyId: givenKeyId('a1'),
    primary: 'us-east-1',
    replicas: regions.slice(0, 2),
    in: inRegions,
  }
  const readings = givenReadings(regions, [family])
  const read = blind ? withRegion(readings, blind, () => ({ status: 'unreachable' })) : readings
  const [assembled] = assembleTopology(read, { version: 1, takenAt: READ_AT }).families
  const worst = assembled && worstMember(assembled)
  return `${worst?.region} ${worst?.state}`
}

describe('worstMember', () => {
  it.each([
    ['the first of equals', {}, 'ap-south-1 Enabled'],
    ['what passes by itself before what works', { 'us-east-1': { state: 'Creating' } }, 'us-east-1 Creating'],
    [
      'a deletion before a disabled key',
      { 'us-east-1': { state: 'PendingDeletion' }, 'ap-south-1': { state: 'Disabled' } },
      'us-east-1 PendingDeletion',
    ],
  ] satisfies [string, GivenFamily['in'], string][])('names %s', (_what, inRegions, expected) => {
    expect(worstOf(inRegions)).toBe(expected)
  })

  it('names what was not read before equals that were, but not before graver ones', () => {
    expect(worstOf({}, 'eu-west-1')).toBe('eu-west-1 Enabled')
    expect(worstOf({ 'us-east-1': { state: 'Disabled' } }, 'eu-west-1')).toBe('us-east-1 Disabled')
  })

  it('knows none in an empty family', () => {
    expect(worstMember({ members: [] })).toBeUndefined()
  })
})
