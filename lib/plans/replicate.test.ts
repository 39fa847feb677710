import { describe, expect, it } from 'vitest'
import { type GivenFamily, givenKeyId, withoutPart, withRegion } from '@/lib/topology/scenarios/given-readings'
import type { KeyState } from '@/lib/topology/topology'
import { defaultPolicy } from './checks/key-policy'
import { blocksOf, checkOf, givenPlan, givenTopology, linesOf, warningsOf } from './given-plans'
import { parseRequest } from './planner'

const KEY = givenKeyId('a1')
const OTHER = givenKeyId('b2')
const family: GivenFamily = {
  keyId: KEY,
  primary: 'us-east-1',
  replicas: ['us-west-2'],
  aliases: ['alias/orders'],
  in: { 'us-east-1': { description: "Orders' key" } },
}
const replicate = { kind: 'replicate', keyId: KEY, toRegions: ['eu-west-1', 'ap-southeast-1'] }

const taken = (kind: GivenFamily['all'] = {}) =>
  givenTopology([family, { keyId: OTHER, primary: 'eu-west-1', aliases: ['alias/orders'], all: kind }])

describe('planReplicate', () => {
  it('replicates everywhere first, waits, makes the aliases, and proves the new members', () => {
    const plan = givenPlan(givenTopology([family]), replicate, {
      tags: {
        [`us-east-1/${KEY}`]: {
          ok: true,
          value: [
            { key: 'team', value: 'orders' },
            { key: 'atlas:step', value: 'run-1' },
            { key: 'aws:cloudformation:stack-name', value: 'x' },
          ],
        },
      },
    })
    expect(blocksOf(plan)).toEqual([])
    expect(linesOf(plan)).toEqual([
      'ReplicateKey in us-east-1: eu-west-1',
      'ReplicateKey in us-east-1: ap-southeast-1',
      'wait for member-state in eu-west-1',
      'wait for member-state in ap-southeast-1',
      'CreateAlias in eu-west-1: alias/orders',
      'CreateAlias in ap-southeast-1: alias/orders',
      'prove in us-east-1 for eu-west-1, ap-southeast-1',
    ])
    expect(plan.steps[0]).toMatchObject({
      input: {
        KeyId: KEY,
        ReplicaRegion: 'eu-west-1',
        Policy: defaultPolicy('aws', '111122223333'),
        Description: "Orders' key",
        Tags: [{ TagKey: 'team', TagValue: 'orders' }],
      },
      done: { is: 'member-exists', keyId: KEY, region: 'eu-west-1' },
    })
    expect(plan.steps[2]).toMatchObject({ done: { states: ['Enabled'] } })
    expect(plan).toMatchObject({ confirmation: null, minimumSeconds: 0.4, families: [KEY] })
    expect(plan.undo).toHaveProperty('sentence')
  })

  it('takes what is given instead of what the primary has', () => {
    const policy = '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}]}'
    const plan = givenPlan(
      givenTopology([family]),
      {
        ...replicate,
        toRegions: ['eu-west-1'],
        policy,
        description: '',
        tags: [],
        aliases: ['alias/a', 'alias/b'],
      },
      { policies: {}, tags: {} },
    )
    expect(blocksOf(plan)).toEqual([])
    expect(plan.steps[0]).toMatchObject({ input: { KeyId: KEY, ReplicaRegion: 'eu-west-1', Policy: policy } })
    expect(plan.steps[0]).not.toHaveProperty('input.Description')
    expect(linesOf(plan).slice(2, 4)).toEqual([
      'CreateAlias in eu-west-1: alias/a',
      'CreateAlias in eu-west-1: alias/b',
    ])
  })

  it('ends imported material in PendingImport, and proves nothing there', () => {
    const plan = givenPlan(givenTopology([{ ...family, all: { origin: 'EXTERNAL', rotation: null } }]), replicate)
    expect(warningsOf(plan)).toContain('imported-material')
    expect(plan.steps[2]).toMatchObject({ done: { states: ['PendingImport'] } })
    expect(linesOf(plan).at(-1)).toBe('CreateAlias in ap-southeast-1: alias/orders')
  })

  it('says what still works while the Region of the primary key does not answer', () => {
    const topology = givenTopology([family], (readings) =>
      withRegion(readings, 'us-east-1', () => ({ status: 'unreachable', message: 'no answer' })),
    )
    const plan = givenPlan(topology, replicate)
    expect(blocksOf(plan)).toContain('primary-region-answers (kms)')
    expect(checkOf(plan, 'primary-region-answers').message).toContain('callers can use us-west-2 now')
  })

  it.each<[KeyState, string]>([
    ['Disabled', 'DisabledException'],
    ['Updating', 'is updating'],
    ['PendingImport', 'pending import'],
    ['PendingReplicaDeletion', 'pending deletion'],
  ])('blocks while the primary key is %s', (state, exception) => {
    const plan = givenPlan(givenTopology([{ ...family, in: { 'us-east-1': { state } } }]), replicate)
    expect(blocksOf(plan)).toContain('key-state (kms)')
    expect(checkOf(plan, 'key-state').message).toContain(exception)
  })

  it.each(['Enabled', 'PendingDeletion'] as const)('blocks for a Region that has a member, %s', (state) => {
    const topology = givenTopology([{ ...family, in: { 'us-west-2': { state } } }])
    const plan = givenPlan(topology, { ...replicate, toRegions: ['us-west-2', 'eu-west-1'] })
    expect(blocksOf(plan)).toEqual(['one-member-per-region (kms)'])
    const check = checkOf(plan, 'one-member-per-region')
    expect(check.message).toContain('AlreadyExistsException')
    expect(check.choices).toEqual([
      { label: 'Leave out us-west-2', request: { ...replicate, toRegions: ['eu-west-1'] } },
    ])
  })

  it.each([
    ['cn-north-1', 'kms', 'never cross partitions'],
    ['eu-west-9', 'kms', 'has no Region eu-west-9'],
    ['sa-east-1', 'house rule', 'ATLAS_REGIONS'],
  ])('blocks for %s', (region, blockedBy, words) => {
    const plan = givenPlan(givenTopology([family]), { ...replicate, toRegions: [region] })
    expect(blocksOf(plan)).toEqual([`region-known (${blockedBy})`])
    expect(checkOf(plan, 'region-known').message).toContain(words)
  })

  it('blocks for a target Region that does not answer, and offers to leave it out', () => {
    const topology = givenTopology([family], (readings) =>
      withRegion(readings, 'eu-west-1', () => ({ status: 'unreachable', message: 'no answer' })),
    )
    const plan = givenPlan(topology, replicate)
    expect(blocksOf(plan)).toEqual(['region-answers (kms)'])
    expect(checkOf(plan, 'region-answers').choices).toEqual([
      { label: 'Leave out eu-west-1', request: { ...replicate, toRegions: ['ap-southeast-1'] } },
    ])
    expect(warningsOf(plan)).toContain('aliases-readable')
  })

  it('blocks where the aliases of a target Region may not be listed; without it, or without aliases, it passes', () => {
    const topology = givenTopology([family], (readings) => withoutPart(readings, 'eu-west-1', 'aliases'))
    const plan = givenPlan(topology, replicate)
    expect(blocksOf(plan)).toEqual(['aliases-readable (house rule)'])
    const { choices = [] } = checkOf(plan, 'aliases-readable')
    expect(choices.map(({ label }) => label)).toEqual(['Leave out eu-west-1', 'Replicate without aliases'])
    for (const { request } of choices) expect(blocksOf(givenPlan(topology, request))).toEqual([])
  })

  it('warns where not all aliases of the primary key may be known', () => {
    const topology = givenTopology([family], (readings) => withoutPart(readings, 'us-east-1', 'aliases'))
    const plan = givenPlan(topology, replicate)
    expect(blocksOf(plan)).toEqual([])
    expect(checkOf(plan, 'aliases-source').message).toContain('us-east-1 could not be read')
    expect(warningsOf(givenPlan(topology, { ...replicate, aliases: ['alias/orders'] }))).not.toContain('aliases-source')
  })

  it('needs no list of aliases where the keys alone may not be listed', () => {
    const topology = givenTopology([family], (readings) => withoutPart(readings, 'us-east-1', 'keys'))
    expect(warningsOf(givenPlan(topology, replicate))).not.toContain('aliases-source')
  })

  it('blocks for a name that another key holds, and either choice passes', () => {
    const plan = givenPlan(taken(), replicate)
    expect(blocksOf(plan)).toEqual(['alias-free (kms)'])
    const [skip, retarget] = checkOf(plan, 'alias-free').choices ?? []
    expect(skip?.request).toEqual({ ...replicate, aliasConflicts: { 'alias/orders': 'skip' } })
    expect(retarget?.request).toEqual({ ...replicate, aliasConflicts: { 'alias/orders': 'retarget' } })

    const skipped = givenPlan(taken(), skip?.request ?? replicate)
    expect(blocksOf(skipped)).toEqual([])
    expect(warningsOf(skipped)).toContain('alias-skipped')
    expect(linesOf(skipped).filter((line) => line.includes('Alias'))).toEqual([
      'CreateAlias in ap-southeast-1: alias/orders',
    ])

    const moved = givenPlan(taken(), retarget?.request ?? replicate)
    expect(blocksOf(moved)).toEqual([])
    expect(warningsOf(moved)).toContain('alias-target')
    expect(linesOf(moved).filter((line) => line.includes('Alias'))).toEqual([
      'UpdateAlias in eu-west-1: alias/orders',
      'CreateAlias in ap-southeast-1: alias/orders',
    ])
    expect(moved.families).toEqual([KEY, OTHER])
  })

  it('offers no retarget between keys of another type, and blocks one that is asked for', () => {
    const topology = taken({ keySpec: 'HMAC_256', keyUsage: 'GENERATE_VERIFY_MAC', rotation: null })
    expect(checkOf(givenPlan(topology, replicate), 'alias-free').choices).toHaveLength(1)
    const forced = givenPlan(topology, { ...replicate, aliasConflicts: { 'alias/orders': 'retarget' } })
    expect(blocksOf(forced)).toEqual(['alias-target (kms)'])
  })

  it('knows names that are held by keys outside every family', () => {
    const single = '1234abcd-12ab-34cd-56ef-1234567890ab'
    const topology = givenTopology([family], (readings) =>
      withRegion(readings, 'eu-west-1', () => ({ aliases: [{ name: 'alias/orders', keyId: single }] })),
    )
    expect(blocksOf(givenPlan(topology, replicate))).toEqual(['alias-free (kms)'])
    const moved = givenPlan(topology, { ...replicate, aliasConflicts: { 'alias/orders': 'retarget' } })
    expect(checkOf(moved, 'alias-target').message).toContain('whose kind is not known here')
    expect(moved.families).toEqual([KEY])
  })

  it('warns of more than 50 aliases, as quotas can be raised', () => {
    const aliases = Array.from({ length: 51 }, (_, index) => `alias/name-${index}`)
    const plan = givenPlan(givenTopology([family]), { ...replicate, toRegions: ['eu-west-1'], aliases })
    expect(blocksOf(plan)).toEqual([])
    expect(warningsOf(plan)).toContain('alias-limit')
    expect(checkOf(plan, 'alias-limit').message).toContain('LimitExceededException')
  })

  it('never leaves an unreadable policy out in silence: the default one has to be chosen', () => {
    const denied = { ok: false, reason: 'AccessDeniedException', message: 'no' } as const
    const plan = givenPlan(givenTopology([family]), replicate, { policies: { [`us-east-1/${KEY}`]: denied } })
    expect(blocksOf(plan)).toEqual(['policy-source (house rule)'])
    const [choice] = checkOf(plan, 'policy-source').choices ?? []
    const chosen = givenPlan(givenTopology([family]), choice?.request ?? replicate, { policies: {} })
    expect(blocksOf(chosen)).toEqual([])
    expect(chosen.steps[0]).toHaveProperty('input.Policy', defaultPolicy('aws', '111122223333'))
  })

  it('warns of a policy that locks everyone out, and of one that names the old Region', () => {
    const value = JSON.stringify({
      Statement: [
        {
          Effect: 'Allow',
          Action: 'kms:Decrypt',
          Condition: { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } },
        },
      ],
    })
    const plan = givenPlan(givenTopology([family]), replicate, {
      policies: { [`us-east-1/${KEY}`]: { ok: true, value } },
    })
    expect(warningsOf(plan)).toEqual(expect.arrayContaining(['policy-lock-out', 'policy-names-region']))
    expect(blocksOf(plan)).toEqual([])
  })

  it('warns when the tags cannot be read', () => {
    const denied = { ok: false, reason: 'AccessDeniedException', message: 'no' } as const
    const plan = givenPlan(givenTopology([family]), replicate, { tags: { [`us-east-1/${KEY}`]: denied } })
    expect(warningsOf(plan)).toContain('tags-source')
  })

  it('warns, and never blocks, above the number of replicas that is set', () => {
    const plan = givenPlan(givenTopology([family]), replicate, { limits: { maxReplicas: 2 } })
    expect(checkOf(plan, 'replica-count')).toMatchObject({ verdict: 'warn' })
    expect(checkOf(plan, 'replica-count').message).toContain('AWS documents no limit')
    expect(blocksOf(plan)).toEqual([])
  })

  it('blocks without steps while no primary is named', () => {
    const plan = givenPlan(givenTopology([{ ...family, all: { primaryArn: 'nobody', role: 'REPLICA' } }]), replicate)
    expect(blocksOf(plan)).toEqual(['primary-known (house rule)'])
    expect(plan.steps).toEqual([])
  })
})

