import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assembleTopology } from './assemble'
import { attentionOf, familiesWithoutPrimary, headlineOf, outagesOf, totalsOf } from './overview'
import type { RegionReading } from './readings'
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
const billing: GivenFamily = {
  keyId: givenKeyId('a1'),
  primary: 'us-east-1',
  replicas: ['eu-west-1'],
  aliases: ['alias/billing'],
}
const sessions: GivenFamily = {
  keyId: givenKeyId('b2'),
  primary: 'eu-west-1',
  replicas: ['us-east-1'],
  aliases: ['alias/sessions'],
}
const alone: GivenFamily = { keyId: givenKeyId('c3'), primary: 'us-east-1', aliases: ['alias/alone'] }

const assembled = (readings: RegionReading[]) => assembleTopology(readings, { version: 1, takenAt: READ_AT })
const topologyOf = (...families: GivenFamily[]) => assembled(givenReadings(regions, families))

const failing = (region: string, status: RegionReading['status'], ...families: GivenFamily[]) =>
  assembled(withRegion(givenReadings(regions, families), region, () => ({ status, message: 'why', since: READ_AT })))

describe('headlineOf', () => {
  it('says that all is well', () => {
    expect(headlineOf(topologyOf(billing, sessions))).toBe(
      'All is well: 2 families in 3 Regions, and nothing needs attention.',
    )
  })

  it('counts the families that need attention, and how many urgently', () => {
    const disabled = { ...billing, in: { 'eu-west-1': { state: 'Disabled' as const } } }
    expect(headlineOf(topologyOf(disabled, sessions, alone))).toBe(
      'All 3 Regions answer; 2 of 3 families need attention, 1 of them urgently.',
    )
    expect(headlineOf(topologyOf(sessions, alone))).toBe('All 3 Regions answer; 1 of 2 families needs attention.')
  })

  it('puts a Region that does not answer before everything else', () => {
    expect(headlineOf(failing('us-east-1', 'unreachable', billing, sessions, alone))).toBe(
      'us-east-1 does not answer: 3 of 3 families have a member there; 2 of them cannot be promoted now.',
    )
    expect(headlineOf(failing('ap-south-1', 'unreachable', billing))).toBe(
      'ap-south-1 does not answer: no family has a member there.',
    )
  })

  it('counts the other Regions that fail', () => {
    const readings = regions.reduce(
      (all, region) => (region === 'ap-south-1' ? all : withRegion(all, region, () => ({ status: 'denied' }))),
      givenReadings(regions, [billing, alone]),
    )
    expect(headlineOf(assembled(readings))).toBe(
      'us-east-1 does not let the dashboard read it, and 1 other Region cannot be read either: 2 of 2 families have a member there.',
    )
  })

  it('tells an empty account from one that could not be read', () => {
    expect(headlineOf(topologyOf())).toBe('There are no multi-Region keys in the 3 Regions yet.')
    expect(headlineOf(failing('us-east-1', 'denied'))).toBe(
      'No multi-Region keys were found, and us-east-1 could not be read.',
    )
  })

  it('does not call well what was not read', () => {
    const readings = withRegion(givenReadings(regions, [billing]), 'eu-west-1', ({ members }) => ({
      unread: members.map(({ keyId }) => ({ keyId, message: 'AccessDeniedException' })),
      members: [],
    }))
    expect(headlineOf(assembled(readings))).toContain(
      'as far as could be read (1 family only in part: 1 key in eu-west-1 could not be read)',
    )
  })

  it('names a part of a Region that is denied, and does not call the Region silent', () => {
    const denied = (part: 'keys' | 'aliases', ...families: GivenFamily[]) =>
      headlineOf(assembled(withoutPart(givenReadings(regions, families), 'eu-west-1', part)))
    expect(denied('aliases', billing)).toContain('(1 family only in part: the aliases of eu-west-1 could not be read).')
    expect(denied('keys', billing)).toContain('as far as could be read (the keys of eu-west-1 could not be listed).')
    expect(denied('aliases', sessions, alone)).toBe(
      'All 3 Regions answer; 1 of 2 families needs attention; the aliases of eu-west-1 could not be read.',
    )
    expect(denied('keys')).toBe('No multi-Region keys were found, but the keys of eu-west-1 could not be listed.')
  })
})

