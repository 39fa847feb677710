import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assembleTopology } from './assemble'
import {
  blindSpotInWords,
  blindSpotMeans,
  blindSpotsOf,
  blindSpotTitle,
  familiesInDoubt,
  hidesFamilies,
  isDoubt,
  leftOutOfAll,
} from './blind-spots'
import type { RegionReading } from './readings'
import { isReadable } from './region-trouble'
import { anyReadings } from './scenarios/any-readings'
import {
  type GivenFamily,
  givenKeyId,
  givenReadings,
  READ_AT,
  withoutPart,
  withRegion,
} from './scenarios/given-readings'

const regions = ['ap-south-1', 'eu-west-1', 'us-east-1']
const IN = 'eu-west-1'
const billing: GivenFamily = { keyId: givenKeyId('a1'), primary: 'us-east-1', replicas: [IN], aliases: ['alias/a'] }
const orders: GivenFamily = { keyId: givenKeyId('b2'), primary: IN, replicas: ['us-east-1'], aliases: ['alias/b'] }
const readings = givenReadings(regions, [billing, orders])

const topologyOf = (of: RegionReading[]) => assembleTopology(of, { version: 1, takenAt: READ_AT })
const spotsIn = (of: RegionReading[]) => blindSpotsOf(topologyOf(of))

const unreachable = withRegion(readings, IN, () => ({ status: 'unreachable', message: 'no answer', since: READ_AT }))
const undescribed = withRegion(readings, IN, ({ members }) => ({
  members: members.slice(1),
  unread: members.slice(0, 1).map(({ keyId }) => ({ keyId, message: 'AccessDeniedException', since: READ_AT })),
}))
const unrotated = withRegion(readings, IN, ({ members }) => ({
  members: members.map((member) =>
    member.role === 'PRIMARY'
      ? { ...member, rotation: null, rotationUnread: { message: 'AccessDeniedException', since: READ_AT } }
      : member,
  ),
})).map((reading) => ({
  ...reading,
  members: reading.members.map((member) => (member.role === 'REPLICA' ? { ...member, rotation: null } : member)),
}))

describe('blindSpotsOf', () => {
  it('finds none where everything was read', () => {
    expect(spotsIn(readings)).toEqual([])
  })

  it('takes a Region that does not answer for one spot, with all its families', () => {
    expect(spotsIn(unreachable)).toEqual([
      {
        region: IN,
        part: 'region',
        status: 'unreachable',
        message: 'no answer',
        since: READ_AT,
        asOf: READ_AT,
        families: [billing.keyId, orders.keyId],
      },
    ])
  })

  it.each(['keys', 'aliases'] as const)('makes denied %s a spot of just that part', (part) => {
    const topology = topologyOf(withoutPart(readings, IN, part))
    expect(blindSpotsOf(topology)).toEqual([
      {
        region: IN,
        part,
        status: 'denied',
        message: `AccessDeniedException: not authorized to list the ${part}`,
        since: READ_AT,
        families: part === 'keys' ? [] : [billing.keyId, orders.keyId],
      },
    ])
    const unread = topology.families.flatMap(({ members }) => members.filter((member) => member.aliasesUnread))
    expect(unread.map(({ region }) => region)).toEqual(part === 'aliases' ? [IN, IN] : [])
    expect(topology.families.every(({ members }) => members.every(({ known }) => known === 'live'))).toBe(true)
    expect(topology.families.flatMap(({ findings }) => findings)).toEqual([])
  })

  it('names the one key that could not be described, and says so of no other', () => {
    expect(spotsIn(undescribed)).toMatchObject([
      { region: IN, part: 'descriptions', status: 'ok', message: 'AccessDeniedException', families: [billing.keyId] },
    ])
  })

  it('names the families whose rotation could not be read, and leaves the Region as it is', () => {
    const topology = topologyOf(unrotated)
    expect(topology.regions.every(isReadable)).toBe(true)
    expect(blindSpotsOf(topology)).toMatchObject([{ region: IN, part: 'rotation', families: [orders.keyId] }])
  })

  it('does not count a rotation that another member tells', () => {
    const told = withRegion(unrotated, 'us-east-1', ({ members }) => ({
      members: members.map((member) => ({ ...member, rotation: { enabled: true } })),
    }))
    expect(spotsIn(told)).toEqual([])
  })

  it('tells a Region that is being read for the first time from one that does not answer', () => {
    const awaited = withRegion(readings, IN, () => ({ status: 'unreachable', message: 'Not read yet', awaited: true }))
    const [spot = expect.fail()] = spotsIn(awaited)
    expect(spot).toMatchObject({ region: IN, part: 'region', status: 'being read' })
    expect(blindSpotInWords(spot)).toBe('eu-west-1 is being read')
  })

  it('names a Region that is not read, and a member that its Region does not know', () => {
    expect(spotsIn(readings.filter(({ region }) => region !== IN))).toMatchObject([
      { region: IN, part: 'region', status: 'not scanned', families: [billing.keyId, orders.keyId] },
    ])
    const lacking = withRegion(readings, IN, ({ members }) => ({ members: members.slice(1) }))
    expect(spotsIn(lacking)).toMatchObject([
      { region: IN, part: 'descriptions', message: 'named by us-east-1, not found in eu-west-1' },
    ])
  })

  it('drops no member that is not live, and names each once', () => {
    fc.assert(
      fc.property(anyReadings, (any) => {
        const topology = topologyOf(any)
        const unread = topology.families.flatMap(({ keyId, members }) =>
          members.filter(({ known }) => known !== 'live').map(({ region }) => `${keyId} ${region}`),
        )
        const named = blindSpotsOf(topology)
          .filter(({ part }) => part === 'region' || part === 'keys' || part === 'descriptions')
          .flatMap(({ region, families }) => families.map((keyId) => `${keyId} ${region}`))
        expect(named).toEqual([...new Set(named)])
        expect(named).toEqual(expect.arrayContaining(unread))
      }),
    )
  })

  it('drops no Region and no part of one, and names nobody who has no key there', () => {
    fc.assert(
      fc.property(anyReadings, (any) => {
        const topology = topologyOf(any)
        const spots = blindSpotsOf(topology)
        for (const { name, status, unreadable = [], ...view } of topology.regions) {
          const parts = spots.filter(({ region }) => region === name).map(({ part }) => part)
          if (!isReadable({ status, unreadable })) expect(parts).toEqual(['region'])
          for (const { part } of unreadable) if (part !== 'rotation') expect(parts).toContain(part)
          expect(view.message === undefined).toBe(status === 'ok' && unreadable.length === 0)
        }
        const there = new Map(
          topology.families.map(({ keyId, members }) => [keyId, members.map(({ region }) => region)]),
        )
        for (const { region, families } of spots)
          for (const keyId of families) expect(there.get(keyId)).toContain(region)
      }),
    )
  })
})

