import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assembleTopology } from '@/lib/topology/assemble'
import type { Facts } from '@/lib/topology/facts'
import { familyOf, memberIn } from '@/lib/topology/family'
import { anyReadings } from '@/lib/topology/scenarios/any-readings'
import {
  type GivenFamily,
  givenKeyId,
  givenReadings,
  READ_AT,
  withoutPart,
  withRegion,
} from '@/lib/topology/scenarios/given-readings'
import type { KeyState, RequestData, Topology } from '@/lib/topology/topology'
import { blocksOf, checkOf, givenPlan, givenTopology, linesOf, warningsOf } from './given-plans'
import { isBlocked, type Plan } from './plan'
import { parseRequest } from './planner'

const FROM = 'us-east-1'
const TO = 'eu-west-1'
const [A, B, C] = [givenKeyId('a1'), givenKeyId('b2'), givenKeyId('c3')]

const orders: GivenFamily = { keyId: A, primary: FROM, replicas: [TO], aliases: ['alias/orders'] }
const sales: GivenFamily = { keyId: B, primary: FROM, replicas: [TO], aliases: ['alias/sales'] }
const alone: GivenFamily = { keyId: C, primary: FROM, aliases: ['alias/alone'] }
const evacuate = { kind: 'evacuate', fromRegion: FROM, preferred: [TO] }

/** Families `alias/f-000`, `alias/f-001`, … */
const fleet = (many: number, given: Partial<GivenFamily> = {}): GivenFamily[] =>
  Array.from({ length: many }, (_, index) => {
    const number = String(index).padStart(3, '0')
    return { ...orders, keyId: givenKeyId(`f${number}`), aliases: [`alias/f-${number}`], ...given }
  })

const stepsOf = (plan: Plan, keyId: string) => {
  const part = plan.parts.find((each) => each.keyId === keyId)
  if (!part) throw new Error(`No part ${keyId}`)
  return plan.steps.slice(part.firstStep - 1, part.lastStep)
}
const choiceOf = (plan: Plan, id: string, label: RegExp): RequestData => {
  const choice = checkOf(plan, id).choices?.find((each) => label.test(each.label))
  if (!choice) throw new Error(`No choice ${label} at ${id}`)
  return choice.request
}

