import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assembleTopology } from '@/lib/topology/assemble'
import type { Facts } from '@/lib/topology/facts'
import { memberIn } from '@/lib/topology/family'
import { anyReadings, shuffled } from '@/lib/topology/scenarios/any-readings'
import { type GivenFamily, givenKeyId, READ_AT, withRegion } from '@/lib/topology/scenarios/given-readings'
import type { RequestData, Topology } from '@/lib/topology/topology'
import { givenFacts, givenPlan, givenTopology } from './given-plans'
import { isBlocked, type Plan } from './plan'
import { needsOf, parseRequest, planFor } from './planner'

const KEY = givenKeyId('a1')
const SINGLE_REGION_KEY = '1234abcd-12ab-34cd-56ef-1234567890ab'
const family: GivenFamily = {
  keyId: KEY,
  primary: 'us-east-1',
  replicas: ['eu-west-1'],
  aliases: ['alias/orders'],
  all: { currentKeyMaterialId: 'aa' },
}
const promote = { kind: 'promote', keyId: KEY, toRegion: 'eu-west-1' }
const replicate = { kind: 'replicate', keyId: KEY, toRegions: ['us-west-2', 'eu-central-1'] }
const everywhere = { kind: 'set-aliases', keyId: KEY, changes: [{ change: 'everywhere', name: 'alias/new' }] }
const fingerprintOf = (topology: Topology, request: RequestData, facts: Partial<Facts> = {}) =>
  givenPlan(topology, request, facts).fingerprint

describe('parseRequest', () => {
  it.each([undefined, null, 'promote', [], {}, { kind: 'move' }, { kind: 'toString' }, { kind: 7 }])(
    'refuses %j, naming the kinds that there are',
    (data) => {
      const parsed = parseRequest(data)
      expect(parsed).toMatchObject({ ok: false, fields: { kind: expect.stringContaining('promote') } })
    },
  )

  it('says how many fields are wrong beside the first', () => {
    expect(parseRequest({ kind: 'promote' })).toEqual({
      ok: false,
      fields: { keyId: 'Choose a key', toRegion: 'Choose a Region' },
      message: 'Choose a key (and 1 more)',
    })
  })

  it('drops what the kind does not know', () => {
    expect(parseRequest({ ...promote, force: true })).toEqual({ ok: true, request: promote })
  })
})

describe('planFor', () => {
  it.each([
    promote,
    replicate,
    everywhere,
    { kind: 'set-rotation', keyId: KEY, enabled: true },
    { kind: 'rotate-now', keyId: KEY },
  ])('knows no family for $kind when nobody has it', (data) => {
    const parsed = parseRequest(data)
    if (!parsed.ok) expect.fail(parsed.message)
    const topology = givenTopology([])
    const answer = planFor(topology, parsed.request, givenFacts(topology, needsOf(topology, parsed.request)))
    expect(answer).toMatchObject({ ok: false, code: 'not-found', message: expect.stringContaining(KEY) })
  })

  it('makes one part of a plan for one family, or for a key that is yet to be made', () => {
    const [plan, made] = [promote, { kind: 'create-primary', region: 'us-east-1' }].map((request) =>
      givenPlan(givenTopology([family]), request),
    )
    const whole = { wave: 1, firstStep: 1 }
    expect(plan).toMatchObject({ maxFailures: 0, parts: [{ ...whole, keyId: KEY, title: plan?.title, lastStep: 4 }] })
    expect(made).toMatchObject({ maxFailures: 0, parts: [{ ...whole, keyId: null, lastStep: made?.steps.length }] })
  })

  it('keeps the request, and gives each step its CLI text', () => {
    const plan = givenPlan(givenTopology([family]), promote)
    expect(plan.request).toEqual(promote)
    expect(plan.fingerprint).toMatch(/^[0-9a-f]{64}$/)
    for (const { cli } of plan.steps) expect(cli).toContain('aws kms ')
  })
})