describe('replicateRequest', () => {
  it.each([
    [{ toRegions: [] }, { toRegions: 'Choose at least one Region' }],
    [{ toRegions: undefined }, { toRegions: 'Choose at least one Region' }],
    [{ toRegions: ['eu-west-1', 'eu-west-1'] }, { toRegions: 'A Region is chosen twice' }],
    [{ toRegions: ['Ireland'] }, { 'toRegions.0': 'Write the Region like eu-west-1' }],
    [{ keyId: 'alias/orders' }, { keyId: 'A multi-Region key id begins with mrk-' }],
    [{ policy: '{' }, { policy: 'A key policy is a JSON object with a Statement' }],
    [{ policy: '[]' }, { policy: 'A key policy is a JSON object with a Statement' }],
    [
      { policy: JSON.stringify({ Statement: 'x'.repeat(32_768) }) },
      { policy: 'A key policy has at most 32,768 bytes' },
    ],
    [{ policy: '{"Statement":"ключ"}' }, { policy: 'A key policy takes no characters beyond U+00FF' }],
    [{ description: 'x'.repeat(8193) }, { description: 'A description has at most 8,192 characters' }],
    [{ aliases: ['orders'] }, { 'aliases.0': 'An alias begins with alias/' }],
    [{ tags: [{ key: 'AWS:x', value: '' }] }, { 'tags.0.key': 'Tag keys that begin with aws: are reserved' }],
    [{ aliasConflicts: { 'alias/x': 'steal' } }, { 'aliasConflicts.alias/x': 'Choose to skip or to retarget' }],
  ])('refuses %j with a message at its field', (change, fields) => {
    expect(parseRequest({ ...replicate, ...change })).toMatchObject({ ok: false, fields })
  })
})
