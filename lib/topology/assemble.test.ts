import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Assembler, assembleTopology } from './assemble'
import { familyOf, memberIn, parseKeyArn } from './family'
import type { MemberReading, RegionReading } from './readings'
import { isReadable } from './region-trouble'
import { anyReadings, shuffled } from './scenarios/any-readings'
import {
  ACCOUNT,
  givenArn,
  givenKeyId,
  givenMember,
  givenReadings,
  READ_AT,
  withRegion,
} from './scenarios/given-readings'

const AT = { version: 1, takenAt: READ_AT }
const KEY = givenKeyId('a1')
const family = { keyId: KEY, primary: 'us-east-1', replicas: ['eu-west-1'], aliases: ['alias/billing'] }
const regions = ['us-east-1', 'eu-west-1']

const assembled = (readings: RegionReading[]) => familyOf(assembleTopology(readings, AT), KEY)

describe('assembleTopology', () => {
  it('answers an empty topology when nothing was read', () => {
    expect(assembleTopology([], AT)).toEqual({
      ...AT,
      account: null,
      partition: 'aws',
      otherKeys: 0,
      regions: [],
      families: [],
      otherAliases: [],
    })
  })

  it('takes account and partition from the ARNs', () => {
    const arn = `arn:aws-cn:kms:cn-north-1:999988887777:key/${KEY}`
    const readings = givenReadings(
      ['cn-north-1'],
      [{ keyId: KEY, primary: 'cn-north-1', all: { arn, primaryArn: arn } }],
    )
    expect(assembleTopology(readings, AT)).toMatchObject({ account: '999988887777', partition: 'aws-cn' })
  })

  it('knows the partition from the Regions before any ARN was read', () => {
    expect(assembleTopology(givenReadings(['us-gov-west-1']), AT)).toMatchObject({
      account: null,
      partition: 'aws-us-gov',
    })
  })

  it('counts keys that are not multi-Region over all Regions', () => {
    const readings = givenReadings(regions).map((reading, index) => ({ ...reading, otherKeys: index + 3 }))
    expect(assembleTopology(readings, AT).otherKeys).toBe(7)
  })

  it('keeps the newer of two descriptions of one member', () => {
    const older = givenMember({ ...family, all: { state: 'Creating', asOf: '2026-11-23T22:00:00.000Z' } }, 'eu-west-1')
    const readings = withRegion(givenReadings(regions, [family]), 'eu-west-1', ({ members }) => ({
      members: [...members, older],
    }))
    expect(assembled(readings)?.members.map((member) => member.state)).toEqual(['Enabled', 'Enabled'])
  })

  it('names no primary when the only readable relatives contradict each other', () => {
    const three = { ...family, replicas: ['eu-west-1', 'us-west-2', 'ap-south-1'] }
    const readings = givenReadings(
      ['eu-west-1', 'us-west-2'],
      [{ ...three, in: { 'us-west-2': { primaryArn: givenArn('ap-south-1', KEY) } } }],
    )
    expect(assembled(readings)?.primaryRegion).toBeNull()
  })

  it('believes the last known primary when no Region answers', () => {
    const readings = givenReadings(regions, [family]).map((reading) => ({ ...reading, status: 'unreachable' as const }))
    expect(assembled(readings)).toMatchObject({
      primaryRegion: 'us-east-1',
      members: [
        { region: 'eu-west-1', known: 'stale', role: 'REPLICA' },
        { region: 'us-east-1', known: 'stale', role: 'PRIMARY' },
      ],
    })
  })

  it('names no primary in a Region that answers and has no such key', () => {
    const readings = givenReadings(regions, [family]).map((reading) =>
      reading.region === 'us-east-1'
        ? { ...reading, asOf: '2026-11-23T22:20:00.000Z', members: [], aliases: [] }
        : { ...reading, status: 'unreachable' as const },
    )
    expect(assembled(readings)).toMatchObject({
      primaryRegion: null,
      members: [{ region: 'eu-west-1', role: 'REPLICA' }],
    })
  })

  it('keeps a key that was listed and never described, with what is known of it', () => {
    const readings = withRegion(givenReadings(['us-east-1', 'eu-west-1']), 'eu-west-1', () => ({
      unread: [{ keyId: KEY, message: 'AccessDeniedException' }],
      aliases: [{ name: 'alias/billing', keyId: KEY }],
    }))
    expect(assembled(readings)).toMatchObject({
      primaryRegion: null,
      keySpec: '',
      members: [
        {
          region: 'eu-west-1',
          known: 'inferred',
          state: 'Unknown',
          aliases: ['alias/billing'],
          message: 'AccessDeniedException',
        },
      ],
      findings: [],
    })
  })

  it('gives an unread relative the account that other keys told', () => {
    const readings = withRegion(
      givenReadings(regions, [{ keyId: givenKeyId('b2'), primary: 'us-east-1' }]),
      'eu-west-1',
      () => ({
        unread: [{ keyId: KEY, message: 'AccessDeniedException' }],
      }),
    )
    expect(assembled(readings)?.members[0]?.arn).toBe(`arn:aws:kms:eu-west-1:${ACCOUNT}:key/${KEY}`)
  })

  it('shows the rotation of the family on a member whose own could not be read', () => {
    const readings = givenReadings(regions, [{ ...family, in: { 'eu-west-1': { rotation: null } } }])
    expect(assembled(readings)?.members.map((member) => member.rotation?.enabled)).toEqual([true, true])
  })

  it('does not lend rotation to kinds that KMS cannot rotate', () => {
    const readings = givenReadings(regions, [
      { ...family, all: { keySpec: 'HMAC_256' }, in: { 'eu-west-1': { rotation: null } } },
    ])
    expect(memberIn(assembled(readings) ?? expect.fail(), 'eu-west-1')?.rotation).toBeNull()
  })

  it('keeps an alias of a multi-Region key that has no member there as an other alias', () => {
    const readings = withRegion(givenReadings([...regions, 'us-west-2'], [family]), 'us-west-2', () => ({
      aliases: [{ name: 'alias/billing', keyId: KEY }],
    }))
    expect(assembleTopology(readings, AT).otherAliases).toEqual([
      { region: 'us-west-2', name: 'alias/billing', keyId: KEY },
    ])
  })

  it('gives the same topology for readings and members in any order', () => {
    const inTwoOrders = anyReadings.chain((readings) => fc.tuple(fc.constant(readings), shuffled(readings)))
    fc.assert(
      fc.property(inTwoOrders, ([readings, others]) => {
        expect(assembleTopology(others, AT)).toEqual(assembleTopology(readings, AT))
      }),
    )
  })

  it('loses no member that was described or listed, and none that a readable relative names', () => {
    fc.assert(
      fc.property(anyReadings, (readings) => {
        const topology = assembleTopology(readings, AT)
        const shown = new Set(topology.families.flatMap((each) => each.members.map((member) => member.arn)))
        const live = new Set(
          topology.families.flatMap((each) =>
            each.members.filter(({ known }) => known === 'live').map(({ arn }) => arn),
          ),
        )
        for (const { members, unread, region } of readings) {
          for (const member of members) expect(shown).toContain(member.arn)
          for (const { keyId } of unread) {
            expect(memberIn(familyOf(topology, keyId) ?? expect.fail(), region)?.known).not.toBe('live')
          }
          for (const { primaryArn, replicaArns } of members.filter(({ arn }) => live.has(arn))) {
            for (const arn of [primaryArn, ...replicaArns]) expect(shown).toContain(arn)
          }
        }
      }),
    )
  })

  it('invents no member, and shows each once', () => {
    fc.assert(
      fc.property(anyReadings, (readings) => {
        const known = readings.flatMap(({ region, members, unread }) => [
          ...members.flatMap(({ arn, primaryArn, replicaArns }) => [arn, primaryArn, ...replicaArns]),
          ...unread.map(({ keyId }) => givenArn(region, keyId)),
        ])
        const places = new Set(known.map((arn) => `${parseKeyArn(arn)?.region} ${parseKeyArn(arn)?.keyId}`))
        const shown = assembleTopology(readings, AT).families.flatMap(({ keyId, members }) =>
          members.map(({ region }) => `${region} ${keyId}`),
        )
        expect(new Set(shown).size).toBe(shown.length)
        for (const place of shown) expect(places).toContain(place)
      }),
    )
  })

  it('keeps every alias in exactly one place', () => {
    fc.assert(
      fc.property(anyReadings, (readings) => {
        const topology = assembleTopology(readings, AT)
        const ofMembers = topology.families.flatMap(({ keyId, members }) =>
          members.flatMap(({ region, aliases }) => aliases.map((name) => `${region} ${name} ${keyId}`)),
        )
        const ofOthers = topology.otherAliases.map(({ region, name, keyId }) => `${region} ${name} ${keyId}`)
        const told = readings.flatMap(({ region, aliases }) =>
          aliases.map(({ name, keyId }) => `${region} ${name} ${keyId}`),
        )
        expect([...ofMembers, ...ofOthers].sort()).toEqual(told.sort())
      }),
    )
  })

  it('calls a member live only when its Region answers, and a primary only a member in its Region', () => {
    fc.assert(
      fc.property(anyReadings, (readings) => {
        const readable = new Set(readings.filter(isReadable).map(({ region }) => region))
        for (const { members, primaryRegion } of assembleTopology(readings, AT).families) {
          for (const { region, known, message } of members) {
            if (known === 'live') expect(readable).toContain(region)
            expect(message === undefined).toBe(known === 'live')
          }
          if (primaryRegion !== null) {
            expect(members.filter(({ role }) => role === 'PRIMARY').map(({ region }) => region)).toEqual([
              primaryRegion,
            ])
          }
        }
      }),
    )
  })

  it('survives being sent as JSON', () => {
    fc.assert(
      fc.property(anyReadings, (readings) => {
        const topology = assembleTopology(readings, AT)
        expect(JSON.parse(JSON.stringify(topology))).toStrictEqual(topology)
      }),
    )
  })
})