describe('planEvacuate', () => {
  it('makes each family a part with the steps of its promotion, under its name', () => {
    const topology = givenTopology([orders, sales])
    const plan = givenPlan(topology, evacuate)
    expect(blocksOf(plan)).toEqual([])
    expect(warningsOf(plan)).toEqual([])
    expect(plan).toMatchObject({
      title: 'Evacuate us-east-1',
      confirmation: FROM,
      families: [A, B],
      maxFailures: 3,
      minimumSeconds: 0.4,
      parts: [
        { keyId: A, title: 'alias/orders: us-east-1 → eu-west-1', wave: 1, firstStep: 1, lastStep: 4 },
        { keyId: B, title: 'alias/sales: us-east-1 → eu-west-1', wave: 2, firstStep: 5, lastStep: 8 },
      ],
    })
    for (const keyId of [A, B]) {
      const promotion = givenPlan(topology, { kind: 'promote', keyId, toRegion: TO })
      const steps = stepsOf(plan, keyId)
      expect(linesOf({ ...plan, steps })).toEqual(linesOf(promotion))
      for (const { title } of steps) expect(title).toMatch(keyId === A ? /^alias\/orders: / : /^alias\/sales: /)
    }
    expect(plan.steps.map((step) => (step.does === 'prove' ? step.baseline : null))).toEqual([
      undefined,
      null,
      null,
      1,
      undefined,
      null,
      null,
      5,
    ])
    expect(plan.steps[4]?.cli).toContain('proof-5.text')
    expect(plan.steps[7]?.cli).toContain('proof-5.blob')
  })

  it('offers the way back of exactly what moves, with the same waves', () => {
    const plan = givenPlan(givenTopology([orders, sales]), { ...evacuate, waveSize: 7, maxFailures: 1, leaveOut: [B] })
    expect(plan.undo).toEqual({
      label: 'Fail back to us-east-1',
      request: {
        kind: 'fail-back',
        moves: [{ keyId: A, fromRegion: TO, toRegion: FROM }],
        waveSize: 7,
        maxFailures: 1,
      },
    })
    expect(plan.parts).toMatchObject([{ keyId: A, wave: 1 }])
    expect(checkOf(plan, 'left-out')).toMatchObject({ verdict: 'warn', families: [B] })
  })

  it('tries one family alone first, and the others in waves of the chosen size', () => {
    const plan = givenPlan(givenTopology(fleet(8)), { ...evacuate, waveSize: 3 })
    expect(plan.parts.map(({ wave }) => wave)).toEqual([1, 2, 2, 2, 3, 3, 3, 4])
    expect(plan.minimumSeconds).toBe(1.6)
  })

  it('takes for the first a family of which nothing warns and that can be proven, going where most go', () => {
    const agreement = { keySpec: 'ECC_NIST_P256', keyUsage: 'KEY_AGREEMENT', rotation: null }
    const [noProof, other, risky, good] = [
      { ...orders, keyId: givenKeyId('1'), aliases: ['alias/1'], all: agreement },
      { ...orders, keyId: givenKeyId('2'), aliases: ['alias/2'], replicas: ['us-west-2'] },
      {
        ...orders,
        keyId: givenKeyId('3'),
        aliases: ['alias/3'],
        in: { 'us-west-2': { state: 'PendingDeletion' as const } },
        replicas: [TO, 'us-west-2'],
      },
      { ...orders, keyId: givenKeyId('4'), aliases: ['alias/4'] },
    ]
    const plan = givenPlan(givenTopology([noProof, other, risky, good]), { ...evacuate, preferred: [] })
    expect(plan.parts[0]?.keyId).toBe(good.keyId)
    expect(plan.parts.map(({ keyId }) => keyId).slice(1)).toEqual([noProof.keyId, other.keyId, risky.keyId])
  })

  it('says of each family to another Region than the preferred one why', () => {
    const given = [
      orders,
      { ...sales, replicas: [TO, 'us-west-2'], in: { [TO]: { state: 'Disabled' as const } } },
      { ...alone, replicas: ['us-west-2'] },
    ]
    const plan = givenPlan(givenTopology(given), evacuate)
    expect(blocksOf(plan)).toEqual([])
    const chosen = plan.checks.filter(({ id, verdict }) => id === 'target-chosen' && verdict === 'warn')
    expect(chosen.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^alias\/alone: us-west-2, the nearest that can, .*eu-west-1 has no replica key/),
      expect.stringMatching(/^alias\/sales: us-west-2, the nearest that can, .*the key in eu-west-1 is Disabled/),
    ])
    expect(plan.changes[0]).toContain('2 in us-west-2 and 1 in eu-west-1')
  })

  it('keeps to the Region that is chosen for a family', () => {
    const given = [{ ...orders, replicas: [TO, 'us-west-2'] }, sales]
    const plan = givenPlan(givenTopology(given), { ...evacuate, overrides: { [A]: 'us-west-2', [C]: TO } })
    expect(plan.parts.map(({ title }) => title)).toEqual([
      'alias/orders: us-east-1 → us-west-2',
      'alias/sales: us-east-1 → eu-west-1',
    ])
    expect(checkOf(plan, 'overrides-used')).toMatchObject({ verdict: 'warn', families: [C] })
  })

  it('warns of a preferred Region that is not read', () => {
    const plan = givenPlan(givenTopology([orders]), { ...evacuate, preferred: ['eu-west-9', TO] })
    expect(checkOf(plan, 'preferred-known').message).toContain('eu-west-9 is not among the Regions')
    expect(blocksOf(plan)).toEqual([])
  })
})

