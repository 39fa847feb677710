import { describe, expect, it } from 'vitest'
import { type GivenFamily, givenKeyId, withRegion } from '@/lib/topology/scenarios/given-readings'
import type { KeyState, RegionStatus } from '@/lib/topology/topology'
import { defaultPolicy } from './checks/key-policy'
import { blocksOf, checkOf, givenPlan, givenTopology, linesOf, warningsOf } from './given-plans'

const KEY = givenKeyId('a1')
const family: GivenFamily = {
  keyId: KEY,
  primary: 'us-east-1',
  replicas: ['eu-west-1', 'us-west-2'],
  aliases: ['alias/orders'],
}
const promote = { kind: 'promote', keyId: KEY, toRegion: 'eu-west-1' }

const failing = (region: string, status: RegionStatus) =>
  givenTopology([family], (readings) =>
    withRegion(readings, region, () => ({ status, message: `${region} failed`, since: '2026-11-23T22:00:00.000Z' })),
  )

const inState = (region: string, state: KeyState) => givenTopology([{ ...family, in: { [region]: { state } } }])

describe('planPromote', () => {
  it('proves, promotes in the current primary Region, waits for both, and proves again what was made before', () => {
    const plan = givenPlan(givenTopology([family]), promote)
    expect(blocksOf(plan)).toEqual([])
    expect(warningsOf(plan)).toEqual([])
    expect(linesOf(plan)).toEqual([
      'prove in us-east-1 for eu-west-1, us-east-1, us-west-2',
      'UpdatePrimaryRegion in us-east-1: eu-west-1',
      'wait for primary in us-east-1',
      'prove in eu-west-1 for eu-west-1, us-east-1, us-west-2',
    ])
    expect(plan.steps[1]).toMatchObject({
      input: { KeyId: KEY, PrimaryRegion: 'eu-west-1' },
      done: { is: 'primary', from: 'us-east-1', to: 'eu-west-1' },
    })
    expect(plan.steps[2]).toMatchObject({ deadlineMinutes: 20, done: { is: 'primary' } })
    expect(plan.steps[3]).toMatchObject({ baseline: 1, done: { is: 'proven' } })
    expect(plan.undo).toEqual({
      label: 'Fail back to us-east-1',
      request: { kind: 'promote', keyId: KEY, toRegion: 'us-east-1' },
    })
    expect(plan).toMatchObject({ confirmation: 'alias/orders', families: [KEY], minimumSeconds: 0.2 })
  })

  it('asks for the whole key id of a family without alias', () => {
    expect(givenPlan(givenTopology([{ ...family, aliases: [] }]), promote).confirmation).toBe(KEY)
  })

  it('makes no proof with keys that one call cannot prove', () => {
    const agreement = { ...family, all: { keySpec: 'ECC_NIST_P256', keyUsage: 'KEY_AGREEMENT', rotation: null } }
    expect(linesOf(givenPlan(givenTopology([agreement]), promote))).toEqual([
      'UpdatePrimaryRegion in us-east-1: eu-west-1',
      'wait for primary in us-east-1',
    ])
  })

  it('says what still works while the Region of the primary key does not answer', () => {
    const plan = givenPlan(failing('us-east-1', 'unreachable'), promote)
    expect(blocksOf(plan)).toEqual(['primary-region-answers (kms)'])
    const { message } = checkOf(plan, 'primary-region-answers')
    expect(message).toContain('A promotion is a call in the current primary’s Region, us-east-1')
    expect(message).toContain('callers can use eu-west-1 and us-west-2 now')
  })

  it.each([
    ['unreachable', 'kms'],
    ['disabled', 'kms'],
    ['denied', 'house rule'],
  ] as const)('blocks while the target Region is %s', (status, blockedBy) => {
    expect(blocksOf(givenPlan(failing('eu-west-1', status), promote))).toEqual([`region-answers (${blockedBy})`])
  })

  it('warns while the target Region asks for fewer requests', () => {
    const plan = givenPlan(failing('eu-west-1', 'throttled'), promote)
    expect(blocksOf(plan)).toEqual([])
    expect(warningsOf(plan)).toContain('region-answers')
  })

  it('leaves a silent third Region out of the proofs, and says so', () => {
    const plan = givenPlan(failing('us-west-2', 'unreachable'), promote)
    expect(blocksOf(plan)).toEqual([])
    expect(checkOf(plan, 'blind-spots').message).toContain('us-west-2 could not be read')
    expect(linesOf(plan)[0]).toBe('prove in us-east-1 for eu-west-1, us-east-1')
  })

  it.each([
    ['Disabled', 'DisabledException'],
    ['PendingImport', 'pending import'],
    ['Creating', 'is creating'],
    ['PendingDeletion', 'pending deletion'],
    ['PendingReplicaDeletion', 'pending deletion'],
  ] as const)('blocks while one of the two keys is %s', (state, exception) => {
    for (const region of ['us-east-1', 'eu-west-1']) {
      const plan = givenPlan(inState(region, state), promote)
      expect(blocksOf(plan)).toEqual(['key-state (kms)'])
      expect(checkOf(plan, 'key-state').message).toContain(`The key in ${region} is ${state}`)
      expect(checkOf(plan, 'key-state').message).toContain(exception)
    }
  })

  it('does not mind a disabled key in a third Region', () => {
    const plan = givenPlan(inState('us-west-2', 'Disabled'), promote)
    expect(blocksOf(plan)).toEqual([])
    expect(linesOf(plan)[0]).toBe('prove in us-east-1 for eu-west-1, us-east-1')
  })

  it('blocks while an earlier promotion settles', () => {
    expect(blocksOf(givenPlan(inState('us-west-2', 'Updating'), promote))).toEqual(['primary-known (house rule)'])
  })

  it('blocks without steps while no primary is named', () => {
    const both = givenTopology([
      { ...family, in: { 'us-east-1': { role: 'REPLICA', primaryArn: 'nobody' } }, all: { primaryArn: 'nobody' } },
    ])
    const plan = givenPlan(both, promote)
    expect(blocksOf(plan)).toEqual(['primary-known (house rule)'])
    expect(plan.steps).toEqual([])
    expect(plan.undo).toHaveProperty('sentence')
  })

  it('blocks for a Region without replica key, offering to replicate there or to choose another', () => {
    const plan = givenPlan(givenTopology([family]), { ...promote, toRegion: 'ap-southeast-1' })
    expect(blocksOf(plan)).toEqual(['target-is-replica (kms)'])
    expect(checkOf(plan, 'target-is-replica')).toMatchObject({
      remedy: { request: { kind: 'replicate', keyId: KEY, toRegions: ['ap-southeast-1'] } },
      choices: [{ request: { toRegion: 'eu-west-1' } }, { request: { toRegion: 'us-west-2' } }],
    })
  })

  it('has nothing to do in the Region of the primary key', () => {
    const plan = givenPlan(givenTopology([family]), { ...promote, toRegion: 'us-east-1' })
    expect(blocksOf(plan)).toEqual(['target-is-replica (house rule)'])
    expect(plan.steps).toEqual([])
  })

  it.each([
    ['lets nobody promote', { Action: ['kms:Encrypt', 'kms:ReplicateKey'] }, 'kms:UpdatePrimaryRegion'],
    ['lets nobody replicate', { Action: 'kms:Update*' }, 'kms:ReplicateKey'],
    ['excludes both', { NotAction: ['kms:*'] }, 'kms:UpdatePrimaryRegion or kms:ReplicateKey'],
    ['only denies', { Effect: 'Deny', Action: '*' }, 'kms:UpdatePrimaryRegion or kms:ReplicateKey'],
  ])('warns when the policy of the successor %s', (_case, statement, lacking) => {
    const policy = JSON.stringify({ Statement: { Effect: 'Allow', Principal: '*', Resource: '*', ...statement } })
    const plan = givenPlan(givenTopology([family]), promote, {
      policies: { [`eu-west-1/${KEY}`]: { ok: true, value: policy } },
    })
    expect(blocksOf(plan)).toEqual([])
    expect(checkOf(plan, 'successor-policy')).toMatchObject({ verdict: 'warn' })
    expect(checkOf(plan, 'successor-policy').message).toContain(`allows ${lacking}.`)
  })

  it.each([defaultPolicy('aws', '111122223333'), '{"Statement":[{"Effect":"Allow","NotAction":"kms:Encrypt"}]}'])(
    'passes a policy that does not rule it out: %s',
    (value) => {
      const plan = givenPlan(givenTopology([family]), promote, {
        policies: { [`eu-west-1/${KEY}`]: { ok: true, value } },
      })
      expect(checkOf(plan, 'successor-policy').verdict).toBe('pass')
    },
  )

  it('warns when the policy of the successor cannot be read', () => {
    const plan = givenPlan(givenTopology([family]), promote, {
      policies: { [`eu-west-1/${KEY}`]: { ok: false, reason: 'AccessDeniedException', message: 'no' } },
    })
    expect(checkOf(plan, 'successor-policy').message).toContain('AccessDeniedException')
    expect(blocksOf(plan)).toEqual([])
  })

  it('believes a probe of now more than the snapshot', () => {
    const plan = givenPlan(failing('us-east-1', 'unreachable'), promote, {
      probes: {
        'us-east-1': { ok: true, value: { latencyMs: 3 } },
        'eu-west-1': { ok: true, value: { latencyMs: 3 } },
      },
    })
    expect(blocksOf(plan)).toEqual([])
  })
})