describe('members that were described again before the status of their Region is ok', () => {
  const again = '2026-11-23T22:20:00.000Z'
  const partly = withRegion(givenReadings(regions, [family]), 'eu-west-1', ({ members }) => ({
    status: 'unreachable',
    message: 'Not read yet',
    liveFrom: again,
    members: members.map((member) => ({ ...member, asOf: again })),
    aliases: [],
  }))

  it('are live, and the others are as they were', () => {
    expect(assembled(partly)?.members).toMatchObject([
      { region: 'eu-west-1', known: 'live' },
      { region: 'us-east-1', known: 'live' },
    ])
    const before = withRegion(partly, 'eu-west-1', ({ members }) => ({
      members: members.map((member) => ({ ...member, asOf: READ_AT })),
    }))
    expect(assembled(before)?.members[0]).toMatchObject({
      region: 'eu-west-1',
      known: 'stale',
      message: 'Not read yet',
    })
  })

  it('are not said to lack aliases that nobody has read yet', () => {
    expect(assembled(partly)?.findings).toEqual([])
  })
})

describe('Assembler', () => {
  const others = Array.from({ length: 3 }, (_, index) => ({ ...family, keyId: givenKeyId(`b${index}`), aliases: [] }))
  const before = givenReadings(regions, [family, ...others])
  const changed = (change: Partial<MemberReading>) =>
    withRegion(before, 'eu-west-1', ({ members }) => ({
      members: members.map((member) => (member.keyId === KEY ? { ...member, ...change } : member)),
    }))

  it('gives out a family of which nothing was read anew as the same object', () => {
    const assembler = new Assembler()
    const first = assembler.assemble(before, AT).families
    const second = assembler.assemble(changed({ state: 'Disabled' }), AT).families
    expect(second.filter((each) => !first.includes(each)).map(({ keyId }) => keyId)).toEqual([KEY])
    expect(assembler.assemble(before.toReversed(), AT).families.slice(1)).toEqual(first.slice(1))
  })

  it('changes no other family when a key is made', () => {
    const assembler = new Assembler()
    const lone = ['c1', 'c2', 'c3'].map((digits) => ({ keyId: givenKeyId(digits), primary: 'us-east-1' }))
    const added = { keyId: givenKeyId('c4'), primary: 'eu-west-1' }
    const three = [...regions, 'ap-south-1']
    const first = assembler.assemble(givenReadings(three, lone), AT).families
    const second = assembler.assemble(givenReadings(three, [...lone, added]), AT).families
    expect(first.every(({ findings }) => findings.some(({ id }) => id === 'single-member'))).toBe(true)
    expect(second.map(({ keyId }) => keyId)).toEqual([...lone, added].map(({ keyId }) => keyId))
    expect(second.slice(0, 3)).toEqual(first)
  })

  it('looks again for findings that rest on other families', () => {
    const assembler = new Assembler()
    const lacking = withRegion(before, 'eu-west-1', () => ({ aliases: [] }))
    const taken = withRegion(before, 'eu-west-1', () => ({
      aliases: [{ name: 'alias/billing', keyId: others[0]?.keyId ?? '' }],
    }))
    const ids = (readings: RegionReading[]) =>
      familyOf(assembler.assemble(readings, AT), KEY)?.findings.map(({ id }) => id)
    expect(ids(before)).toEqual([])
    expect(ids(lacking)).toEqual(['alias-missing'])
    expect(ids(taken)).toEqual(['alias-elsewhere'])
    expect(ids(lacking)).toEqual(['alias-missing'])
    expect(ids(before)).toEqual([])
  })

  it('answers after any readings what one that begins with them answers', () => {
    /** Of two worlds, each Region in part as in the one and in part as in the other. */
    const mixed = fc.tuple(anyReadings, anyReadings).chain(([one, other]) =>
      fc.array(fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), { minLength: 2, maxLength: 6 }).map((steps) =>
        steps.map((choices) => {
          let at = 0
          const choose = () => choices[at++ % choices.length] ?? false
          return one.map((here) => {
            const there = other.find(({ region }) => region === here.region) ?? here
            const { members: _, unread, aliases, ...status } = choose() ? here : there
            return {
              ...status,
              members: here.members
                .filter(() => choose())
                .map((member) => there.members.find(({ keyId }) => keyId === member.keyId && choose()) ?? member),
              unread: choose() ? unread : there.unread,
              aliases: choose() ? aliases : there.aliases,
            }
          })
        }),
      ),
    )
    fc.assert(
      fc.property(mixed, (worlds) => {
        const assembler = new Assembler()
        worlds.forEach((readings, index) => {
          const at = { version: index, takenAt: `2026-11-23T23:00:0${index}.000Z` }
          expect(assembler.assemble(readings, at)).toEqual(assembleTopology(readings, at))
        })
      }),
    )
  })
})
