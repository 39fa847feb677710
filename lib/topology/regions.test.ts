import { describe, expect, it } from 'vitest'
import { defaultRegions, distanceKm, kmsRegions, partitionOf, regionName } from './regions'

describe('regionName', () => {
  it('is the long name, or the id of a Region that is not known', () => {
    expect(regionName('eu-west-1')).toBe('Europe (Ireland)')
    expect(regionName('xx-new-9')).toBe('xx-new-9')
    expect(regionName('constructor')).toBe('constructor')
  })
})

describe('partitionOf', () => {
  it.each([
    ['eu-west-1', 'aws'],
    ['us-east-1', 'aws'],
    ['cn-northwest-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['eusc-de-east-1', 'aws-eusc'],
    ['us-iso-east-1', 'aws-iso'],
    ['us-isob-east-1', 'aws-iso-b'],
    ['eu-isoe-west-1', 'aws-iso-e'],
    ['us-isof-south-1', 'aws-iso-f'],
  ])('%s is in %s', (region, partition) => {
    expect(partitionOf(region)).toBe(partition)
  })
})

describe('kmsRegions and defaultRegions', () => {
  it('offer the 34 Regions of aws, 17 of them by default', () => {
    expect(kmsRegions('aws')).toHaveLength(34)
    expect(defaultRegions('aws')).toHaveLength(17)
    expect(kmsRegions('aws')).toEqual(expect.arrayContaining(defaultRegions('aws')))
  })

  it('offer all Regions of other partitions', () => {
    expect(defaultRegions('aws-cn')).toEqual(['cn-north-1', 'cn-northwest-1'])
    expect(defaultRegions('aws-us-gov')).toEqual(['us-gov-east-1', 'us-gov-west-1'])
  })

  it('are sorted and well-formed', () => {
    for (const region of kmsRegions('aws')) expect(region).toMatch(/^([a-z]+-){2,3}\d+$/)
    expect([...defaultRegions('aws')].sort()).toEqual(defaultRegions('aws'))
    expect([...kmsRegions('aws')].sort()).toEqual(kmsRegions('aws'))
  })
})

describe('distanceKm', () => {
  it.each([
    ['us-east-1', 'eu-west-1', 5500],
    ['us-east-1', 'us-east-2', 470],
    ['eu-west-1', 'eu-central-1', 1100],
    ['ap-northeast-1', 'us-west-2', 7900],
  ])('%s to %s is about %i km, there and back', (a, b, km) => {
    expect(Math.abs(distanceKm(a, b) - km)).toBeLessThan(km / 10)
    expect(distanceKm(b, a)).toBeCloseTo(distanceKm(a, b))
  })

  it('knows the way between all Regions whose place is known, and is infinite for the others', () => {
    for (const region of kmsRegions('aws')) expect(distanceKm('us-east-1', region)).toBeLessThan(20_100)
    expect(distanceKm('us-east-1', 'us-iso-east-1')).toBe(Number.POSITIVE_INFINITY)
    expect(distanceKm('us-iso-east-1', 'us-iso-east-1')).toBe(0)
    expect(distanceKm('us-east-1', 'constructor')).toBe(Number.POSITIVE_INFINITY)
  })
})
