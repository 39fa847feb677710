import { describe, expect, it } from 'vitest'
import { assembleTopology } from './assemble'
import { compareAliases, comparePolicies, compareTags, formattedPolicy, linesUnlike } from './comparisons'
import { givenKeyId, givenReadings, READ_AT, withRegion } from './scenarios/given-readings'

const [KEY, OTHER] = [givenKeyId('a1'), givenKeyId('b2')]
const REGIONS = ['ap-south-1', 'eu-west-1', 'us-east-1', 'us-west-2']

describe('compareAliases', () => {
  it('tells here, missing, taken by another key and not read apart', () => {
    const family = {
      keyId: KEY,
      primary: 'us-east-1',
      replicas: ['ap-south-1', 'eu-west-1', 'us-west-2'],
      aliases: ['alias/orders'],
    }
    const readings = givenReadings(REGIONS, [family])
    const changed = [
      ['eu-west-1', { aliases: [] }],
      ['us-west-2', { aliases: [{ name: 'alias/orders', keyId: OTHER }] }],
      ['ap-south-1', { aliases: [], status: 'unreachable' as const, message: 'no answer' }],
    ] as const
    const topology = assembleTopology(
      changed.reduce(
        (all, [region, change]) => withRegion(all, region, () => ({ ...change, aliases: [...change.aliases] })),
        readings,
      ),
      { version: 1, takenAt: READ_AT },
    )
    const [first] = topology.families
    expect(compareAliases(first ?? expect.fail(), topology)).toEqual([
      {
        name: 'alias/orders',
        cells: {
          'ap-south-1': { is: 'not read' },
          'eu-west-1': { is: 'missing' },
          'us-east-1': { is: 'here', stale: false },
          'us-west-2': { is: 'elsewhere', keyId: OTHER },
        },
        isEverywhere: false,
      },
    ])
  })

  it('is content where every Region that was read agrees', () => {
    const topology = assembleTopology(
      withRegion(
        givenReadings(REGIONS, [{ keyId: KEY, primary: 'us-east-1', replicas: ['eu-west-1'], aliases: ['alias/x'] }]),
        'eu-west-1',
        () => ({ status: 'unreachable', message: 'no answer' }),
      ),
      { version: 1, takenAt: READ_AT },
    )
    const [row] = compareAliases(topology.families[0] ?? expect.fail(), topology)
    expect(row?.isEverywhere).toBe(true)
    expect(row?.cells['eu-west-1']).toEqual({ is: 'here', stale: true })
  })
})

describe('compareTags', () => {
  it('marks values that differ or are absent, and leaves out members that were not read', () => {
    const rows = compareTags([
      {
        region: 'us-east-1',
        tags: {
          ok: true,
          value: [
            { key: 'team', value: 'a' },
            { key: 'env', value: 'prod' },
          ],
        },
      },
      {
        region: 'eu-west-1',
        tags: {
          ok: true,
          value: [
            { key: 'team', value: 'b' },
            { key: 'env', value: 'prod' },
          ],
        },
      },
      { region: 'us-west-2', tags: { ok: false, reason: 'AccessDeniedException', message: 'no' } },
      { region: 'ap-south-1', tags: undefined },
    ])
    expect(rows).toEqual([
      { key: 'env', cells: { 'us-east-1': 'prod', 'eu-west-1': 'prod' }, differs: false },
      { key: 'team', cells: { 'us-east-1': 'a', 'eu-west-1': 'b' }, differs: true },
    ])
  })

  it('counts an absent tag as another value, and an empty value as a value', () => {
    const [row] = compareTags([
      { region: 'us-east-1', tags: { ok: true, value: [{ key: 'team', value: '' }] } },
      { region: 'eu-west-1', tags: { ok: true, value: [] } },
    ])
    expect(row).toEqual({ key: 'team', cells: { 'us-east-1': '', 'eu-west-1': null }, differs: true })
  })
})

describe('comparePolicies', () => {
  const policy = (region: string, action = 'kms:*') =>
    JSON.stringify({ Statement: [{ Action: action, Resource: '*', Condition: { Region: region } }] })

  it('knows the same from the same but the Region’s own name', () => {
    expect(comparePolicies([{ region: 'us-east-1', policy: policy('*') }])).toBe('one')
    expect(
      comparePolicies([
        { region: 'us-east-1', policy: '{"a":1,"b":2}' },
        { region: 'eu-west-1', policy: '{ "b": 2, "a": 1 }' },
      ]),
    ).toBe('same')
    expect(
      comparePolicies([
        { region: 'us-east-1', policy: policy('s3.us-east-1.amazonaws.com') },
        { region: 'eu-west-1', policy: policy('s3.eu-west-1.amazonaws.com') },
      ]),
    ).toBe('same but Region names')
    expect(
      comparePolicies([
        { region: 'us-east-1', policy: policy('*') },
        { region: 'eu-west-1', policy: policy('*', 'kms:Decrypt') },
      ]),
    ).toBe('different')
  })

  it('does not take a Region for the beginning of another', () => {
    expect(
      comparePolicies([
        { region: 'us-east-1', policy: policy('us-east-10') },
        { region: 'us-east-2', policy: policy('us-east-20') },
      ]),
    ).toBe('different')
  })

  it('compares what is not JSON as text', () => {
    expect(
      comparePolicies([
        { region: 'us-east-1', policy: 'not json' },
        { region: 'eu-west-1', policy: 'not json' },
      ]),
    ).toBe('same')
    expect(formattedPolicy('not json')).toBe('not json')
    expect(formattedPolicy('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}')
  })
})

describe('linesUnlike', () => {
  it('names the lines that the other text has nowhere', () => {
    expect([...linesUnlike('{\n  "a": 1,\n  "b": 2\n}', '{\n  "b": 2,\n  "c": 3\n}')]).toEqual([1])
    expect(linesUnlike('same', 'same').size).toBe(0)
  })
})