describe('a family without a replica key', () => {
  it('blocks, until a replica key may be made first, with policy, tags and aliases as `replicate` makes it', () => {
    const topology = givenTopology([orders, alone])
    const plan = givenPlan(topology, evacuate)
    expect(blocksOf(plan)).toEqual(['all-can-move (house rule)', 'target-is-replica (house rule)'])
    expect(checkOf(plan, 'target-is-replica').families).toEqual([C])

    const replicated = givenPlan(topology, choiceOf(plan, 'target-is-replica', /^Replicate first$/))
    expect(blocksOf(replicated)).toEqual([])
    const steps = stepsOf(replicated, C)
    expect(linesOf({ ...replicated, steps })).toEqual([
      'ReplicateKey in us-east-1: eu-west-1',
      'wait for member-state in eu-west-1',
      'CreateAlias in eu-west-1: alias/alone',
      'prove in us-east-1 for us-east-1, eu-west-1',
      'UpdatePrimaryRegion in us-east-1: eu-west-1',
      'wait for primary in us-east-1',
      'prove in eu-west-1 for us-east-1, eu-west-1',
    ])
    const alone1 = givenPlan(topology, { kind: 'replicate', keyId: C, toRegions: [TO] })
    expect(steps[0]).toMatchObject({ input: alone1.steps[0]?.does === 'call' ? alone1.steps[0].input : {} })
    const first = replicated.parts.find(({ keyId }) => keyId === C)?.firstStep ?? 0
    expect(steps[6]).toMatchObject({ baseline: first + 3 })
    expect(replicated.changes[0]).toContain('stays after a fail back')
  })

  it('blocks where the replica key cannot be made as it should, and opens that replication by itself', () => {
    const taken: GivenFamily = { keyId: B, primary: TO, aliases: ['alias/alone'] }
    const plan = givenPlan(givenTopology([alone, taken]), { ...evacuate, replicateFirst: true })
    expect(blocksOf(plan)).toEqual(['all-can-move (house rule)', 'alias-free (kms)'])
    const check = checkOf(plan, 'alias-free')
    expect(check.remedies?.[C]?.request).toEqual({ kind: 'replicate', keyId: C, toRegions: [TO] })
    expect(check.choices).toBeUndefined()
  })

  it('blocks where the new replica key would wait for imported material', () => {
    const given = { ...alone, all: { origin: 'EXTERNAL' } }
    const plan = givenPlan(givenTopology([given]), { ...evacuate, replicateFirst: true })
    expect(blocksOf(plan)).toContain('imported-material (house rule)')
  })

  it('asks for a preferred Region where none is left', () => {
    const topology = givenTopology([alone])
    const plan = givenPlan(topology, { ...evacuate, preferred: [] })
    expect(checkOf(plan, 'target-is-replica').message).toContain('to a Region that you prefer')
    expect(checkOf(plan, 'target-is-replica').choices).toBeUndefined()
    const still = givenPlan(topology, { ...evacuate, preferred: [], replicateFirst: true })
    expect(checkOf(still, 'target-is-replica').message).toContain('prefer another Region')
  })
})