describe('a fingerprint', () => {
  it('is the same for the same situation told in any order, later, and for the same request', () => {
    const regions = [{ toRegions: ['us-west-2', 'eu-central-1'] }, { policy: undefined }]
    const plan = fingerprintOf(givenTopology([family]), Object.assign({ kind: 'replicate', keyId: KEY }, ...regions))
    const again = givenTopology([{ ...family, all: { ...family.all, asOf: '2026-11-23T23:00:00.000Z' } }], (readings) =>
      readings.toReversed(),
    )
    expect(fingerprintOf(again, Object.assign({}, ...regions, { keyId: KEY, kind: 'replicate' }))).toBe(plan)
  })

  it('says nothing of latencies and of the wording of refusals', () => {
    const topology = givenTopology([family])
    const refused = (latencyMs: number, message: string): Partial<Facts> => ({
      probes: { 'us-east-1': { ok: true, value: { latencyMs } }, 'eu-west-1': { ok: true, value: { latencyMs } } },
      policies: { [`eu-west-1/${KEY}`]: { ok: false, reason: 'AccessDeniedException', message } },
    })
    const first = fingerprintOf(topology, promote, refused(3, 'request 1'))
    expect(fingerprintOf(topology, promote, refused(900, 'request 2'))).toBe(first)
  })

  it.each<[string, Partial<GivenFamily>]>([
    ['the state of a member', { in: { 'eu-west-1': { state: 'Disabled' } } }],
    ['a role', { primary: 'eu-west-1', replicas: ['us-east-1'] }],
    ['an alias', { aliases: ['alias/orders', 'alias/sales'] }],
    ['a member more', { replicas: ['eu-west-1', 'us-west-2'] }],
    ['the description', { in: { 'us-east-1': { description: 'Sales' } } }],
    ['rotation', { all: { ...family.all, rotation: { enabled: false } } }],
    ['the key material', { all: { currentKeyMaterialId: 'bb' } }],
  ])('differs when the family differs in %s', (_what, change) => {
    const now = givenTopology([{ ...family, ...change }])
    for (const request of [promote, everywhere]) {
      expect(fingerprintOf(now, request)).not.toBe(fingerprintOf(givenTopology([family]), request))
    }
  })

  it.each<[string, Partial<Facts>]>([
    ['a policy', { policies: { [`us-east-1/${KEY}`]: { ok: true, value: '{"Statement":[]}' } } }],
    ['a tag', { tags: { [`us-east-1/${KEY}`]: { ok: true, value: [{ key: 'team', value: 'sales' }] } } }],
    [
      'a Region that stopped answering',
      { probes: { 'eu-central-1': { ok: false, reason: 'TimeoutError', message: '' } } },
    ],
    ['the replica limit', { limits: { maxReplicas: 2 } }],
  ])('differs when the facts differ in %s', (_what, facts) => {
    const topology = givenTopology([family])
    expect(fingerprintOf(topology, replicate, facts)).not.toBe(fingerprintOf(topology, replicate))
  })

  it('differs when a key outside every family takes a name that the plan wants', () => {
    const taken = givenTopology([family], (readings) =>
      withRegion(readings, 'us-west-2', () => ({ aliases: [{ name: 'alias/orders', keyId: SINGLE_REGION_KEY }] })),
    )
    expect(fingerprintOf(taken, replicate)).not.toBe(fingerprintOf(givenTopology([family]), replicate))
  })

  it('differs for another request', () => {
    const topology = givenTopology([family])
    const other = { ...replicate, toRegions: replicate.toRegions.toReversed() }
    expect(fingerprintOf(topology, other)).not.toBe(fingerprintOf(topology, replicate))
    // Its steps are the same, as the description of the primary key is empty too.
    expect(fingerprintOf(topology, { ...replicate, description: '' })).not.toBe(fingerprintOf(topology, replicate))
  })

  it('stays when another family changes', () => {
    const other: GivenFamily = { keyId: givenKeyId('b2'), primary: 'us-east-1', aliases: ['alias/sales'] }
    const before = fingerprintOf(givenTopology([family, other]), promote)
    const after = fingerprintOf(givenTopology([family, { ...other, all: { state: 'Disabled' } }]), promote)
    expect(after).toBe(before)
  })
})

