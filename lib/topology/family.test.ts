import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assembleTopology } from './assemble'
import {
  aliasesOf,
  aliasHolder,
  compareFamilies,
  familyName,
  familyNameBesides,
  familyOf,
  isSettling,
  keyArn,
  memberIn,
  noAliasInWords,
  parseKeyArn,
  primaryOf,
  replicasOf,
  rotationOf,
  shortKeyId,
} from './family'
import { anyReadings } from './scenarios/any-readings'
import { type GivenFamily, givenArn, givenKeyId, givenReadings, READ_AT, withRegion } from './scenarios/given-readings'
import type { Family } from './topology'

const KEY = givenKeyId('a1')
const OTHER = givenKeyId('b2')
const regions = ['us-east-1', 'eu-west-1', 'ap-south-1']
const AT = { version: 1, takenAt: READ_AT }

const topologyOf = (...families: GivenFamily[]) => assembleTopology(givenReadings(regions, families), AT)
const given = (family: Partial<GivenFamily> = {}): Family =>
  familyOf(topologyOf({ keyId: KEY, primary: 'us-east-1', replicas: ['eu-west-1', 'ap-south-1'], ...family }), KEY) ??
  expect.fail('the family is there')

/** The same family with other aliases in each Region. */
const withAliases = (family: Family, aliases: Record<string, string[]>): Family => ({
  ...family,
  members: family.members.map((member) => ({ ...member, aliases: aliases[member.region] ?? [] })),
})

describe('parseKeyArn', () => {
  it('takes a key ARN apart, and keyArn puts it together', () => {
    const arn = givenArn('eu-west-1', KEY)
    expect(parseKeyArn(arn)).toEqual({ partition: 'aws', region: 'eu-west-1', account: '111122223333', keyId: KEY })
    expect(keyArn(parseKeyArn(arn) ?? expect.fail())).toBe(arn)
  })

  it.each([
    '',
    'mrk-1',
    'arn:aws:kms:eu-west-1:111122223333:alias/x',
    'arn:aws:s3:eu-west-1:111122223333:key/x',
    'arn:aws:kms:eu-west-1:111122223333:key/',
    'arn:aws:kms::111122223333:key/x',
    'arn:aws:kms:eu-west-1:111122223333:key/x:y',
  ])('answers null for %j', (text) => {
    expect(parseKeyArn(text)).toBeNull()
  })
})

describe('primaryOf and replicasOf', () => {
  it('divide the family', () => {
    const family = given()
    expect(primaryOf(family)?.region).toBe('us-east-1')
    expect(replicasOf(family).map((member) => member.region)).toEqual(['ap-south-1', 'eu-west-1'])
  })

  it('name no primary while KMS names none, and leave nobody out', () => {
    const family = { ...given(), primaryRegion: null }
    expect(primaryOf(family)).toBeUndefined()
    expect(replicasOf(family)).toHaveLength(3)
  })
})

describe('noAliasInWords', () => {
  it('says that there is none only where the aliases of the Region were read', () => {
    expect(noAliasInWords({ known: 'live' })).toBe('no alias')
    expect(noAliasInWords({ known: 'live', aliasesUnread: true })).toBe('aliases not read')
    expect(noAliasInWords({ known: 'stale' })).toBe('aliases not read')
  })
})

describe('familyName', () => {
  it('is the alias that most members carry', () => {
    const family = withAliases(given(), {
      'us-east-1': ['alias/a', 'alias/b'],
      'eu-west-1': ['alias/b'],
      'ap-south-1': ['alias/c'],
    })
    expect(familyName(family)).toBe('alias/b')
  })

  it("prefers the primary's own alias to one that only replicas carry", () => {
    const family = withAliases(given(), {
      'us-east-1': ['alias/z'],
      'eu-west-1': ['alias/b'],
      'ap-south-1': ['alias/b'],
    })
    expect(familyName(family)).toBe('alias/z')
  })

  it('takes the first of equals', () => {
    expect(familyName(given({ aliases: ['alias/b', 'alias/a'] }))).toBe('alias/a')
  })

  it('uses a replica alias when the primary has none, and the short key id when nobody has', () => {
    expect(familyName(withAliases(given(), { 'eu-west-1': ['alias/b'] }))).toBe('alias/b')
    expect(familyName(given())).toBe('mrk-00000000…00a1')
  })
})

describe('familyNameBesides', () => {
  it('is another name than the one that is spoken about, or the short key id', () => {
    const family = given({ aliases: ['alias/a', 'alias/b'] })
    expect(familyNameBesides(family, 'alias/a')).toBe('alias/b')
    expect(familyNameBesides(family, 'alias/c')).toBe('alias/a')
    expect(familyNameBesides(given({ aliases: ['alias/a'] }), 'alias/a')).toBe('mrk-00000000…00a1')
  })
})