describe('the checks of an evacuation', () => {
  it('tell the same of several families once, with all of them, and of one by its name', () => {
    const disabled = fleet(12, { in: { [TO]: { state: 'Disabled' } } })
    const plan = givenPlan(givenTopology([orders, ...disabled]), evacuate)
    const [check, ...more] = plan.checks.filter(({ id, verdict }) => id === 'key-state' && verdict === 'block')
    expect(more).toEqual([])
    expect(check).toMatchObject({
      blockedBy: 'kms',
      message: expect.stringMatching(/^12 families: The key in eu-west-1 is Disabled: .*DisabledException/),
      families: disabled.map(({ keyId }) => keyId),
    })
    expect(check?.message).toContain('no plan for that yet')
    expect(checkOf(plan, 'primary-known').message).toMatch(/^All 13 families: /)
    const one = plan.checks.find(({ id, families }) => id === 'key-state' && families?.length === 1)
    expect(one?.message).toMatch(/^alias\/orders: The key in eu-west-1 is Enabled/)
  })

  it('stand in the way until the families they block are left out, which stay named', () => {
    const disabled = fleet(2, { in: { [FROM]: { state: 'PendingReplicaDeletion' } } })
    const topology = givenTopology([orders, ...disabled])
    const plan = givenPlan(topology, evacuate)
    expect(checkOf(plan, 'all-can-move')).toMatchObject({
      message: expect.stringContaining('1 of 3 families can move, 2 cannot'),
      families: disabled.map(({ keyId }) => keyId),
    })
    for (const [id, label] of [
      ['all-can-move', /^Leave out all/],
      ['key-state', /^Leave out these 2 families/],
    ] as const) {
      const without = givenPlan(topology, choiceOf(plan, id, label))
      expect(blocksOf(without)).toEqual([])
      expect(without.parts.map(({ keyId }) => keyId)).toEqual([A])
      expect(checkOf(without, 'left-out').families).toEqual(disabled.map(({ keyId }) => keyId))
    }
  })

  it('open the plan that mends a family, where there is one', () => {
    const missing = fleet(3, { aliases: [] }).map((family, index) => ({ ...family, aliases: [`alias/m-${index}`] }))
    const topology = givenTopology(missing, (readings) => withRegion(readings, TO, () => ({ aliases: [] })))
    const check = checkOf(givenPlan(topology, evacuate), 'alias-at-target')
    expect(check).toMatchObject({ verdict: 'warn', families: missing.map(({ keyId }) => keyId) })
    expect(check.message).toMatch(/^All 3 families: An alias of theirs does not exist in eu-west-1/)
    for (const { keyId, aliases = [] } of missing) {
      const request = check.remedies?.[keyId]?.request ?? { kind: '' }
      expect(linesOf(givenPlan(topology, request))).toContain(`CreateAlias in eu-west-1: ${aliases[0]}`)
    }
  })

  it('ask for no more than is needed of families that need nothing', () => {
    const plan = givenPlan(givenTopology([orders]), evacuate)
    for (const check of plan.checks) expect(Object.keys(check)).not.toContain('among')
  })

  it('judge each family by how its own key was read, not by another one’s', () => {
    const denied = { ok: false, reason: 'AccessDeniedException', message: 'no' } as const
    const ok = { ok: true, value: { latencyMs: 1 } } as const
    const probes: Facts['probes'] = { [FROM]: ok, [TO]: ok, [`${TO}/${B}`]: denied }
    const plan = givenPlan(givenTopology([orders, sales]), evacuate, { probes })
    expect(blocksOf(plan)).toEqual(['all-can-move (house rule)', 'region-answers (house rule)'])
    expect(checkOf(plan, 'region-answers').families).toEqual([B])
    expect(plan.parts.map(({ keyId }) => keyId)).toEqual([A])
  })

  it('warn of quotas that others use, and pass them otherwise', () => {
    const topology = givenTopology([orders], (readings) =>
      withRegion(readings, FROM, () => ({ status: 'throttled', message: 'slow down' })),
    )
    expect(checkOf(givenPlan(topology, evacuate), 'quota-headroom')).toMatchObject({ verdict: 'warn' })
    expect(checkOf(givenPlan(givenTopology(fleet(10)), evacuate), 'quota-headroom').message).toContain(
      'UpdatePrimaryRegion counts 10 times in us-east-1, of 5 a second by default: 2 s at least',
    )
  })
})

