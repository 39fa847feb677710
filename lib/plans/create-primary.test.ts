import { describe, expect, it } from 'vitest'
import { type GivenFamily, givenKeyId, withoutPart, withRegion } from '@/lib/topology/scenarios/given-readings'
import { blocksOf, checkOf, givenPlan, givenTopology, linesOf, warningsOf } from './given-plans'
import { parseRequest } from './planner'

const KEY = { step: 1, field: 'keyId' }
const OTHER = givenKeyId('b2')
const other: GivenFamily = { keyId: OTHER, primary: 'eu-west-1', replicas: ['us-east-1'], aliases: ['alias/orders'] }
const nobody = givenTopology([])
const alone = { kind: 'create-primary', region: 'us-east-1' }
const policy = '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}]}'
const full = {
  ...alone,
  alias: 'alias/orders',
  description: 'Orders',
  tags: [{ key: 'team', value: 'orders' }],
  policy,
  rotation: { periodInDays: 180 },
  replicaRegions: ['eu-west-1', 'us-west-2'],
}

describe('planCreatePrimary', () => {
  it('makes one key and waits for it, when nothing else is asked for', () => {
    const plan = givenPlan(nobody, alone)
    expect(blocksOf(plan)).toEqual([])
    expect(linesOf(plan)).toEqual(['CreateKey in us-east-1', 'wait for member-state in us-east-1'])
    expect(plan.steps[0]).toMatchObject({
      input: { MultiRegion: true, KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT', Origin: 'AWS_KMS' },
      done: { is: 'key-created', region: 'us-east-1' },
    })
    expect(plan.steps[1]).toMatchObject({ done: { is: 'member-state', keyId: KEY, states: ['Enabled'] } })
    expect(plan).toMatchObject({ families: [], confirmation: null, undo: { sentence: expect.any(String) } })
    expect(plan.changes[1]).toContain('default key policy')
  })

  it('turns rotation on before it replicates, and makes the aliases of the replicas last', () => {
    const plan = givenPlan(nobody, full)
    expect(blocksOf(plan)).toEqual([])
    expect(linesOf(plan)).toEqual([
      'CreateKey in us-east-1',
      'wait for member-state in us-east-1',
      'CreateAlias in us-east-1: alias/orders',
      'EnableKeyRotation in us-east-1',
      'wait for rotation in us-east-1',
      'ReplicateKey in us-east-1: eu-west-1',
      'ReplicateKey in us-east-1: us-west-2',
      'wait for member-state in eu-west-1',
      'wait for member-state in us-west-2',
      'CreateAlias in eu-west-1: alias/orders',
      'CreateAlias in us-west-2: alias/orders',
      'prove in us-east-1 for eu-west-1, us-west-2',
    ])
    expect(plan.steps[3]).toMatchObject({ input: { KeyId: KEY, RotationPeriodInDays: 180 } })
    expect(plan.title).toBe('Create alias/orders in us-east-1 with replicas in eu-west-1 and us-west-2')
  })

  it('sends policy, description and tags for every member: KMS copies none of them', () => {
    const { steps } = givenPlan(nobody, full)
    const own = { Description: 'Orders', Policy: policy, Tags: [{ TagKey: 'team', TagValue: 'orders' }] }
    for (const step of steps.filter((each) => each.does === 'call')) {
      if (step.operation === 'CreateKey' || step.operation === 'ReplicateKey') expect(step.input).toMatchObject(own)
    }
    expect(steps[5]).toMatchObject({ input: { KeyId: KEY, ReplicaRegion: 'eu-west-1' } })
  })

  it('rotates every 365 days where no period is given', () => {
    const plan = givenPlan(nobody, { ...alone, rotation: {} })
    expect(plan.steps[2]).toMatchObject({
      input: { RotationPeriodInDays: 365 },
      done: { is: 'rotation', enabled: true, periodInDays: 365 },
    })
  })

  it('makes an HMAC key without rotation, and proves its replicas by MAC', () => {
    const hmac = { ...alone, keySpec: 'HMAC_256', keyUsage: 'GENERATE_VERIFY_MAC', replicaRegions: ['eu-west-1'] }
    const plan = givenPlan(nobody, hmac)
    expect(blocksOf(plan)).toEqual([])
    expect(plan.steps.at(-1)?.title).toBe('Make a MAC in us-east-1, verify it in eu-west-1')
    expect(blocksOf(givenPlan(nobody, { ...hmac, rotation: {} }))).toEqual(['key-kind-rotates (kms)'])
  })

  it('ends a key for imported material in PendingImport, and replicates it later', () => {
    const imported = { ...alone, origin: 'EXTERNAL' }
    const plan = givenPlan(nobody, imported)
    expect(blocksOf(plan)).toEqual([])
    expect(warningsOf(plan)).toEqual(['imported-material'])
    expect(plan.steps[1]).toMatchObject({ done: { states: ['PendingImport'] } })

    const replicated = givenPlan(nobody, { ...imported, replicaRegions: ['eu-west-1'] })
    expect(blocksOf(replicated)).toEqual(['imported-material-first (kms)'])
    const [choice] = checkOf(replicated, 'imported-material-first').choices ?? []
    expect(blocksOf(givenPlan(nobody, choice?.request ?? alone))).toEqual([])
  })

  it('blocks automatic rotation of imported material', () => {
    const plan = givenPlan(nobody, { ...alone, origin: 'EXTERNAL', rotation: {} })
    expect(blocksOf(plan)).toEqual(['key-kind-rotates (kms)'])
    expect(checkOf(plan, 'key-kind-rotates').message).toContain('import new material')
  })

  it.each([
    [{ keySpec: 'ML_DSA_65', keyUsage: 'SIGN_VERIFY', origin: 'EXTERNAL' }, 'cannot be multi-Region'],
    [{ keySpec: 'SM2', keyUsage: 'SIGN_VERIFY' }, 'only in the partition aws-cn'],
  ])('blocks kinds that cannot be: %j', (kind, words) => {
    const plan = givenPlan(nobody, { ...alone, ...kind })
    expect(blocksOf(plan)).toEqual(['key-kind (kms)'])
    expect(checkOf(plan, 'key-kind').message).toContain(words)
  })

  it('warns where AWS does not say whether the kind can be multi-Region', () => {
    const plan = givenPlan(nobody, { ...alone, keySpec: 'ML_KEM_768', keyUsage: 'ENCAPSULATE_DECAPSULATE' })
    expect(blocksOf(plan)).toEqual([])
    expect(warningsOf(plan)).toEqual(['key-kind'])
  })

  it('blocks for a name that is taken in the Region of the primary key, unless it is created without', () => {
    const topology = givenTopology([other])
    const plan = givenPlan(topology, { ...alone, alias: 'alias/orders' })
    expect(blocksOf(plan)).toEqual(['alias-free (kms)'])
    const { choices = [], message } = checkOf(plan, 'alias-free')
    expect(message).toContain('alias/orders')
    expect(choices.map(({ label }) => label)).toEqual(['Create the key without alias'])
    const without = givenPlan(topology, choices[0]?.request ?? alone)
    expect(blocksOf(without)).toEqual([])
    expect(linesOf(without).some((line) => line.includes('Alias'))).toBe(false)
  })

  it('offers to leave out a replica Region in which the name is taken', () => {
    const topology = givenTopology([{ ...other, replicas: [] }])
    const plan = givenPlan(topology, { ...full, policy: undefined })
    expect(blocksOf(plan)).toEqual(['alias-free (kms)'])
    const [leaveOut, withoutAlias] = checkOf(plan, 'alias-free').choices ?? []
    expect([leaveOut?.label, withoutAlias?.label]).toEqual(['Leave out eu-west-1', 'Create the key without alias'])
    for (const choice of [leaveOut, withoutAlias]) {
      expect(blocksOf(givenPlan(topology, choice?.request ?? alone))).toEqual([])
    }
  })

  it.each([
    ['cn-north-1', 'kms', 'never cross partitions'],
    ['eu-west-9', 'kms', 'has no Region eu-west-9'],
    ['sa-east-1', 'house rule', 'ATLAS_REGIONS'],
  ])('blocks for %s', (region, blockedBy, words) => {
    for (const request of [
      { ...alone, region },
      { ...alone, replicaRegions: [region] },
    ]) {
      const plan = givenPlan(nobody, request)
      expect(blocksOf(plan)).toEqual([`region-known (${blockedBy})`])
      expect(checkOf(plan, 'region-known').message).toContain(words)
    }
  })

  it('blocks for a Region that does not answer: the primary needs another one, a replica can be left out', () => {
    const topology = givenTopology([], (readings) =>
      withRegion(readings, 'us-east-1', () => ({ status: 'unreachable', message: 'no answer' })),
    )
    const primary = givenPlan(topology, alone)
    expect(blocksOf(primary)).toEqual(['region-answers (kms)'])
    expect(checkOf(primary, 'region-answers').choices).toBeUndefined()

    const replica = givenPlan(topology, { ...alone, region: 'eu-west-1', replicaRegions: ['us-east-1', 'us-west-2'] })
    expect(blocksOf(replica)).toEqual(['region-answers (kms)'])
    const [choice] = checkOf(replica, 'region-answers').choices ?? []
    expect(choice?.request).toMatchObject({ region: 'eu-west-1', replicaRegions: ['us-west-2'] })
  })

  it('blocks where the aliases of a Region may not be listed; without it, or without the alias, it passes', () => {
    const topology = givenTopology([], (readings) => withoutPart(readings, 'eu-west-1', 'aliases'))
    const plan = givenPlan(topology, { ...full, region: 'us-east-1', replicaRegions: ['eu-west-1', 'us-west-2'] })
    expect(blocksOf(plan)).toEqual(['aliases-readable (house rule)'])
    const { choices = [] } = checkOf(plan, 'aliases-readable')
    expect(choices.map(({ label }) => label)).toEqual(['Leave out eu-west-1', 'Create the key without alias'])
    for (const { request } of choices) expect(blocksOf(givenPlan(topology, request))).toEqual([])
  })

  it('warns where the aliases of a Region could not be read, and where a policy locks everyone out', () => {
    const topology = givenTopology([], (readings) =>
      withRegion(readings, 'eu-west-1', () => ({ status: 'throttled', message: 'slow down' })),
    )
    const locking = '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:Decrypt","Resource":"*"}]}'
    const plan = givenPlan(topology, { ...full, policy: locking })
    expect(blocksOf(plan)).toEqual([])
    expect(warningsOf(plan)).toEqual(['region-answers', 'aliases-readable', 'policy-lock-out'])
  })

  it('warns above the number of replicas that is set', () => {
    const plan = givenPlan(nobody, full, { limits: { maxReplicas: 1 } })
    expect(checkOf(plan, 'replica-count')).toMatchObject({ verdict: 'warn' })
    expect(blocksOf(plan)).toEqual([])
  })
})

describe('createPrimaryRequest', () => {
  it.each([
    [{ region: undefined }, { region: 'Choose a Region' }],
    [{ alias: 'alias/aws/orders' }, { alias: 'Names under alias/aws/ are reserved for AWS' }],
    [{ alias: 'alias/' }, { alias: 'Type a name after alias/' }],
    [{ alias: 'alias/a:b' }, { alias: 'Use letters, digits, /, _ and - only (no colon, no space)' }],
    [{ keySpec: 'AES_256' }, { keySpec: 'KMS has no key spec AES_256' }],
    [{ keySpec: 'constructor' }, { keySpec: 'KMS has no key spec constructor' }],
    [{ keySpec: 'HMAC_256' }, { keyUsage: expect.stringContaining('GENERATE_VERIFY_MAC') }],
    [{ origin: 'AWS_CLOUDHSM' }, { origin: 'Multi-Region keys have the origin AWS_KMS or EXTERNAL' }],
    [{ rotation: { periodInDays: 89 } }, { 'rotation.periodInDays': 'At least 90 days' }],
    [{ rotation: { periodInDays: 90.5 } }, { 'rotation.periodInDays': 'Type a whole number of days' }],
    [{ replicaRegions: ['us-east-1'] }, { 'replicaRegions.0': 'us-east-1 gets the primary key already' }],
    [{ replicaRegions: ['eu-west-1', 'eu-west-1'] }, { 'replicaRegions.1': 'eu-west-1 is chosen twice' }],
    [
      { tags: Array.from({ length: 50 }, (_, index) => ({ key: `tag-${index}`, value: '' })) },
      { tags: 'At most 49 tags: one more marks the key as made by this run' },
    ],
    [
      {
        tags: [
          { key: 'a', value: '' },
          { key: 'a', value: '' },
        ],
      },
      { 'tags.1.key': 'This tag key is there twice' },
    ],
    [
      { tags: [{ key: 'atlas:step', value: 'x' }] },
      { 'tags.0.key': 'This tag marks keys that a run has made: choose another key' },
    ],
  ])('refuses %j with a message at its field', (change, fields) => {
    expect(parseRequest({ ...alone, ...change })).toMatchObject({ ok: false, fields })
  })

  it('takes what a form leaves open from KMS', () => {
    expect(parseRequest(alone)).toEqual({
      ok: true,
      request: { ...alone, keySpec: 'SYMMETRIC_DEFAULT', keyUsage: 'ENCRYPT_DECRYPT', origin: 'AWS_KMS' },
    })
  })
})
