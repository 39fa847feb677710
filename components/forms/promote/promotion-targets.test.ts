import { describe, expect, it } from 'vitest'
import { givenPlan, givenTopology } from '@/lib/plans/given-plans'
import { isBlocked } from '@/lib/plans/plan'
import { familyOf } from '@/lib/topology/family'
import type { RegionReading } from '@/lib/topology/readings'
import { type GivenFamily, givenKeyId } from '@/lib/topology/scenarios/given-readings'
import { promotionObstacles, promotionTargets } from './promotion-targets'

const keyId = givenKeyId('e1')
const given: GivenFamily = { keyId, primary: 'us-east-1', replicas: ['eu-west-1', 'us-west-2'], aliases: ['alias/app'] }

function judged(family: GivenFamily, change?: (readings: RegionReading[]) => RegionReading[]) {
  const topology = givenTopology([family], change)
  const found = familyOf(topology, keyId)
  if (!found) throw new Error('The family was not assembled')
  const targets = promotionTargets(found, topology)
  return {
    topology,
    obstacles: promotionObstacles(found, topology).map(({ id }) => id),
    free: targets.filter(({ refusal }) => refusal === null).map(({ member }) => member.region),
    refusals: Object.fromEntries(targets.map(({ member, refusal }) => [member.region, refusal])),
  }
}

describe('promotionTargets', () => {
  it('offers every replica key of a healthy family, and not the primary key', () => {
    expect(judged(given)).toMatchObject({ obstacles: [], free: ['eu-west-1', 'us-west-2'] })
  })

  it('refuses a disabled replica key with the reason, and offers the others', () => {
    const { free, refusals } = judged({ ...given, in: { 'us-west-2': { state: 'Disabled' } } })
    expect(free).toEqual(['eu-west-1'])
    expect(refusals['us-west-2']).toContain('DisabledException')
  })

  it('offers exactly what the plan would let start', () => {
    const { topology, free } = judged({ ...given, in: { 'eu-west-1': { state: 'PendingDeletion' } } })
    const startable = ['eu-west-1', 'us-west-2'].filter(
      (toRegion) => !isBlocked(givenPlan(topology, { kind: 'promote', keyId, toRegion })),
    )
    expect(startable).toEqual(free)
  })
})

describe('promotionObstacles', () => {
  it('names a primary key in a state that KMS refuses, for every target at once', () => {
    expect(judged({ ...given, in: { 'us-east-1': { state: 'Disabled' } } })).toMatchObject({ obstacles: ['key-state'] })
  })

  it('names a Region of the primary key that does not answer, and leaves the replica keys as they are', () => {
    const silent = (readings: RegionReading[]) =>
      readings.map((reading) =>
        reading.region === 'us-east-1'
          ? { ...reading, status: 'unreachable' as const, message: 'TimeoutError: no answer in time' }
          : reading,
      )
    expect(judged(given, silent)).toMatchObject({
      obstacles: ['primary-region-answers'],
      free: ['eu-west-1', 'us-west-2'],
    })
  })
})
