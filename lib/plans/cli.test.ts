import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type GivenFamily, givenArn, givenKeyId } from '@/lib/topology/scenarios/given-readings'
import type { RequestData } from '@/lib/topology/topology'
import { cliFor } from './cli'
import { givenPlan, givenTopology } from './given-plans'
import { inputOf, paste } from './pasted-shell'
import type { CallInput, Outcome, Plan } from './plan'
import { call, type StepDraft, waitFor } from './steps'

const KEY = givenKeyId('a1')
const family: GivenFamily = {
  keyId: KEY,
  primary: 'us-east-1',
  replicas: ['eu-west-1'],
  aliases: ['alias/orders'],
  all: { currentKeyMaterialId: 'aa' },
}
const textOf = (plan: Plan) => plan.steps.map(({ cli }) => cli).join('\n')
const enabled = (...regions: string[]) =>
  Object.fromEntries(regions.map((region) => [`describe-key ${region}`, 'Enabled']))

/** The calls that the steps of a plan make, with the key that is born on the way. */
const callsOf = (plan: Plan) =>
  plan.steps.flatMap((step) => {
    if (step.does !== 'call') return []
    const input = Object.entries(step.input).map(([name, value]) => {
      const isRef = typeof value === 'object' && 'step' in value
      return [name, isRef ? 'mrk-born' : value] as const
    })
    return [{ operation: step.operation, region: step.region, input: Object.fromEntries(input) }]
  })
const CHANGES = /^(Create|Update|Delete|Enable|Disable|Rotate|Replicate)/
const changesIn = (calls: string[][]) => calls.map(inputOf).filter(({ operation }) => CHANGES.test(operation))

const hostile = [
  `O'Reilly's "key"`,
  '$(touch pwned) `touch pwned` $\x7bHOME} $HOME !! \\',
  "'; touch pwned; '",
  'two\nlines\n\n',
  '--region',
  '-n',
  '=x',
  'file:///etc/passwd',
  'FILEB:///etc/passwd',
  'https://example.com/',
  '  spaces  ',
  '*?[a-z]{1,2}~',
  'tab\tbell\u0007escape\u001b[31m',
  'right\u202eto left, zero\u200bwidth, bom\ufeff',
  'Größe 🗝️ 鍵',
  'nul\u0000byte',
  'half \ud83d of a pair',
  'soft\u00adhyphen, arabic\u061cmark, tag\u{e0041}letter',
  '#not a comment',
]

const created = (description: string, tags: { key: string; value: string }[] = [], policy?: string): RequestData => ({
  kind: 'create-primary',
  region: 'us-east-1',
  alias: 'alias/orders',
  description,
  tags,
  ...(policy !== undefined && { policy }),
})

describe('the CLI text of a call', () => {
  it.each(hostile)('hands over a description, a tag and a policy that say %j', (text) => {
    const policy = JSON.stringify({ Statement: [{ Sid: text.replace(/[^\u0020-\u00ff]/g, '?'), Effect: 'Allow' }] })
    const plan = givenPlan(givenTopology([]), created(text, [{ key: `${text}k`, value: text }], policy))
    const { calls } = paste(textOf(plan), enabled('us-east-1'))
    expect(changesIn(calls)).toEqual(callsOf(plan))
  })

  it('hands over any description and tags', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
    )
    const anyTags = fc.uniqueArray(fc.record({ key: fc.string({ minLength: 1, maxLength: 20 }), value: anyText }), {
      maxLength: 4,
      selector: ({ key }) => key,
    })
    fc.assert(
      fc.property(fc.array(fc.tuple(anyText, anyTags), { minLength: 1, maxLength: 8 }), (texts) => {
        const plans = texts.map(([description, tags]) => givenPlan(givenTopology([]), created(description, tags)))
        const { calls } = paste(plans.map(textOf).join('\n'), enabled('us-east-1'))
        expect(changesIn(calls)).toEqual(plans.flatMap(callsOf))
      }),
      { numRuns: 25 },
    )
  })

  it('hands over a copied policy as it is', () => {
    const policy = JSON.stringify(
      { Statement: { Sid: `it's "$HOME" \`id\` \\u00e9 é`, Action: 'kms:PutKeyPolicy', Effect: 'Allow' } },
      null,
      2,
    )
    const plan = givenPlan(
      givenTopology([{ ...family, in: { 'us-east-1': { description: "the primary's" } } }]),
      { kind: 'replicate', keyId: KEY, toRegions: ['us-west-2'] },
      { policies: { [`us-east-1/${KEY}`]: { ok: true, value: policy } } },
    )
    const { calls } = paste(textOf(plan), enabled('us-west-2'))
    expect(changesIn(calls)).toEqual(callsOf(plan))
    expect(changesIn(calls)[0]?.input.Policy).toBe(policy)
  })

  it('writes nothing that a terminal would act on, or that hides', () => {
    const anyText = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(anyText, (text) => {
        const plan = givenPlan(givenTopology([]), created(text, [{ key: 'a', value: text.slice(0, 100) }]))
        expect(textOf(plan)).not.toMatch(/[^\P{C}\n]/u)
      }),
    )
  })

  it('switches flags off by their no- form, and tells numbers', () => {
    const input: CallInput = { MultiRegion: false, RotationPeriodInDays: 90 }
    const step = call('', 'us-east-1', 'EnableKeyRotation', input, { is: 'proven' })
    const text = cliFor(step, 1, { steps: [step], partition: 'aws', account: null })
    expect(paste(text).calls.map(inputOf)).toEqual([{ operation: 'EnableKeyRotation', region: 'us-east-1', input }])
  })
})

