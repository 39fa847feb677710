import { describe, expect, it } from 'vitest'
import { assembleTopology } from '@/lib/topology/assemble'
import { familyOf } from '@/lib/topology/family'
import { givenKeyId, givenReadings, READ_AT } from '@/lib/topology/scenarios/given-readings'
import { aliasDrift } from './alias-drift'

const KEY = givenKeyId('a1')

/** A family of two Regions, after its alias in the second was moved to `holder` or taken away. */
function driftOf(holder: string | null) {
  const readings = givenReadings(
    ['us-east-1', 'eu-west-1'],
    [
      { keyId: KEY, primary: 'us-east-1', replicas: ['eu-west-1'], aliases: ['alias/a'] },
      { keyId: givenKeyId('b2'), primary: 'us-east-1', replicas: ['eu-west-1'] },
    ],
  ).map((reading) =>
    reading.region === 'eu-west-1'
      ? { ...reading, aliases: holder === null ? [] : [{ name: 'alias/a', keyId: holder }] }
      : reading,
  )
  const family = familyOf(assembleTopology(readings, { version: 1, takenAt: READ_AT }), KEY)
  return family ? aliasDrift(family).map(({ type, words, regions }) => `${type}: ${words} ${regions}`) : null
}

describe('aliasDrift', () => {
  it('names where the alias is missing, or leads to another key', () => {
    expect(driftOf(null)).toEqual(['warning: Alias missing eu-west-1'])
    expect(driftOf(givenKeyId('b2'))).toEqual(['error: Alias elsewhere eu-west-1'])
  })

  it('is silent where the alias is everywhere', () => {
    expect(driftOf(KEY)).toEqual([])
  })
})