describe('the scope', () => {
  it('is every primary key of the Region, and is blocked where one may be hidden there', () => {
    for (const change of [
      (readings: Parameters<typeof withRegion>[0]) => withoutPart(readings, FROM, 'keys'),
      (readings: Parameters<typeof withRegion>[0]) =>
        withRegion(readings, FROM, () => ({ status: 'unreachable', message: 'no' })),
    ]) {
      const topology = givenTopology([orders, sales], change)
      const plan = givenPlan(topology, evacuate)
      expect(blocksOf(plan)).toContain('hidden-families (house rule)')
      const chosen = choiceOf(plan, 'hidden-families', /^Choose the 2 that are known/)
      expect(chosen).toMatchObject({ keyIds: [A, B] })
      expect(blocksOf(givenPlan(topology, chosen))).not.toContain('hidden-families (house rule)')
    }
  })

  it('does not mind what another Region hides, as the primary keys there are none of this one', () => {
    const topology = givenTopology([orders], (readings) => withoutPart(readings, 'us-west-2', 'keys'))
    expect(blocksOf(givenPlan(topology, evacuate))).toEqual([])
  })

  it('blocks for a Region that is not read at all', () => {
    const plan = givenPlan(givenTopology([orders]), { ...evacuate, fromRegion: 'sa-east-1', preferred: [] })
    expect(blocksOf(plan)).toEqual(['hidden-families (house rule)'])
  })

  it('names families that may have their primary key there, as none is known', () => {
    const settling = { ...sales, all: { primaryArn: 'nobody', role: 'REPLICA' as const } }
    const plan = givenPlan(givenTopology([orders, settling]), evacuate)
    expect(blocksOf(plan)).toEqual(['all-can-move (house rule)', 'primary-known (house rule)'])
    expect(checkOf(plan, 'primary-known').families).toEqual([B])
  })

  it('is blocked when there is nothing to move', () => {
    const plan = givenPlan(givenTopology([{ ...orders, primary: TO, replicas: [FROM] }]), evacuate)
    expect(blocksOf(plan)).toEqual(['something-to-do (house rule)'])
    expect(plan).toMatchObject({ parts: [], steps: [], undo: { sentence: expect.any(String) } })
  })

  it('is no more than the chosen families, each of which is moved or named', () => {
    const given = [orders, sales, { ...alone, primary: TO, replicas: [FROM] }]
    const strange = givenKeyId('d4')
    const plan = givenPlan(givenTopology(given), { ...evacuate, keyIds: [A, C, strange] })
    expect(plan.title).toBe('Evacuate us-east-1 (3 chosen families)')
    expect(plan.parts.map(({ keyId }) => keyId)).toEqual([A])
    expect(blocksOf(plan)).toEqual(['family-known (house rule)'])
    expect(checkOf(plan, 'family-known').families).toEqual([strange])
    expect(checkOf(plan, 'primary-elsewhere')).toMatchObject({ verdict: 'warn', families: [C] })
    const without = givenPlan(givenTopology(given), choiceOf(plan, 'family-known', /Leave out/))
    expect(blocksOf(without)).toEqual([])
  })
})

describe('the fingerprint of an evacuation', () => {
  const fingerprint = (topology: Topology, facts: Partial<Facts> = {}) =>
    givenPlan(topology, evacuate, facts).fingerprint
  const before = fingerprint(givenTopology([orders, sales]))

  it.each<[string, Topology]>([
    ['a state of any family', givenTopology([orders, { ...sales, in: { [TO]: { state: 'Disabled' } } }])],
    ['a family more', givenTopology([orders, sales, alone])],
    ['a family less', givenTopology([orders])],
    ['a family that has moved', givenTopology([orders, { ...sales, primary: TO, replicas: [FROM] }])],
  ])('differs for %s', (_what, topology) => {
    expect(fingerprint(topology)).not.toBe(before)
  })

  it('differs when a check is about other families, and not for families of other Regions', () => {
    const recent = (keyId: string): Partial<Facts> => ({
      recentPromotions: { [keyId]: { at: READ_AT, toRegion: FROM, runId: 'r' } },
    })
    const topology = givenTopology([orders, sales])
    expect(fingerprint(topology, recent(A))).not.toBe(fingerprint(topology, recent(B)))
    expect(fingerprint(givenTopology([orders, sales, { ...alone, primary: TO }]))).toBe(before)
  })
})

