import { describe, expect, it } from 'vitest'
import { assembleTopology } from './assemble'
import type { RegionReading } from './readings'
import { completeRemedy } from './remedies'
import { givenKeyId, givenReadings, READ_AT, withRegion } from './scenarios/given-readings'

const KEY = givenKeyId('a1')
const regions = ['us-east-1', 'eu-west-1', 'ap-south-1']
const alone = { keyId: KEY, primary: 'us-east-1' }
const busy = { keyId: givenKeyId('b2'), primary: 'ap-south-1' }
const request = { kind: 'replicate', keyId: KEY }

const completed = (readings: RegionReading[], asked: typeof request = request) =>
  completeRemedy(asked, assembleTopology(readings, { version: 1, takenAt: READ_AT }))

describe('completeRemedy', () => {
  it('replicates to the Region that most keys are in', () => {
    expect(completed(givenReadings(regions, [alone, busy]))).toEqual({ ...request, toRegions: ['ap-south-1'] })
    const both = { keyId: givenKeyId('c3'), primary: 'eu-west-1', replicas: ['us-east-1'] }
    expect(completed(givenReadings(regions, [alone, both]))).toEqual({ ...request, toRegions: ['eu-west-1'] })
  })

  it('leaves out a Region that does not answer, and one that has a key of the family', () => {
    const silent = withRegion(givenReadings(regions, [alone, busy]), 'ap-south-1', () => ({ status: 'unreachable' }))
    expect(completed(silent)).toEqual({ ...request, toRegions: ['eu-west-1'] })
    const pair = { ...alone, replicas: ['ap-south-1'] }
    expect(completed(givenReadings(regions, [pair, busy]))).toEqual({ ...request, toRegions: ['eu-west-1'] })
  })

  it('leaves the choice open where no Region suits, or the family is not known', () => {
    expect(completed(givenReadings(['us-east-1', 'cn-north-1'], [alone]))).toBe(request)
    expect(completed(givenReadings(regions, [busy]))).toBe(request)
  })

  it('leaves every other request as it is', () => {
    const chosen = { ...request, toRegions: ['eu-west-1'] }
    expect(completed(givenReadings(regions, [alone, busy]), chosen)).toBe(chosen)
    const rotation = { kind: 'set-rotation', keyId: KEY }
    expect(completed(givenReadings(regions, [alone, busy]), rotation)).toBe(rotation)
  })
})
