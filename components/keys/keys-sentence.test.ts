import { describe, expect, it } from 'vitest'
import { assembleTopology } from '@/lib/topology/assemble'
import { blindSpotsOf } from '@/lib/topology/blind-spots'
import {
  type GivenFamily,
  givenKeyId,
  givenReadings,
  READ_AT,
  withoutPart,
  withRegion,
} from '@/lib/topology/scenarios/given-readings'
import type { Topology } from '@/lib/topology/topology'
import { incompleteSentence, keysSentence, matchCount, otherKeysSentence } from './keys-sentence'

const AT = { version: 1, takenAt: READ_AT }
const regions = ['us-east-1', 'eu-west-1']
const healthy: GivenFamily = {
  keyId: givenKeyId('a1'),
  primary: 'us-east-1',
  replicas: ['eu-west-1'],
  aliases: ['alias/a'],
}
const disabled: GivenFamily = { ...healthy, keyId: givenKeyId('b2'), aliases: ['alias/b'], all: { state: 'Disabled' } }
const alone: GivenFamily = { keyId: givenKeyId('c3'), primary: 'us-east-1' }

const readingsOf = (...families: GivenFamily[]) => givenReadings(regions, families)
const topologyOf = (...families: GivenFamily[]) => assembleTopology(readingsOf(...families), AT)
const blindIn = (region: string, ...families: GivenFamily[]) =>
  assembleTopology(
    withRegion(readingsOf(...families), region, () => ({ status: 'unreachable', message: 'no answer' })),
    AT,
  )

const sentenceOf = (topology: Topology) => keysSentence(topology, blindSpotsOf(topology))
const withoutPartIn = (part: 'keys' | 'aliases', ...families: GivenFamily[]) =>
  assembleTopology(withoutPart(readingsOf(...families), 'eu-west-1', part), AT)

describe('keysSentence', () => {
  it('counts families, keys and Regions', () => {
    expect(sentenceOf(topologyOf(healthy))).toBe('1 family with 2 keys in 2 Regions: none needs attention.')
  })

  it('says how many need attention, and how grave it is', () => {
    expect(sentenceOf(topologyOf(healthy, disabled, alone))).toBe(
      '3 families with 5 keys in 2 Regions: 2 need attention (1 with high severity).',
    )
    expect(sentenceOf(topologyOf(alone))).toBe('1 family with 1 key in 2 Regions: 1 needs attention.')
  })

  it('names what could not be read, also when nothing was found', () => {
    expect(sentenceOf(blindIn('eu-west-1', healthy))).toMatch(/attention; eu-west-1 could not be read\.$/)
    expect(sentenceOf(blindIn('eu-west-1'))).toBe('No multi-Region keys found, but eu-west-1 could not be read.')
    expect(sentenceOf(topologyOf())).toBe('No multi-Region keys in 2 Regions.')
  })
})

describe('keysSentence of Regions that deny a part', () => {
  it('names the part, and does not say that the Region could not be read', () => {
    expect(sentenceOf(withoutPartIn('aliases', healthy))).toMatch(
      /: none needs attention; the aliases of eu-west-1 could not be read\.$/,
    )
    expect(sentenceOf(withoutPartIn('keys'))).toBe(
      'No multi-Region keys found, but the keys of eu-west-1 could not be listed.',
    )
  })

  it('counts families whose rotation could not be read', () => {
    const rotationUnread = { message: 'denied', since: READ_AT }
    const unrotated = { ...alone, all: { rotation: null, rotationUnread } }
    expect(sentenceOf(topologyOf(unrotated))).toMatch(/; the rotation of 1 family could not be read in us-east-1\.$/)
  })
})

describe('otherKeysSentence', () => {
  it('is silent about none', () => {
    expect(otherKeysSentence({ otherKeys: 0 })).toBeNull()
    expect(otherKeysSentence({ otherKeys: 1 })).toBe('1 other key is not multi-Region and not listed here.')
    expect(otherKeysSentence({ otherKeys: 1200 })).toBe('1,200 other keys are not multi-Region and not listed here.')
  })
})

describe('incompleteSentence', () => {
  it('counts families with a member that was not read', () => {
    expect(incompleteSentence(blindSpotsOf(topologyOf(healthy, alone)))).toBeNull()
    expect(incompleteSentence(blindSpotsOf(blindIn('eu-west-1', healthy, alone)))).toBe('1 family may be incomplete.')
    expect(incompleteSentence(blindSpotsOf(withoutPartIn('aliases', healthy, alone)))).toBe(
      '1 family may be incomplete.',
    )
  })
})

describe('matchCount', () => {
  it('counts what matches of all', () => {
    expect(matchCount(12, 1412, [])).toBe('12 of 1,412 match')
  })

  it('does not call all what may hide some', () => {
    const { families } = topologyOf(healthy)
    const countIn = (topology: Topology) => matchCount(1, families.length, blindSpotsOf(topology))
    expect(countIn(withoutPartIn('aliases', healthy))).toBe('1 of 1 match')
    expect(countIn(withoutPartIn('keys', healthy))).toBe('1 of 1 match, as far as could be read')
    expect(countIn(blindIn('eu-west-1', healthy))).toBe('1 of 1 match, as far as could be read')
  })
})
