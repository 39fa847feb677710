import { describe, expect, it } from 'vitest'
import type { RotationEntry, RotationFacts } from '@/lib/topology/facts'
import { type GivenFamily, givenKeyId, READ_AT, withRegion } from '@/lib/topology/scenarios/given-readings'
import type { KeyState } from '@/lib/topology/topology'
import { blocksOf, checkOf, givenPlan, givenTopology, linesOf, warningsOf } from './given-plans'

const KEY = givenKeyId('a1')
const MATERIAL = 'aa'.repeat(32)
const family: GivenFamily = {
  keyId: KEY,
  primary: 'us-east-1',
  replicas: ['eu-west-1', 'us-west-2'],
  aliases: ['alias/orders'],
  all: { currentKeyMaterialId: MATERIAL },
}
const rotateNow = { kind: 'rotate-now', keyId: KEY }

const minutesAfterReading = (minutes: number) => new Date(Date.parse(READ_AT) + minutes * 60_000).toISOString()
const onDemand = (count: number): RotationEntry[] => Array.from({ length: count }, () => ({ type: 'ON_DEMAND' }))

const planWith = (rotation: Partial<RotationFacts>, change: Partial<GivenFamily> = {}) =>
  givenPlan(givenTopology([{ ...family, ...change }]), rotateNow, {
    rotations: { [`us-east-1/${KEY}`]: { ok: true, value: { enabled: false, history: [], ...rotation } } },
  })

describe('planRotateNow', () => {
  it('rotates at the primary key, and is done once that uses other key material than now', () => {
    const plan = planWith({})
    expect(blocksOf(plan)).toEqual([])
    expect(warningsOf(plan)).toEqual([])
    expect(linesOf(plan)).toEqual(['RotateKeyOnDemand in us-east-1', 'wait for rotated in us-east-1'])
    const done = { is: 'rotated', keyId: KEY, region: 'us-east-1', materialBefore: MATERIAL }
    expect(plan.steps[0]).toMatchObject({ input: { KeyId: KEY }, done })
    expect(plan.steps[1]).toMatchObject({ done })
    expect(plan.undo).toHaveProperty('sentence')
    expect(plan).toMatchObject({ families: [KEY], confirmation: null })
  })

  it.each([
    [0, 'pass', '25 of 25 rotations on demand are left'],
    [19, 'pass', '6 of 25 rotations on demand are left'],
    [20, 'warn', 'Only 5 of 25'],
    [24, 'warn', 'Only 1 of 25 rotations on demand is left'],
    [25, 'block', 'LimitExceededException'],
  ])('after %i rotations on demand: %s', (count, verdict, words) => {
    const check = checkOf(planWith({ history: [{ type: 'AUTOMATIC' }, {}, ...onDemand(count)] }), 'on-demand-left')
    expect(check).toMatchObject({ verdict })
    expect(check.message).toContain(words)
  })

  it('blocks while another rotation on demand runs', () => {
    const plan = planWith({ onDemandStartedAt: READ_AT })
    expect(blocksOf(plan)).toEqual(['no-other-rotation (house rule)'])
  })

  it.each([
    [0, ['no-other-rotation (kms)']],
    [20, ['no-other-rotation (kms)']],
    [21, []],
  ])('with the automatic rotation %i minutes ahead: %j', (minutes, blocks) => {
    const plan = planWith({ enabled: true, periodInDays: 365, nextRotationDate: minutesAfterReading(minutes) })
    expect(blocksOf(plan)).toEqual(blocks)
  })

  it('warns while an automatic rotation is overdue, as it may be running', () => {
    const plan = planWith({ enabled: true, periodInDays: 365, nextRotationDate: minutesAfterReading(-1) })
    expect(blocksOf(plan)).toEqual([])
    expect(checkOf(plan, 'no-other-rotation').message).toContain('ConflictException')
    expect(warningsOf(plan)).toEqual(['no-other-rotation'])
  })

  it('warns when the rotations cannot be read', () => {
    const plan = givenPlan(givenTopology([family]), rotateNow, {
      rotations: { [`us-east-1/${KEY}`]: { ok: false, reason: 'AccessDeniedException', message: 'no' } },
    })
    expect(blocksOf(plan)).toEqual([])
    expect(warningsOf(plan)).toEqual(['on-demand-left', 'no-other-rotation'])
  })

  it('blocks when the present key material is not known, as nobody could tell the new one from it', () => {
    expect(blocksOf(planWith({}, { all: {} }))).toEqual(['material-known (house rule)'])
  })

  it.each([
    ['HMAC_256', 'GENERATE_VERIFY_MAC'],
    ['RSA_2048', 'ENCRYPT_DECRYPT'],
    ['ECC_NIST_P256', 'SIGN_VERIFY'],
  ])('blocks for %s keys', (keySpec, keyUsage) => {
    const plan = planWith({}, { all: { ...family.all, keySpec, keyUsage, rotation: null } })
    expect(blocksOf(plan)).toEqual(['key-kind-rotates (kms)'])
  })

  it.each<[string[], string[]]>([
    [['CURRENT'], ['material-imported (kms)']],
    [['CURRENT', 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION'], ['material-imported (kms)']],
    [['CURRENT', 'PENDING_ROTATION'], []],
  ])('rotates imported material only to what awaits it: %j', (states, blocks) => {
    const plan = planWith(
      { history: states.map((state) => ({ state })) },
      { all: { ...family.all, origin: 'EXTERNAL', rotation: null } },
    )
    expect(blocksOf(plan)).toEqual(blocks)
  })

  it.each<[KeyState, string]>([
    ['Disabled', 'DisabledException'],
    ['PendingReplicaDeletion', 'pending deletion'],
    ['PendingImport', 'pending import'],
  ])('blocks while the primary key is %s', (state, exception) => {
    const plan = planWith({}, { in: { 'us-east-1': { state } } })
    expect(blocksOf(plan)).toEqual(['key-state (kms)'])
    expect(checkOf(plan, 'key-state').message).toContain(exception)
  })

  it('blocks while a promotion settles', () => {
    expect(blocksOf(planWith({}, { in: { 'eu-west-1': { state: 'Updating' } } }))).toEqual([
      'primary-known (house rule)',
    ])
  })

  it('says what still works while the Region of the primary key does not answer', () => {
    const topology = givenTopology([family], (readings) =>
      withRegion(readings, 'us-east-1', () => ({ status: 'unreachable', message: 'no answer' })),
    )
    const plan = givenPlan(topology, rotateNow)
    expect(blocksOf(plan)).toEqual(['primary-region-answers (kms)'])
    expect(checkOf(plan, 'primary-region-answers').message).toContain('callers can use eu-west-1 and us-west-2 now')
  })

  it('warns that the rotation may end late while a replica cannot be read', () => {
    const topology = givenTopology([family], (readings) =>
      withRegion(readings, 'us-west-2', () => ({ status: 'unreachable', message: 'no answer' })),
    )
    const plan = givenPlan(topology, rotateNow)
    expect(blocksOf(plan)).toEqual([])
    expect(checkOf(plan, 'blind-spots').message).toContain('us-west-2 could not be read')
  })

  it('blocks without steps while no primary is named', () => {
    const plan = planWith({}, { all: { ...family.all, primaryArn: 'nobody', role: 'REPLICA' } })
    expect(blocksOf(plan)).toEqual(['primary-known (house rule)'])
    expect(plan.steps).toEqual([])
  })
})