describe('the CLI text of a plan', () => {
  it('keeps a key id that is born in a shell variable, for every later step', () => {
    const plan = givenPlan(givenTopology([]), {
      ...created('Orders'),
      rotation: { periodInDays: 180 },
      replicaRegions: ['eu-west-1', 'us-west-2'],
    })
    const { calls, stdout } = paste(textOf(plan), {
      ...enabled('us-east-1', 'eu-west-1', 'us-west-2'),
      'get-key-rotation-status us-east-1': 'true 180',
    })
    expect(changesIn(calls)).toEqual(callsOf(plan))
    expect(plan.steps[0]?.cli).toMatch(/^KEY_ID=\$\(aws kms create-key /)
    const proof = calls.map(inputOf).filter(({ operation }) => ['Encrypt', 'Decrypt'].includes(operation))
    expect(proof.map(({ operation, region }) => `${operation} ${region}`)).toEqual([
      'Encrypt us-east-1',
      'Decrypt eu-west-1',
      'Decrypt us-west-2',
    ])
    expect(stdout).toBe('eu-west-1 proven\nus-west-2 proven\n')
  })

  it('names several keys that are born apart', () => {
    const make = call('', 'us-east-1', 'CreateKey', { MultiRegion: true }, { is: 'key-created', region: 'us-east-1' })
    const name = (step: number) =>
      call(
        '',
        'us-east-1',
        'CreateAlias',
        { AliasName: `alias/${step}`, TargetKeyId: { step, field: 'keyId' } },
        { is: 'proven' },
      )
    const steps = [make, make, name(1), name(2)]
    const texts = steps.map((step, at) => cliFor(step, at + 1, { steps, partition: 'aws', account: null }))
    expect(texts[2]).toContain('--target-key-id "$KEY_ID_1"')
    expect(texts[3]).toContain('--target-key-id "$KEY_ID_2"')
    expect(changesIn(paste(texts.join('\n')).calls)).toHaveLength(4)
  })

  it('proves before and after a promotion, each try with the ARN of the member that tries', () => {
    const plan = givenPlan(givenTopology([family]), { kind: 'promote', keyId: KEY, toRegion: 'eu-west-1' })
    const { calls, stdout } = paste(textOf(plan), {
      'describe-key us-east-1': 'REPLICA eu-west-1 Enabled',
      'describe-key eu-west-1': 'PRIMARY eu-west-1 Enabled',
    })
    const tries = calls.map(inputOf).filter(({ operation }) => operation === 'Decrypt')
    for (const { region, input } of tries) expect(input.KeyId).toBe(givenArn(region, KEY))
    const files = tries.map(({ region, input }) => `${region} ${input.CiphertextBlob}`)
    expect(files).toEqual([
      'eu-west-1 fileb://proof-1.blob',
      'us-east-1 fileb://proof-1.blob',
      'eu-west-1 fileb://proof-1.blob',
      'us-east-1 fileb://proof-1.blob',
      'eu-west-1 fileb://proof-4.blob',
      'us-east-1 fileb://proof-4.blob',
    ])
    expect(stdout.trim().split('\n')).toHaveLength(6)
  })

  it.each([
    ['HMAC_256', 'GENERATE_VERIFY_MAC', ['GenerateMac', 'VerifyMac', 'VerifyMac']],
    ['ECC_NIST_P256', 'SIGN_VERIFY', ['Sign', 'Verify', 'Verify']],
    ['RSA_2048', 'ENCRYPT_DECRYPT', ['Encrypt', 'Decrypt', 'Decrypt']],
  ])('proves %s keys (%s) by their own operations', (keySpec, keyUsage, operations) => {
    const topology = givenTopology([{ ...family, all: { keySpec, keyUsage, rotation: null } }])
    const plan = givenPlan(topology, { kind: 'promote', keyId: KEY, toRegion: 'eu-west-1' })
    const { calls, stdout } = paste(plan.steps[0]?.cli ?? '')
    expect(calls.map((each) => inputOf(each).operation)).toEqual(operations)
    expect(stdout).toBe('eu-west-1 proven\nus-east-1 proven\n')
  })

  it('asks for the ARN where the account is not known yet', () => {
    const plan = givenPlan(givenTopology([]), { ...created('x'), replicaRegions: ['eu-west-1'] })
    const { calls } = paste(
      plan.steps
        .filter(({ does }) => does !== 'wait')
        .map(({ cli }) => cli)
        .join('\n'),
    )
    const decrypt = calls.map(inputOf).find(({ operation }) => operation === 'Decrypt')
    expect(decrypt?.input.KeyId).toBe('arn:as:told:by:describe-key eu-west-1')
  })
})

describe('the CLI text of a wait', () => {
  const run = (done: Outcome, answers: Record<string, string>) => {
    const step: StepDraft = waitFor('', 'us-east-1', done)
    return paste(cliFor(step, 1, { steps: [step], partition: 'aws', account: null }), answers).calls
  }
  const rotation: Outcome = { is: 'rotation', keyId: KEY, region: 'us-east-1', enabled: true, periodInDays: 90 }
  const state: Outcome = { is: 'member-state', keyId: KEY, region: 'us-east-1', states: ['Enabled', 'Disabled'] }
  const alias: Outcome = { is: 'alias', region: 'us-east-1', name: 'alias/a', keyId: KEY }
  const rotated: Outcome = { is: 'rotated', keyId: KEY, region: 'us-east-1', materialBefore: 'aa' }

  it.each<[string, Outcome, string, string]>([
    ['a state', state, 'describe-key us-east-1', 'Disabled'],
    ['a member', { is: 'member-exists', keyId: KEY, region: 'us-east-1' }, 'describe-key us-east-1', 'Creating'],
    ['rotation with its period', rotation, 'get-key-rotation-status us-east-1', 'true 90'],
    ['rotation to be off', { ...rotation, enabled: false }, 'get-key-rotation-status us-east-1', 'false'],
    ['an alias', alias, 'list-aliases us-east-1', KEY],
    ['new key material', rotated, 'describe-key us-east-1', 'bb'],
  ])('ends once it sees %s', (_what, done, call, answer) => {
    expect(run(done, { [call]: answer })).toHaveLength(1)
  })

  it.each<[string, Outcome, string, string]>([
    ['another state', state, 'describe-key us-east-1', 'Creating'],
    ['a state that only begins alike', state, 'describe-key us-east-1', 'EnabledX'],
    ['another period', rotation, 'get-key-rotation-status us-east-1', 'true 365'],
    ['the alias of another key', alias, 'list-aliases us-east-1', givenKeyId('b2')],
    ['the key material of before', rotated, 'describe-key us-east-1', 'aa'],
    ['an alias that is still there', { ...alias, keyId: null }, 'list-aliases us-east-1', KEY],
  ])('goes on at %s', (_what, done, call, answer) => {
    expect(() => run(done, { [call]: answer })).toThrow('bash ended with 99')
  })

  it('of a promotion asks both Regions', () => {
    const done: Outcome = { is: 'primary', keyId: KEY, from: 'us-east-1', to: 'eu-west-1' }
    const answers = {
      'describe-key us-east-1': 'REPLICA eu-west-1 Enabled',
      'describe-key eu-west-1': 'PRIMARY eu-west-1 Enabled',
    }
    expect(run(done, answers)).toHaveLength(2)
    expect(() => run(done, { ...answers, 'describe-key us-east-1': 'REPLICA eu-west-1 Updating' })).toThrow('99')
    expect(() => run(done, { ...answers, 'describe-key eu-west-1': 'REPLICA us-east-1 Updating' })).toThrow('99')
  })
})