describe('any evacuation', () => {
  const anyRequest = fc.record({
    kind: fc.constant('evacuate'),
    fromRegion: fc.constantFrom(FROM, FROM, FROM, TO, 'ap-south-1'),
    preferred: fc.subarray(['eu-central-1', 'us-west-2', 'ca-central-1', 'sa-east-1']),
    replicateFirst: fc.boolean(),
    leaveOut: fc.uniqueArray(
      fc.integer({ min: 0, max: 9 }).map((digit) => givenKeyId(`a${digit}`)),
      { maxLength: 2 },
    ),
    waveSize: fc.integer({ min: 1, max: 3 }),
  })
  /** Mostly well, so that many can move; `anyReadings` are such that few can. */
  const anyFamily = fc.record({
    primary: fc.constantFrom(FROM, FROM, FROM, TO),
    replicas: fc.subarray([TO, 'us-west-2', 'eu-central-1']),
    states: fc.dictionary(
      fc.constantFrom(FROM, TO, 'us-west-2'),
      fc.constantFrom<KeyState>('Enabled', 'Enabled', 'Disabled', 'PendingDeletion', 'Updating'),
      { maxKeys: 2 },
    ),
    kind: fc.constantFrom(
      {},
      {},
      { origin: 'EXTERNAL' },
      { keySpec: 'ECC_NIST_P256', keyUsage: 'KEY_AGREEMENT', rotation: null },
    ),
    alias: fc.constantFrom('alias/shared', null, null),
  })
  const anyWellReadings = fc
    .tuple(fc.array(anyFamily, { maxLength: 9 }), fc.constantFrom(null, null, null, TO, 'us-west-2'))
    .map(([families, silent]) => {
      const given = families.map(
        ({ primary, replicas, states, kind, alias }, index): GivenFamily => ({
          keyId: givenKeyId(`a${index}`),
          primary,
          replicas: replicas.filter((region) => region !== primary),
          aliases: [alias ?? `alias/${index}`],
          all: kind,
          in: Object.fromEntries(Object.entries(states).map(([region, state]) => [region, { state }])),
        }),
      )
      const readings = givenReadings([FROM, TO, 'us-west-2', 'eu-central-1', 'ca-central-1'], given)
      return silent ? withRegion(readings, silent, () => ({ status: 'unreachable', message: 'no answer' })) : readings
    })
  const anyPlan = fc
    .tuple(fc.oneof({ arbitrary: anyWellReadings, weight: 3 }, anyReadings), anyRequest, fc.boolean())
    .map(([readings, request, isChosen]) => {
      const topology = assembleTopology(readings, { version: 1, takenAt: READ_AT })
      const keyIds = topology.families.map(({ keyId }) => keyId)
      const asked = isChosen && keyIds.length > 0 ? { ...request, keyIds } : request
      return { topology, request: asked, plan: givenPlan(topology, asked) }
    })

  it('moves each family in the scope, or names it in a check that blocks or warns', () => {
    fc.assert(
      fc.property(anyPlan, ({ topology, request, plan }) => {
        const moved = new Set(plan.parts.map(({ keyId }) => keyId))
        const named = new Set(
          plan.checks
            .filter(({ verdict }) => verdict === 'block' || verdict === 'warn')
            .flatMap(({ families = [] }) => families),
        )
        const scope = topology.families.filter(
          ({ primaryRegion, members }) =>
            'keyIds' in request ||
            primaryRegion === request.fromRegion ||
            (primaryRegion === null && members.some(({ region }) => region === request.fromRegion)),
        )
        for (const { keyId } of scope) {
          const isOut = request.leaveOut.includes(keyId)
          expect(moved.has(keyId) || named.has(keyId)).toBe(true)
          expect(moved.has(keyId) && isOut).toBe(false)
        }
      }),
    )
  })

  it('moves nobody whom a check blocks, and blocks whenever somebody stays', () => {
    fc.assert(
      fc.property(anyPlan, ({ plan }) => {
        const blocked = plan.checks
          .filter(({ verdict }) => verdict === 'block')
          .flatMap(({ families = [] }) => families)
        for (const { keyId } of plan.parts) expect(blocked).not.toContain(keyId)
        if (plan.parts.length < plan.families.length) expect(isBlocked(plan)).toBe(true)
      }),
    )
  })

  it('has parts that follow one another without a gap, each with steps of its own family alone', () => {
    fc.assert(
      fc.property(anyPlan, ({ topology, plan }) => {
        let last = 0
        for (const [index, { keyId, firstStep, lastStep, wave }] of plan.parts.entries()) {
          expect(firstStep).toBe(last + 1)
          expect(wave === 1).toBe(index === 0)
          last = lastStep
          const family = keyId === null ? undefined : familyOf(topology, keyId)
          for (const step of plan.steps.slice(firstStep - 1, lastStep)) {
            if ('keyId' in step.done) expect(step.done.keyId).toBe(keyId)
            if (step.does === 'prove') expect(step.keyId).toBe(keyId)
            if (step.does === 'call') expect(step.input.KeyId ?? step.input.TargetKeyId).toBe(keyId)
            if (step.does === 'prove' && step.baseline !== undefined) {
              expect(step.baseline).toBeGreaterThanOrEqual(firstStep)
              expect(plan.steps[step.baseline - 1]?.does).toBe('prove')
            }
            if (step.does === 'call' && step.operation === 'UpdatePrimaryRegion') {
              expect(family && memberIn(family, step.region)).toMatchObject({ role: 'PRIMARY', state: 'Enabled' })
            }
          }
        }
        expect(last).toBe(plan.steps.length)
      }),
    )
  })

  it('passes once those that cannot move are left out', () => {
    fc.assert(
      fc.property(anyPlan, ({ topology, plan }) => {
        const choice = plan.checks.find(({ id }) => id === 'all-can-move')?.choices?.[0]
        if (!choice) return
        const without = givenPlan(topology, choice.request)
        expect(without.parts.map(({ keyId }) => keyId)).toEqual(plan.parts.map(({ keyId }) => keyId))
        expect(without.checks.filter(({ verdict, families }) => verdict === 'block' && families)).toEqual([])
      }),
    )
  })
})

