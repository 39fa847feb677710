import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assembleTopology } from './assemble'
import { changesBetween, deltaOf, isAnyChange, mergeTopology, sameContent } from './delta'
import type { RegionReading } from './readings'
import { anyReadings } from './scenarios/any-readings'
import { givenKeyId, givenReadings, READ_AT, withRegion } from './scenarios/given-readings'
import type { Topology } from './topology'

const LATER = '2026-11-23T23:59:00.000Z'
const KEY = givenKeyId('a1')
const readings = givenReadings(
  ['us-east-1', 'eu-west-1'],
  [
    { keyId: KEY, primary: 'us-east-1', replicas: ['eu-west-1'], aliases: ['alias/billing'] },
    { keyId: givenKeyId('b2'), primary: 'eu-west-1', replicas: ['us-east-1'], aliases: ['alias/orders'] },
  ],
)
const version = (number: number, of: RegionReading[] = readings) =>
  assembleTopology(of, { version: number, takenAt: READ_AT })

const deltaBetween = (before: Topology, after: Topology) =>
  deltaOf(after, before.version, changesBetween(before, after))

const readLater = (of: RegionReading[]): RegionReading[] =>
  of.map((reading) => ({
    ...reading,
    asOf: LATER,
    members: reading.members.map((member) => ({ ...member, asOf: LATER })),
  }))

/** Everything but when it was read: a delta does not repeat a family for that. */
const contentOf = (topology: Topology) => ({
  ...topology,
  families: topology.families.map((family) => ({
    ...family,
    members: family.members.map(({ asOf, ...member }) => member),
  })),
})

describe('sameContent', () => {
  const [family = expect.fail()] = version(1).families
  const [member = expect.fail(), ...others] = family.members

  it('does not mind ages, the order of fields, or a field that is undefined', () => {
    const { role, ...rest } = member
    const same = { ...family, members: [{ ...rest, asOf: LATER, deletionDate: undefined, role }, ...others] }
    expect(sameContent(family, same)).toBe(true)
  })

  it.each([
    ['state', { state: 'Disabled' }],
    ['role', { role: 'PRIMARY' }],
    ['aliases', { aliases: ['alias/billing', 'alias/invoices'] }],
    ['rotation', { rotation: { enabled: false } }],
    ['rotation not read', { rotation: null }],
    ['known', { known: 'stale' }],
    ['message', { message: 'eu-west-1 does not answer' }],
    ['description', { description: 'Invoices' }],
  ] as const)('sees another %s', (_, change) => {
    const other = { ...family, members: [{ ...member, ...change }, ...others] } as typeof family
    expect(sameContent(family, other)).toBe(false)
    expect(sameContent(other, family)).toBe(false)
  })
})

describe('changesBetween', () => {
  it('finds nothing where everything was only read again', () => {
    const changes = changesBetween(version(1), version(2, readLater(readings)))
    expect(isAnyChange(changes)).toBe(false)
  })

  it.each<[string, RegionReading[]]>([
    ['a family', withRegion(readings, 'eu-west-1', ({ members }) => ({ members: members.slice(1) }))],
    ['a Region', withRegion(readings, 'eu-west-1', () => ({ message: 'The rotation of one key could not be read' }))],
    ['a Region that is no longer read', [...readings, ...givenReadings(['us-west-2'])]],
    ['a count', withRegion(readings, 'eu-west-1', () => ({ otherKeys: 7 }))],
    [
      'an alias of another key',
      withRegion(readings, 'eu-west-1', ({ aliases }) => ({
        aliases: [...aliases, { name: 'alias/legacy', keyId: '1234abcd-12ab-34cd-56ef-1234567890ab' }],
      })),
    ],
  ])('finds %s', (_, others) => {
    expect(isAnyChange(changesBetween(version(1), version(2, others)))).toBe(true)
    expect(isAnyChange(changesBetween(version(1, others), version(2)))).toBe(true)
  })
})

