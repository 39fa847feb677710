import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assembleTopology } from './assemble'
import { type FilterQuery, type FilterToken, filterFamilies, filterProperties, suggestionsOf } from './filter'
import { readQuery } from './filter-url'
import { anyReadings } from './scenarios/any-readings'
import { givenKeyId, givenReadings, READ_AT } from './scenarios/given-readings'

const AT = { version: 1, takenAt: READ_AT }
const regions = ['us-east-1', 'eu-west-1', 'ap-south-1']
const off = { rotation: { enabled: false } }

const { families } = assembleTopology(
  givenReadings(regions, [
    { keyId: givenKeyId('a1'), primary: 'us-east-1', replicas: ['eu-west-1'], aliases: ['alias/billing'] },
    {
      keyId: givenKeyId('b2'),
      primary: 'eu-west-1',
      replicas: ['us-east-1', 'ap-south-1'],
      aliases: ['alias/orders'],
      in: { 'eu-west-1': { state: 'Disabled' }, 'us-east-1': { description: 'Orders and SHIPMENTS' } },
    },
    { keyId: givenKeyId('c3'), primary: 'ap-south-1', aliases: ['alias/billing-test'], all: off },
    {
      keyId: givenKeyId('d4'),
      primary: 'us-east-1',
      replicas: ['ap-south-1'],
      all: { keySpec: 'HMAC_256', keyUsage: 'GENERATE_VERIFY_MAC', rotation: null },
      in: { 'ap-south-1': { state: 'Disabled' } },
    },
  ]),
  AT,
)

/** The last two digits of the key ids that match, e.g. `a1 b2`. */
const matching = (query: FilterQuery) =>
  filterFamilies(families, query)
    .map(({ keyId }) => keyId.slice(-2))
    .sort()
    .join(' ')

const answer = (search: string) => matching(readQuery(new URLSearchParams(search)))

describe('filterFamilies', () => {
  it('matches every family when nothing is asked', () => {
    expect(answer('')).toBe('a1 b2 c3 d4')
  })

  it.each([
    ['alias=alias/billing', 'a1'],
    ['alias=billing', 'a1'],
    ['alias=:billing', 'a1 c3'],
    ['alias=!:billing', 'b2 d4'],
    [`key=${givenKeyId('b2')}`, 'b2'],
    ['key=:d4', 'd4'],
    ['region=eu-west-1', 'a1 b2'],
    ['region=!%3Deu-west-1', 'c3 d4'],
    ['region=:east', 'a1 b2 d4'],
    ['primary=us-east-1', 'a1 d4'],
    ['role=replica', 'a1 b2 d4'],
    ['role=!%3Dreplica', 'c3'],
    ['state=disabled', 'b2 d4'],
    ['state=!%3DDisabled', 'a1 c3'],
    ['finding=single-member', 'c3'],
    ['finding=none', 'a1'],
    ['finding=!%3Dnone', 'b2 c3 d4'],
    ['severity=high', 'b2 d4'],
    ['rotation=off', 'c3'],
    ['rotation=cannot rotate', 'd4'],
    ['spec=HMAC_256', 'd4'],
    ['usage=ENCRYPT_DECRYPT', 'a1 b2 c3'],
    ['origin=AWS_KMS', 'a1 b2 c3 d4'],
    ['reading=live', 'a1 b2 c3 d4'],
    ['reading=stale', ''],
  ])('answers %s', (search, expected) => {
    expect(answer(search)).toBe(expected)
  })

  it('looks for free text in aliases, key ids and descriptions', () => {
    expect(answer('q=billing')).toBe('a1 c3')
    expect(answer('q=00c3')).toBe('c3')
    expect(answer('q=shipments')).toBe('b2')
    expect(answer('q=eu-west-1')).toBe('')
    expect(answer('q=!:billing')).toBe('b2 d4')
  })

  it('finds the family of an ARN that was pasted', () => {
    expect(answer(`q=arn:aws:kms:eu-west-1:111122223333:key/${givenKeyId('b2')}`)).toBe('b2')
    expect(answer(`q=arn:aws:kms:eu-west-1:111122223333:key/${givenKeyId('c3')}`)).toBe('')
  })

  it('joins tokens by and, or by or', () => {
    expect(answer('alias=:billing&rotation=off')).toBe('c3')
    expect(answer('alias=:billing&rotation=off&join=or')).toBe('a1 c3')
  })

  it('asks Region, role and state of one and the same member', () => {
    expect(answer('region=us-east-1&state=Disabled')).toBe('')
    expect(answer('region=us-east-1&state=Disabled&join=or')).toBe('a1 b2 d4')
    expect(answer('state=Disabled&role=replica')).toBe('d4')
    expect(answer('state=Disabled&region=!%3Dap-south-1')).toBe('b2')
    expect(answer('region=eu-west-1&state=!%3DEnabled')).toBe('b2')
  })

  it('finds families that are in several Regions', () => {
    expect(answer('region=us-east-1&region=eu-west-1')).toBe('a1 b2')
    expect(answer('region=us-east-1&region=ap-south-1&region=eu-west-1')).toBe('b2')
  })

  const anyToken: fc.Arbitrary<FilterToken> = fc.record({
    property: fc.constantFrom(...filterProperties.map(({ key }) => key)),
    operator: fc.constantFrom('=' as const, ':' as const),
    value: fc.constantFrom('us-east-1', 'Disabled', 'replica', 'on', 'none', 'mrk', 'alias', 'high'),
  })

  it('splits all families in two by a token and its negation, in any topology', () => {
    fc.assert(
      fc.property(anyReadings, anyToken, (readings, token) => {
        const { families: all } = assembleTopology(readings, AT)
        const negation = { ...token, operator: token.operator === '=' ? ('!=' as const) : ('!:' as const) }
        const yes = filterFamilies(all, { join: 'and', tokens: [token] })
        const no = filterFamilies(all, { join: 'and', tokens: [negation] })
        expect(yes.length + no.length).toBe(all.length)
        expect(no.filter((family) => yes.includes(family))).toEqual([])
      }),
    )
  })

  it('finds no more with and than with or', () => {
    fc.assert(
      fc.property(anyReadings, fc.array(anyToken, { minLength: 1, maxLength: 4 }), (readings, tokens) => {
        const { families: all } = assembleTopology(readings, AT)
        const either = filterFamilies(all, { join: 'or', tokens })
        for (const family of filterFamilies(all, { join: 'and', tokens })) expect(either).toContain(family)
      }),
    )
  })
})

describe('suggestionsOf', () => {
  it('offers what there is, each value once, and each finds something', () => {
    const suggestions = suggestionsOf(families)
    expect(suggestions).toContainEqual({ property: 'region', value: 'ap-south-1' })
    expect(suggestions).toContainEqual({ property: 'alias', value: 'alias/orders' })
    expect(new Set(suggestions.map(({ property, value }) => `${property} ${value}`)).size).toBe(suggestions.length)
    for (const { property, value } of suggestions) {
      expect(matching({ join: 'and', tokens: [{ property, operator: '=', value }] })).not.toBe('')
    }
  })
})
