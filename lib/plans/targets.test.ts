import { describe, expect, it } from 'vitest'
import { familyOf } from '@/lib/topology/family'
import { type GivenFamily, givenKeyId, withRegion } from '@/lib/topology/scenarios/given-readings'
import type { Topology } from '@/lib/topology/topology'
import { givenTopology } from './given-plans'
import { type TargetRule, targetFor } from './targets'

const KEY = givenKeyId('a1')
const family: GivenFamily = { keyId: KEY, primary: 'us-east-1', replicas: ['eu-west-1', 'us-west-2', 'eu-central-1'] }
const rule: TargetRule = { fromRegion: 'us-east-1', preferred: ['eu-west-1', 'eu-central-1'] }
const unreachable = (region: string, families = [family]) =>
  givenTopology(families, (readings) => withRegion(readings, region, () => ({ status: 'unreachable', message: 'no' })))

function targetIn(topology: Topology, change: Partial<TargetRule> = {}, probes = {}) {
  const found = familyOf(topology, KEY)
  if (!found) throw new Error('No family')
  return targetFor(found, { ...rule, ...change }, topology, { probes })
}
const target = (given: Partial<GivenFamily>, change?: Partial<TargetRule>) =>
  targetIn(givenTopology([{ ...family, ...given }]), change)
const disabled = (...regions: string[]) => ({
  in: Object.fromEntries(regions.map((region) => [region, { state: 'Disabled' as const }])),
})

describe('targetFor', () => {
  it('is the first preferred Region with a fit replica key', () => {
    expect(target({})).toEqual({ region: 'eu-west-1', by: 'preferred', fit: true, needs: 'nothing' })
    expect(target({}, { preferred: ['ap-southeast-1', 'eu-central-1', 'eu-west-1'] })?.region).toBe('eu-central-1')
    expect(target(disabled('eu-west-1'))?.region).toBe('eu-central-1')
  })

  it('passes over a Region that does not answer, by the snapshot or by a probe, and believes the probe more', () => {
    expect(targetIn(unreachable('eu-west-1'))?.region).toBe('eu-central-1')
    const failed = { ok: false, reason: 'TimeoutError', message: 'no answer' }
    const topology = givenTopology([family])
    expect(targetIn(topology, {}, { 'eu-west-1': failed })?.region).toBe('eu-central-1')
    expect(
      targetIn(topology, {}, { [`eu-west-1/${KEY}`]: { ...failed, reason: 'AccessDeniedException' } })?.region,
    ).toBe('eu-central-1')
    expect(targetIn(topology, {}, { 'eu-west-1': { ...failed, reason: 'ThrottlingException' } })?.region).toBe(
      'eu-west-1',
    )
  })

  it('is else the nearest Region with a fit replica key', () => {
    expect(target({}, { preferred: [] })).toMatchObject({ region: 'us-west-2', by: 'nearest', fit: true })
    expect(target(disabled('us-west-2'), { preferred: [] })?.region).toBe('eu-west-1')
    expect(target(disabled('eu-west-1', 'eu-central-1'))).toMatchObject({ region: 'us-west-2', by: 'nearest' })
  })

  it('is the one that would be chosen if it were fit, when none is', () => {
    const none = disabled('eu-west-1', 'us-west-2', 'eu-central-1')
    expect(target(none)).toMatchObject({ region: 'eu-west-1', by: 'preferred', fit: false, needs: 'nothing' })
    expect(target(none, { preferred: [] })).toMatchObject({ region: 'us-west-2', by: 'nearest', fit: false })
  })

  it('is none for a family of one key, unless a replica key may be made', () => {
    const alone = { replicas: [] }
    expect(target(alone)).toBeNull()
    expect(target(alone, { replicateFirst: true })).toEqual({
      region: 'eu-west-1',
      by: 'preferred',
      fit: true,
      needs: 'replica',
    })
    expect(target(alone, { replicateFirst: true, preferred: [] })).toBeNull()
    const topology = unreachable('eu-west-1', [{ ...family, ...alone }])
    expect(targetIn(topology, { replicateFirst: true })?.region).toBe('eu-central-1')
  })

  it('makes a replica key only where none can take over, and never beside one', () => {
    const replicateFirst = true
    expect(target({ replicas: ['us-west-2'] }, { replicateFirst })).toMatchObject({
      region: 'us-west-2',
      needs: 'nothing',
    })
    const unfit = { replicas: ['eu-west-1'], ...disabled('eu-west-1') }
    expect(target(unfit, { replicateFirst })).toMatchObject({ region: 'eu-central-1', needs: 'replica' })
    expect(target(unfit, { replicateFirst, preferred: ['eu-west-1'] })).toMatchObject({
      region: 'eu-west-1',
      fit: false,
    })
    const imported = { replicas: ['eu-west-1'], all: { origin: 'EXTERNAL', state: 'PendingImport' as const } }
    expect(target(imported, { replicateFirst })).toMatchObject({ region: 'eu-west-1', fit: false, needs: 'nothing' })
  })

  it('is the Region that is chosen for the family, fit or not, and no other', () => {
    const to = (region: string) => ({ overrides: { [KEY]: region } })
    expect(target({}, to('us-west-2'))).toEqual({ region: 'us-west-2', by: 'override', fit: true, needs: 'nothing' })
    expect(target(disabled('us-west-2'), to('us-west-2'))).toMatchObject({ region: 'us-west-2', fit: false })
    expect(target({}, to('ap-southeast-1'))).toMatchObject({ region: 'ap-southeast-1', fit: true, needs: 'replica' })
    expect(target({}, { overrides: { [givenKeyId('b2')]: 'us-west-2' } })?.region).toBe('eu-west-1')
  })
})
