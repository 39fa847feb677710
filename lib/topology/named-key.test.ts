import { describe, expect, it } from 'vitest'
import { assembleTopology } from './assemble'
import { namedInRegion, namedKey } from './named-key'
import { givenArn, givenKeyId, givenReadings, READ_AT, withRegion } from './scenarios/given-readings'

const KEY = givenKeyId('a1')
const readings = givenReadings(
  ['eu-west-1', 'us-east-1', 'us-west-2'],
  [{ keyId: KEY, primary: 'us-east-1', replicas: ['eu-west-1', 'us-west-2'], aliases: ['alias/orders'] }],
)
const [family = expect.fail('the family is there')] = assembleTopology(
  withRegion(readings, 'us-west-2', () => ({ aliases: [] })),
  { version: 1, takenAt: READ_AT },
).families

describe('namedKey', () => {
  it('prefers an alias', () => {
    expect(namedKey(KEY, { region: 'us-east-1', aliases: ['alias/a', 'alias/b'] }).target).toBe('alias/a')
    expect(namedKey(KEY, { region: 'us-east-1', aliases: [] }).target).toBe(KEY)
  })
})

describe('namedInRegion', () => {
  it.each([
    ['an alias that exists there', 'alias/orders', 'eu-west-1', 'alias/orders'],
    ['an alias that does not', 'alias/orders', 'us-west-2', KEY],
    ['the key id', KEY, 'eu-west-1', KEY],
    ['an ARN', givenArn('us-east-1', KEY), 'eu-west-1', givenArn('eu-west-1', KEY)],
    ['an alias in a Region without a key', 'alias/orders', 'ap-south-1', KEY],
  ])('carries over %s', (_, target, next, expected) => {
    expect(namedInRegion(family, { region: 'us-east-1', target }, next)).toEqual({ region: next, target: expected })
  })
})