describe('deltaOf', () => {
  it('says nothing but ages of what was only read again', () => {
    const { version: _, takenAt, ...delta } = deltaBetween(version(1), version(2, readLater(readings)))
    expect(delta).toEqual({
      account: '111122223333',
      partition: 'aws',
      otherKeys: 0,
      since: 1,
      families: [],
      removed: [],
      regions: [],
      asOf: { 'eu-west-1': LATER, 'us-east-1': LATER },
    })
  })

  it('names what changed and what is gone', () => {
    const changed = givenReadings(
      ['us-east-1', 'eu-west-1'],
      [{ keyId: KEY, primary: 'us-east-1', replicas: ['eu-west-1'], aliases: ['alias/invoices'] }],
    )
    const delta = deltaBetween(version(1), version(2, changed))
    expect(delta.families.map((family) => family.keyId)).toEqual([KEY])
    expect(delta.removed).toEqual([givenKeyId('b2')])
  })

  it('sends a Region whole when more than its age has changed', () => {
    const delta = deltaBetween(
      version(1),
      version(
        2,
        withRegion(readings, 'eu-west-1', () => ({ status: 'denied' })),
      ),
    )
    expect(delta.regions).toMatchObject([{ name: 'eu-west-1', status: 'denied' }])
    expect(delta.asOf).toEqual({ 'us-east-1': READ_AT })
  })
})

describe('mergeTopology', () => {
  it('gives the new topology when a delta is merged into the old one', () => {
    fc.assert(
      fc.property(anyReadings, anyReadings, (before, after) => {
        const known = version(4, before)
        const now = version(5, after)
        const sent = JSON.parse(JSON.stringify(deltaBetween(known, now)))
        expect(contentOf(mergeTopology(known, sent))).toEqual(contentOf(now))
      }),
    )
  })

  it('keeps the same lists where a delta has nothing for them', () => {
    const known = version(1)
    const merged = mergeTopology(known, deltaBetween(known, version(2, readLater(readings))))
    expect(merged.families).toBe(known.families)
    expect(merged.otherAliases).toBe(known.otherAliases)
    expect(merged.regions.map(({ asOf }) => asOf)).toEqual([LATER, LATER])
  })

  it('drops a Region that is no longer read', () => {
    const known = version(1)
    const merged = mergeTopology(known, deltaBetween(known, version(2, readings.slice(0, 1))))
    expect(merged.regions.map(({ name }) => name)).toEqual(['us-east-1'])
  })

  it('refuses a delta where there is nothing that it changes', () => {
    expect(() => mergeTopology(undefined, deltaBetween(version(1), version(2)))).toThrow('knows no topology')
  })

  it('puts a renamed family in its new place', () => {
    const renamed = withRegion(
      withRegion(readings, 'us-east-1', () => ({ aliases: [{ name: 'alias/z', keyId: KEY }] })),
      'eu-west-1',
      () => ({ aliases: [] }),
    )
    const merged = mergeTopology(version(1), deltaBetween(version(1), version(2, renamed)))
    expect(merged.families.map((family) => family.keyId)).toEqual([KEY, givenKeyId('b2')])
    expect(merged).not.toHaveProperty('since')
    expect(merged).not.toHaveProperty('removed')
    expect(merged).not.toHaveProperty('asOf')
  })

  it('is replaced by a whole answer, even by one with a lower version', () => {
    const whole = version(1, [])
    expect(mergeTopology(version(9), whole)).toEqual(whole)
    expect(mergeTopology(undefined, whole)).toEqual(whole)
  })

  it('is not moved by a delta that starts later than what is known, or that ends before it', () => {
    const known = version(5)
    const later = deltaBetween(version(6), version(7, []))
    const earlier = deltaBetween(version(3), version(4, []))
    expect(mergeTopology(known, later)).toBe(known)
    expect(mergeTopology(known, earlier)).toBe(known)
  })

  it('takes a delta that starts before what is known and ends after it', () => {
    const merged = mergeTopology(version(5), deltaBetween(version(4), version(6, [])))
    expect(merged).toMatchObject({ version: 6, families: [] })
  })
})