describe('the words', () => {
  it.each([
    [unreachable, 'eu-west-1 does not answer'],
    [withoutPart(readings, IN, 'keys'), 'the keys of eu-west-1 could not be listed'],
    [withoutPart(readings, IN, 'aliases'), 'the aliases of eu-west-1 could not be read'],
    [undescribed, '1 key in eu-west-1 could not be read'],
    [unrotated, 'the rotation of 1 family could not be read in eu-west-1'],
    [readings.slice(0, 2), 'us-east-1 is not among the Regions that are read'],
  ])('say what it is: %#', (of, words) => {
    const [spot = expect.fail()] = spotsIn(of)
    expect(blindSpotInWords(spot)).toBe(words)
    expect(blindSpotTitle(spot).slice(1)).toBe(words.slice(1))
    expect(blindSpotMeans(spot)).toMatch(/^[A-Z].+\.$/)
  })
})

describe('leftOutOfAll', () => {
  const both = [billing, orders]

  it('says nothing where everything was read, or only a rotation was not', () => {
    expect(leftOutOfAll(spotsIn(readings), both)).toEqual([])
    const spots = spotsIn(unrotated)
    expect(spots.some(isDoubt)).toBe(false)
    expect(leftOutOfAll(spots, both)).toEqual([])
  })

  it('says that families may be hidden where keys are not listed', () => {
    const spots = spotsIn(withoutPart(readings, IN, 'keys'))
    expect(spots.every(hidesFamilies)).toBe(true)
    expect(leftOutOfAll(spots, both)).toEqual(['Families that are only in eu-west-1 may be missing.'])
  })

  it('counts those of the chosen that are in doubt', () => {
    const spots = spotsIn(undescribed)
    expect([...familiesInDoubt(spots)]).toEqual([billing.keyId])
    expect(leftOutOfAll(spots, both)).toEqual(['1 of 2 was read in part only.'])
    expect(leftOutOfAll(spots, [orders])).toEqual([])
    expect(leftOutOfAll(spotsIn(withoutPart(readings, IN, 'aliases')), both)).toEqual([
      '2 of 2 were read in part only.',
    ])
  })
})
