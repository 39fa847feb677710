import { describe, expect, it } from 'vitest'
import { type GivenFamily, givenKeyId, withRegion } from '@/lib/topology/scenarios/given-readings'
import type { KeyState, Rotation } from '@/lib/topology/topology'
import { blocksOf, checkOf, givenPlan, givenTopology, linesOf, warningsOf } from './given-plans'
import { parseRequest } from './planner'

const KEY = givenKeyId('a1')
const family: GivenFamily = {
  keyId: KEY,
  primary: 'us-east-1',
  replicas: ['eu-west-1'],
  aliases: ['alias/orders'],
}
const withRotation = (rotation: Rotation | null) => givenTopology([{ ...family, all: { rotation } }])
const off = { enabled: false }
const yearly = { enabled: true, periodInDays: 365 }
const set = { kind: 'set-rotation', keyId: KEY }

describe('planSetRotation', () => {
  it('turns it on in the Region of the primary key and waits for that Region alone', () => {
    const plan = givenPlan(withRotation(off), { ...set, enabled: true, periodInDays: 180 })
    expect(blocksOf(plan)).toEqual([])
    expect(linesOf(plan)).toEqual(['EnableKeyRotation in us-east-1', 'wait for rotation in us-east-1'])
    const done = { is: 'rotation', keyId: KEY, region: 'us-east-1', enabled: true, periodInDays: 180 }
    expect(plan.steps[0]).toMatchObject({ input: { KeyId: KEY, RotationPeriodInDays: 180 }, done })
    expect(plan.steps[1]).toMatchObject({ done })
    expect(plan.undo).toMatchObject({ request: { ...set, enabled: false } })
    expect(plan).toMatchObject({ families: [KEY], confirmation: null })
  })

  it('turns it off, and goes back with the period that was set', () => {
    const plan = givenPlan(withRotation({ enabled: true, periodInDays: 200 }), { ...set, enabled: false })
    expect(linesOf(plan)).toEqual(['DisableKeyRotation in us-east-1', 'wait for rotation in us-east-1'])
    expect(plan.steps[0]).toMatchObject({ input: { KeyId: KEY }, done: { is: 'rotation', enabled: false } })
    expect(plan.steps[0]).not.toHaveProperty('done.periodInDays')
    expect(plan.undo).toMatchObject({ request: { ...set, enabled: true, periodInDays: 200 } })
  })

  it('changes the period alone', () => {
    const plan = givenPlan(withRotation(yearly), { ...set, enabled: true, periodInDays: 90 })
    expect(plan.steps[0]?.title).toBe('Change the rotation period in us-east-1')
    expect(plan.undo).toMatchObject({ request: { ...set, enabled: true, periodInDays: 365 } })
  })

  it('takes 365 days where no period is given and none is set', () => {
    const plan = givenPlan(withRotation(off), { ...set, enabled: true })
    expect(plan.steps[0]).toMatchObject({ input: { RotationPeriodInDays: 365 } })
  })

  it.each([
    [off, { enabled: false }],
    [yearly, { enabled: true, periodInDays: 365 }],
    [{ enabled: true, periodInDays: 200 }, { enabled: true }],
  ])('has nothing to do when it is %j and %j is asked for', (now, wish) => {
    const plan = givenPlan(withRotation(now), { ...set, ...wish })
    expect(blocksOf(plan)).toEqual(['something-to-do (house rule)'])
    expect(plan.steps).toEqual([])
  })

  it('has no way back to a setting that was never read', () => {
    const plan = givenPlan(withRotation(null), { ...set, enabled: true })
    expect(blocksOf(plan)).toEqual([])
    expect(warningsOf(plan)).toEqual(['rotation-known'])
    expect(plan.undo).toHaveProperty('sentence')
  })

  it.each([
    ['HMAC_256', 'GENERATE_VERIFY_MAC', 'AWS_KMS', 'cannot rotate keys of this kind'],
    ['RSA_2048', 'ENCRYPT_DECRYPT', 'AWS_KMS', 'cannot rotate keys of this kind'],
    ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', 'EXTERNAL', 'import new material'],
  ])('blocks for %s keys (%s, origin %s)', (keySpec, keyUsage, origin, words) => {
    const topology = givenTopology([{ ...family, all: { keySpec, keyUsage, origin, rotation: null } }])
    const plan = givenPlan(topology, { ...set, enabled: true })
    expect(blocksOf(plan)).toEqual(['key-kind-rotates (kms)'])
    expect(checkOf(plan, 'key-kind-rotates').message).toContain('UnsupportedOperationException')
    expect(checkOf(plan, 'key-kind-rotates').message).toContain(words)
  })

  it.each<[KeyState, string]>([
    ['Disabled', 'DisabledException'],
    ['PendingReplicaDeletion', 'pending deletion'],
    ['Creating', 'is creating'],
  ])('blocks while the primary key is %s, and does not mind a replica that is', (state, exception) => {
    const primary = givenTopology([{ ...family, all: { rotation: off }, in: { 'us-east-1': { state } } }])
    const plan = givenPlan(primary, { ...set, enabled: true })
    expect(blocksOf(plan)).toEqual(['key-state (kms)'])
    expect(checkOf(plan, 'key-state').message).toContain(exception)

    const replica = givenTopology([{ ...family, all: { rotation: off }, in: { 'eu-west-1': { state } } }])
    expect(blocksOf(givenPlan(replica, { ...set, enabled: true }))).toEqual([])
  })

  it('says what still works while the Region of the primary key does not answer', () => {
    const topology = givenTopology([{ ...family, all: { rotation: off } }], (readings) =>
      withRegion(readings, 'us-east-1', () => ({ status: 'unreachable', message: 'no answer' })),
    )
    const plan = givenPlan(topology, { ...set, enabled: true })
    expect(blocksOf(plan)).toEqual(['primary-region-answers (kms)'])
    expect(checkOf(plan, 'primary-region-answers').message).toContain('callers can use eu-west-1 now')
  })

  it('blocks without steps while no primary is named', () => {
    const topology = givenTopology([{ ...family, all: { primaryArn: 'nobody', role: 'REPLICA', rotation: off } }])
    const plan = givenPlan(topology, { ...set, enabled: true })
    expect(blocksOf(plan)).toEqual(['primary-known (house rule)'])
    expect(plan.steps).toEqual([])
  })
})

describe('setRotationRequest', () => {
  it.each([
    [{ enabled: 'yes' }, { enabled: 'Choose on or off' }],
    [{ enabled: true, periodInDays: 89 }, { periodInDays: 'At least 90 days' }],
    [{ enabled: true, periodInDays: 2561 }, { periodInDays: 'At most 2,560 days' }],
    [{ enabled: true, keyId: '1234abcd-12ab-34cd-56ef-1234567890ab' }, { keyId: expect.stringContaining('mrk-') }],
  ])('refuses %j with a message at its field', (change, fields) => {
    expect(parseRequest({ ...set, ...change })).toMatchObject({ ok: false, fields })
  })
})