describe('any plan', () => {
  const anyRegion = fc.constantFrom('ap-south-1', 'eu-west-1', 'us-east-1', 'us-west-2', 'sa-east-1', 'cn-north-1')
  const anyRegions = fc.uniqueArray(anyRegion, { minLength: 1, maxLength: 3 })
  const anyAlias = fc.constantFrom('alias/billing', 'alias/orders', 'alias/new')
  const keyId = fc.integer({ min: 0, max: 9 }).map((digit) => givenKeyId(`a${digit}`))
  const anyRequest: fc.Arbitrary<RequestData> = fc.oneof(
    fc.record({ kind: fc.constant('promote'), keyId, toRegion: anyRegion }),
    fc.record({
      kind: fc.constant('replicate'),
      keyId,
      toRegions: anyRegions,
      aliasConflicts: fc.dictionary(anyAlias, fc.constantFrom('skip', 'retarget'), { maxKeys: 2 }),
    }),
    fc.record({
      kind: fc.constant('set-aliases'),
      keyId,
      changes: fc.array(
        fc.record({
          change: fc.constantFrom('create', 'retarget', 'delete', 'everywhere'),
          name: anyAlias,
          regions: anyRegions,
        }),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    fc.record({ kind: fc.constant('set-rotation'), keyId, enabled: fc.boolean() }),
    fc.record({ kind: fc.constant('rotate-now'), keyId }),
    fc.record({
      kind: fc.constant('evacuate'),
      fromRegion: fc.constant('us-east-1'),
      preferred: fc.subarray(['eu-west-1', 'ap-south-1', 'cn-north-1']),
      replicateFirst: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('fail-back'),
      moves: fc.uniqueArray(
        fc.record({
          keyId,
          fromRegion: fc.constant('eu-west-1'),
          toRegion: fc.constantFrom('us-east-1', 'ap-south-1'),
        }),
        { minLength: 1, maxLength: 4, selector: (move) => move.keyId },
      ),
    }),
    fc.record({
      kind: fc.constant('create-primary'),
      region: fc.constantFrom('us-east-1', 'eu-west-1'),
      alias: anyAlias,
      rotation: fc.constantFrom(undefined, { periodInDays: 90 }),
      replicaRegions: fc.subarray(['us-west-2', 'ap-south-1', 'cn-north-1']),
    }),
  )
  const topologyOf = (readings: Parameters<typeof assembleTopology>[0], version = 1, takenAt = READ_AT) =>
    assembleTopology(readings, { version, takenAt })

  /** The plan, or null for a family that nobody has. */
  function planOf(topology: Topology, data: RequestData): Plan | null {
    const parsed = parseRequest(data)
    if (!parsed.ok) throw new Error(parsed.message)
    const answer = planFor(topology, parsed.request, givenFacts(topology, needsOf(topology, parsed.request)))
    return answer.ok ? answer.plan : null
  }

  it('is plain data that can be stored and sent', () => {
    fc.assert(
      fc.property(anyReadings, anyRequest, (readings, request) => {
        const plan = planOf(topologyOf(readings), request)
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
      }),
    )
  })

  it('has the same fingerprint and steps for the same readings in any order', () => {
    const twice = anyReadings.chain((readings) => fc.tuple(fc.constant(readings), shuffled(readings)))
    fc.assert(
      fc.property(twice, anyRequest, ([readings, others], request) => {
        const plan = planOf(topologyOf(readings), request)
        const again = planOf(topologyOf(others, 2, '2026-11-23T23:59:00.000Z'), request)
        expect(again?.fingerprint).toBe(plan?.fingerprint)
        expect(again?.steps).toEqual(plan?.steps)
      }),
    )
  })

  it('has something to do, or is blocked', () => {
    fc.assert(
      fc.property(anyReadings, anyRequest, (readings, request) => {
        const plan = planOf(topologyOf(readings), request)
        if (plan && !isBlocked(plan)) expect(plan.steps.length).toBeGreaterThan(0)
      }),
    )
  })

  it('refers only to keys that an earlier step makes', () => {
    fc.assert(
      fc.property(anyReadings, anyRequest, (readings, request) => {
        const { steps = [] } = planOf(topologyOf(readings), request) ?? {}
        for (const [index, step] of steps.entries()) {
          const inputs = step.does === 'call' ? Object.values(step.input) : []
          for (const value of [...inputs, step.done, 'keyId' in step.done ? step.done.keyId : null]) {
            if (typeof value !== 'object' || value === null || !('step' in value)) continue
            const maker = steps[value.step - 1]
            expect(value.step).toBeLessThanOrEqual(index)
            expect(maker).toMatchObject({ operation: 'CreateKey' })
          }
        }
      }),
    )
  })

  it('calls what only the primary key takes in the Region of the primary key, and, where nothing blocks, of an Enabled one', () => {
    const ofPrimary = [
      'ReplicateKey',
      'UpdatePrimaryRegion',
      'EnableKeyRotation',
      'DisableKeyRotation',
      'RotateKeyOnDemand',
    ]
    fc.assert(
      fc.property(anyReadings, anyRequest, (readings, request) => {
        const topology = topologyOf(readings)
        const plan = planOf(topology, request)
        const family = topology.families.find((each) => each.keyId === request.keyId)
        if (!plan || !family) return
        for (const step of plan.steps) {
          if (step.does !== 'call' || !ofPrimary.includes(step.operation)) continue
          expect(step.region).toBe(family.primaryRegion)
          if (!isBlocked(plan)) expect(memberIn(family, step.region)?.state).toBe('Enabled')
        }
      }),
    )
  })
})