describe('evacuateRequest', () => {
  it.each([
    [{ fromRegion: undefined }, { fromRegion: 'Choose a Region' }],
    [{ preferred: [FROM] }, { 'preferred.0': 'This is the Region to be left' }],
    [{ preferred: [TO, TO] }, { preferred: 'A Region is chosen twice' }],
    [{ preferred: ['Ireland'] }, { 'preferred.0': 'Write the Region like eu-west-1' }],
    [{ keyIds: [] }, { keyIds: 'Choose at least one family' }],
    [{ keyIds: A }, { keyIds: 'Choose at least one family' }],
    [{ overrides: [TO] }, { overrides: 'Choose a Region for each key id' }],
    [{ leaveOut: A }, { leaveOut: 'Choose the families to leave out' }],
    [{ keyIds: [A, A] }, { keyIds: 'A family is chosen twice' }],
    [{ keyIds: ['alias/orders'] }, { 'keyIds.0': 'A multi-Region key id begins with mrk-' }],
    [{ overrides: { [A]: FROM } }, { [`overrides.${A}`]: 'This is the Region to be left' }],
    [{ overrides: { [A]: 'x' } }, { [`overrides.${A}`]: 'Write the Region like eu-west-1' }],
    [{ waveSize: 0 }, { waveSize: 'At least one family at a time' }],
    [{ waveSize: 1.5 }, { waveSize: 'Type a whole number of families' }],
    [{ maxFailures: -1 }, { maxFailures: 'None, or a whole number of families' }],
  ])('refuses %j with a message at its field', (change, fields) => {
    expect(parseRequest({ ...evacuate, ...change })).toMatchObject({ ok: false, fields })
  })

  it('fills in what is left out', () => {
    expect(parseRequest({ kind: 'evacuate', fromRegion: FROM })).toEqual({
      ok: true,
      request: { kind: 'evacuate', fromRegion: FROM, preferred: [], waveSize: 20, maxFailures: 3 },
    })
  })
})