describe('outagesOf', () => {
  it('counts who has a member, a primary key and no other key where a Region is silent', () => {
    const [outage, ...others] = outagesOf(failing('us-east-1', 'unreachable', billing, sessions, alone))
    expect(others).toEqual([])
    expect(outage).toMatchObject({ families: 3, primaries: 2 })
    expect(outage?.works[0]).toContain('2 families go on in other Regions')
    expect(outage?.doesNot[0]).toContain('Nothing can be promoted out of us-east-1 now')
    expect(outage?.doesNot[1]).toMatch(/^1 family has no key that is known to work in another Region: .+\.$/)
  })

  it('does not say that a family goes on where its other keys refuse to work', () => {
    const state = 'PendingDeletion'
    const deleted = {
      ...billing,
      in: Object.fromEntries((billing.replicas ?? []).map((region) => [region, { state }])),
    }
    const [outage] = outagesOf(failing('us-east-1', 'unreachable', deleted as typeof billing))
    expect(outage?.works.join(' ')).not.toContain('go on')
    expect(outage?.nowhereElse).toHaveLength(1)
  })

  it('does not speak of promotions out of a Region without primary keys', () => {
    const [outage] = outagesOf(failing('us-east-1', 'unreachable', sessions))
    expect(outage?.doesNot).toEqual(['No key can be promoted to us-east-1.'])
  })

  it.each(['denied', 'throttled', 'disabled'] as const)('does not call a Region that is %s down', (status) => {
    const [outage] = outagesOf(failing('us-east-1', status, billing))
    expect([...(outage?.works ?? []), ...(outage?.doesNot ?? [])].join(' ')).not.toMatch(/promot/)
    expect(outage?.works).toHaveLength(1)
  })

  it('is empty while every Region answers, even if a part of one is denied', () => {
    expect(outagesOf(topologyOf(billing))).toEqual([])
    expect(outagesOf(assembled(withoutPart(givenReadings(regions, [billing]), 'us-east-1', 'aliases')))).toEqual([])
  })
})

describe('totalsOf', () => {
  it('counts members as keys, findings by severity, and charges no key that waits for its deletion', () => {
    const going = { ...sessions, in: { 'us-east-1': { state: 'PendingDeletion' as const } } }
    expect(totalsOf(topologyOf(billing, going, alone))).toEqual({
      families: 3,
      keys: 5,
      regions: 3,
      otherKeys: 0,
      findings: { high: 1, medium: 1, low: 0 },
      dollarsAMonth: 4,
    })
  })
})

describe('attentionOf', () => {
  it('groups findings by kind, the gravest first', () => {
    const disabled = { ...billing, in: { 'eu-west-1': { state: 'Disabled' as const } } }
    const groups = attentionOf(topologyOf(disabled, alone, { ...alone, keyId: givenKeyId('d4'), aliases: [] }))
    expect(groups.map(({ id, severity, title, items }) => [id, severity, title, items.length])).toEqual([
      ['member-disabled', 'high', 'A key is disabled', 1],
      ['single-member', 'medium', 'No key outside one Region', 2],
    ])
  })

  it('puts the findings of one family and kind into one entry', () => {
    const going = { state: 'PendingDeletion' as const }
    const [group] = attentionOf(topologyOf({ ...billing, in: { 'eu-west-1': going, 'us-east-1': going } }))
    expect(group).toMatchObject({ id: 'pending-deletion', count: 2 })
    expect(group?.items.map(({ findings }) => findings.length)).toEqual([2])
  })

  it('loses no finding, whatever was read', () => {
    fc.assert(
      fc.property(anyReadings, (readings) => {
        const topology = assembled(readings)
        const found = topology.families.flatMap((family) => family.findings)
        const shown = attentionOf(topology).flatMap((group) => group.items.flatMap((item) => item.findings))
        expect(new Set(shown)).toEqual(new Set(found))
        expect(shown).toHaveLength(found.length)
      }),
    )
  })
})

describe('familiesWithoutPrimary', () => {
  it('names the families that no key says it is the primary of', () => {
    const torn = { ...billing, in: { 'us-east-1': { role: 'REPLICA' as const } } }
    expect(familiesWithoutPrimary(topologyOf(torn, sessions)).map(({ keyId }) => keyId)).toEqual([billing.keyId])
  })
})
