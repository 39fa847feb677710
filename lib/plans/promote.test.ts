import { describe, expect, it } from 'vitest'
import { type GivenFamily, givenKeyId, withoutPart, withRegion } from '@/lib/topology/scenarios/given-readings'
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

describe('what a promotion needs to be known before it', () => {
  const [FROM, TO] = ['us-east-1', 'eu-west-1']
  const admin = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/KeyAdmin' }, Resource: '*' }
  const everyone = { ...admin, Principal: '*' }
  const administers = ['kms:ReplicateKey', 'kms:*Rotation', 'kms:RotateKeyOnDemand']
  const text = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements })
  const onlyFor = (region: string) => ({ Condition: { StringEquals: { 'kms:PrimaryRegion': region } } })

  /** The plan when the primary key and the replica key have these policies. */
  const under = (from: string, to = from, kind: GivenFamily['all'] = {}) =>
    givenPlan(givenTopology([{ ...family, all: kind }]), promote, {
      policies: { [`${FROM}/${KEY}`]: { ok: true, value: from }, [`${TO}/${KEY}`]: { ok: true, value: to } },
    })

  it('is never shown as passed where key policies leave it to IAM', () => {
    const plan = givenPlan(givenTopology([family]), promote)
    for (const id of ['may-promote', 'successor-permissions']) {
      expect(checkOf(plan, id)).toMatchObject({ verdict: 'unproven', message: expect.stringContaining('not provable') })
    }
    expect(checkOf(plan, 'may-promote').message).toContain('us-east-1 and eu-west-1')
    expect(checkOf(plan, 'successor-permissions').message).toContain(
      'kms:ReplicateKey, kms:EnableKeyRotation, kms:DisableKeyRotation and kms:RotateKeyOnDemand',
    )
  })

  it('is proven where both key policies give it to everyone', () => {
    const open = text({ ...everyone, Action: 'kms:*' })
    for (const id of ['may-promote', 'successor-permissions']) expect(checkOf(under(open), id).verdict).toBe('pass')
    expect(checkOf(under(text({ ...admin, Action: 'kms:*' }), open), 'may-promote').message).toMatch(
      /in us-east-1 leaves/,
    )
  })

  it.each<[string, object[], object[], string]>([
    ['the primary key', [{ ...admin, Action: administers }], [{ ...admin, Action: 'kms:*' }], 'policy in us-east-1'],
    ['the replica key', [{ ...admin, Action: 'kms:*' }], [{ ...admin, Action: administers }], 'policy in eu-west-1'],
    [
      'both',
      [{ ...admin, Action: 'kms:Get*' }],
      [{ ...admin, Action: 'kms:Get*' }],
      'policies in us-east-1 and eu-west-1',
    ],
  ])('warns when the key policy of %s lets nobody promote', (_which, from, to, words) => {
    const check = checkOf(under(text(...from), text(...to)), 'may-promote')
    expect(check).toMatchObject({ verdict: 'warn', message: expect.stringContaining('AccessDeniedException') })
    expect(check.message).toContain(words)
  })

  it('weighs what key policies say of kms:PrimaryRegion, on the way there and back', () => {
    const rest = { ...admin, Action: administers }
    const to = (region: string) => text(rest, { ...admin, Action: 'kms:UpdatePrimaryRegion', ...onlyFor(region) })
    const free = text({ ...admin, Action: 'kms:*' })
    const elsewhere = under(to('us-west-2'), free)
    expect(checkOf(elsewhere, 'primary-region-condition')).toMatchObject({ verdict: 'warn' })
    expect(checkOf(elsewhere, 'primary-region-condition').message).toContain(
      'in us-east-1 allows kms:UpdatePrimaryRegion only for other Regions than eu-west-1',
    )
    expect(elsewhere.checks.map(({ id }) => id)).not.toContain('may-promote')

    const there = under(to(TO), free)
    expect(checkOf(there, 'primary-region-condition').verdict).toBe('pass')
    expect(checkOf(there, 'successor-policy').verdict).toBe('pass')

    const noWayBack = under(free, to(TO))
    expect(checkOf(noWayBack, 'primary-region-condition').verdict).toBe('pass')
    expect(checkOf(noWayBack, 'successor-policy').message).toContain('only for other Regions than us-east-1')
    expect(under(free).checks.map(({ id }) => id)).not.toContain('primary-region-condition')
  })

  it('warns when nobody could administer rotation, of keys that rotate', () => {
    const none = text({ ...admin, Action: ['kms:UpdatePrimaryRegion', 'kms:ReplicateKey'] })
    expect(checkOf(under(none), 'successor-rotation').message).toContain('kms:RotateKeyOnDemand')
    const hmac = { keySpec: 'HMAC_256', keyUsage: 'GENERATE_VERIFY_MAC', rotation: null }
    expect(under(none, none, hmac).checks.map(({ id }) => id)).not.toContain('successor-rotation')
  })

  it('says that policies and tags differ, and never that unread ones agree', () => {
    const differing = givenPlan(givenTopology([family]), promote, {
      policies: {
        [`${FROM}/${KEY}`]: { ok: true, value: text({ ...admin, Action: 'kms:*' }) },
        [`${TO}/${KEY}`]: { ok: true, value: defaultPolicy('aws', '111122223333') },
      },
      tags: {
        [`${FROM}/${KEY}`]: {
          ok: true,
          value: [
            { key: 'team', value: 'pay' },
            { key: 'atlas:step', value: 'run/1' },
          ],
        },
        [`${TO}/${KEY}`]: { ok: true, value: [{ key: 'team', value: 'sales' }] },
      },
    })
    expect(warningsOf(differing)).toEqual(expect.arrayContaining(['policy-drift', 'tag-drift']))
    expect(checkOf(differing, 'tag-drift').message).toContain('(team)')
    const unread = givenPlan(givenTopology([family]), promote, { policies: {}, tags: {} })
    for (const id of ['policy-drift', 'tag-drift', 'may-promote']) expect(checkOf(unread, id).verdict).toBe('unproven')
  })

  it('takes policies that name their own Regions, and the mark of a run, for no difference', () => {
    const own = (region: string) =>
      text({
        ...admin,
        Action: 'kms:*',
        Condition: { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` } },
      })
    expect(checkOf(under(own(FROM), own(TO)), 'policy-drift').verdict).toBe('pass')
    const marked = givenPlan(givenTopology([family]), promote, {
      tags: {
        [`${FROM}/${KEY}`]: { ok: true, value: [{ key: 'atlas:step', value: 'run/1' }] },
        [`${TO}/${KEY}`]: { ok: true, value: [] },
      },
    })
    expect(checkOf(marked, 'tag-drift').verdict).toBe('pass')
  })

  it('looks for each alias of the primary key, and opens the plan that mends it', () => {
    const missing = givenPlan(
      givenTopology([family], (readings) => withRegion(readings, TO, () => ({ aliases: [] }))),
      promote,
    )
    expect(checkOf(missing, 'alias-at-target')).toMatchObject({
      verdict: 'warn',
      remedy: {
        request: {
          kind: 'set-aliases',
          keyId: KEY,
          changes: [{ change: 'create', name: 'alias/orders', regions: [TO] }],
        },
      },
    })
    const other = { keyId: givenKeyId('b2'), primary: TO, aliases: ['alias/sales'] }
    const elsewhere = (kind: GivenFamily['all'] = {}) =>
      checkOf(
        givenPlan(
          givenTopology([family, { ...other, all: kind }], (readings) =>
            withRegion(readings, TO, () => ({ aliases: [{ name: 'alias/orders', keyId: other.keyId }] })),
          ),
          promote,
        ),
        'alias-at-target',
      )
    expect(elsewhere()).toMatchObject({
      verdict: 'warn',
      message: expect.stringContaining('get another key'),
      remedy: { request: { changes: [{ change: 'retarget', name: 'alias/orders', regions: [TO] }] } },
    })
    expect(elsewhere({ keySpec: 'HMAC_256', keyUsage: 'GENERATE_VERIFY_MAC', rotation: null }).remedy).toBeUndefined()
    const unread = givenTopology([family], (readings) => withoutPart(readings, TO, 'aliases'))
    expect(checkOf(givenPlan(unread, promote), 'alias-at-target').verdict).toBe('unproven')
  })

  it.each<[string, object, RegExp]>([
    ['on demand', { onDemandStartedAt: '2026-11-23T22:05:00.000Z' }, /on demand is running since 2026-11-23T22:05/],
    ['that is due', { nextRotationDate: '2026-11-23T22:29:00.000Z' }, /due at 2026-11-23T22:29/],
    ['that is overdue', { nextRotationDate: '2026-11-23T21:00:00.000Z' }, /due at 2026-11-23T21:00/],
    ['to material that some lack', { history: [{ state: 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION' }] }, /imported/],
  ])('warns of a rotation %s', (_which, rotation, words) => {
    const value = { enabled: true, periodInDays: 365, history: [], ...rotation }
    const plan = givenPlan(givenTopology([family]), promote, { rotations: { [`${FROM}/${KEY}`]: { ok: true, value } } })
    expect(checkOf(plan, 'rotation-running')).toMatchObject({ verdict: 'warn', message: expect.stringMatching(words) })
  })

  it('does not know of a rotation that could not be read', () => {
    const plan = givenPlan(givenTopology([family]), promote, { rotations: {} })
    expect(checkOf(plan, 'rotation-running').verdict).toBe('unproven')
  })

  it('warns of a third key that is pending deletion, and of a promotion a moment ago', () => {
    const deletion = { state: 'PendingDeletion' as const, deletionDate: '2026-12-01T00:00:00.000Z' }
    const plan = givenPlan(givenTopology([{ ...family, in: { 'us-west-2': deletion } }]), promote, {
      recentPromotions: { [KEY]: { at: '2026-11-23T22:00:00.000Z', toRegion: FROM, runId: 'run-7' } },
    })
    expect(checkOf(plan, 'pending-deletion').message).toContain('us-west-2 is pending deletion (2026-12-01')
    expect(checkOf(plan, 'recent-promotion').message).toContain('run-7')
    expect(blocksOf(plan)).toEqual([])
  })

  it('tells what it counts against the quotas', () => {
    expect(checkOf(givenPlan(givenTopology([family]), promote), 'quota-headroom').message).toContain(
      'UpdatePrimaryRegion counts 1 time in us-east-1',
    )
  })
})