describe('shortKeyId', () => {
  it('keeps both ends', () => {
    expect(shortKeyId('mrk-1234abcd12ab34cd56ef1234567890ab')).toBe('mrk-1234abcd…90ab')
  })

  it('leaves short ids whole', () => {
    expect(shortKeyId('mrk-1234abcd')).toBe('mrk-1234abcd')
  })
})

describe('aliasesOf', () => {
  it('lists every name once, sorted', () => {
    const family = withAliases(given(), { 'us-east-1': ['alias/b', 'alias/c'], 'eu-west-1': ['alias/a', 'alias/b'] })
    expect(aliasesOf(family)).toEqual(['alias/a', 'alias/b', 'alias/c'])
  })
})

describe('aliasHolder', () => {
  const readings = givenReadings(regions, [
    { keyId: KEY, primary: 'us-east-1', aliases: ['alias/billing'] },
    { keyId: OTHER, primary: 'eu-west-1', aliases: ['alias/billing'] },
  ])
  const topology = assembleTopology(
    withRegion(readings, 'ap-south-1', () => ({ aliases: [{ name: 'alias/billing', keyId: 'single-region-key' }] })),
    AT,
  )

  it('finds the member that holds the name in that Region', () => {
    expect(aliasHolder(topology, 'us-east-1', 'alias/billing')).toEqual({ keyId: KEY, inFamily: true })
    expect(aliasHolder(topology, 'eu-west-1', 'alias/billing')).toEqual({ keyId: OTHER, inFamily: true })
  })

  it('finds a key outside every family', () => {
    const holder = { keyId: 'single-region-key', inFamily: false }
    expect(aliasHolder(topology, 'ap-south-1', 'alias/billing')).toEqual(holder)
  })

  it('answers null for a name that is free, case told apart', () => {
    expect(aliasHolder(topology, 'us-east-1', 'alias/Billing')).toBeNull()
  })
})

describe('isSettling', () => {
  it.each([
    ['Creating', true],
    ['Updating', true],
    ['Enabled', false],
    ['PendingImport', false],
    ['PendingReplicaDeletion', false],
  ] as const)('%s: %s', (state, settling) => {
    expect(isSettling({ state })).toBe(settling)
  })
})

describe('rotationOf', () => {
  const on = { enabled: true, periodInDays: 365 }
  const off = { enabled: false }

  it("takes the primary's word", () => {
    expect(rotationOf(given({ all: { rotation: off }, in: { 'us-east-1': { rotation: on } } }))).toEqual(on)
  })

  it('takes a live replica when the primary was last read before its Region failed', () => {
    const family = given({ all: { rotation: on }, in: { 'us-east-1': { rotation: off } } })
    const members = family.members.map((member) =>
      member.region === 'us-east-1' ? { ...member, known: 'stale' as const } : member,
    )
    expect(rotationOf({ ...family, members })).toEqual(on)
  })

  it('does not believe a key that is pending deletion', () => {
    const family = given({
      all: { rotation: on },
      in: { 'us-east-1': { rotation: off, state: 'PendingReplicaDeletion' } },
    })
    expect(rotationOf(family)).toEqual(on)
  })

  it('is null when no member told', () => {
    expect(rotationOf(given({ all: { rotation: null } }))).toBeNull()
  })
})

describe('compareFamilies', () => {
  it('sorts by first alias, then key id, and puts nameless families last', () => {
    const topology = topologyOf(
      { keyId: givenKeyId('1'), primary: 'us-east-1' },
      { keyId: givenKeyId('2'), primary: 'us-east-1', aliases: ['alias/z'] },
      { keyId: givenKeyId('4'), primary: 'eu-west-1', aliases: ['alias/a'] },
      { keyId: givenKeyId('3'), primary: 'us-east-1', aliases: ['alias/a'] },
      { keyId: givenKeyId('0'), primary: 'us-east-1' },
    )
    expect(topology.families.map((family) => family.keyId)).toEqual(['3', '4', '2', '0', '1'].map(givenKeyId))
  })

  it('is a total order', () => {
    fc.assert(
      fc.property(anyReadings, (readings) => {
        const { families } = assembleTopology(readings, AT)
        for (const [index, a] of families.entries()) {
          for (const [later, b] of families.entries()) {
            expect(Math.sign(compareFamilies(a, b))).toBe(Math.sign(index - later))
          }
        }
      }),
    )
  })
})

describe('memberIn', () => {
  it('finds the one member of a Region', () => {
    expect(memberIn(given(), 'eu-west-1')?.arn).toBe(givenArn('eu-west-1', KEY))
    expect(memberIn(given(), 'us-west-2')).toBeUndefined()
  })
})
