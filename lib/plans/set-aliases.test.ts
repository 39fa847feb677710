import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aliasHolder } from '@/lib/topology/family'
import { type GivenFamily, givenKeyId, withoutPart, withRegion } from '@/lib/topology/scenarios/given-readings'
import type { RequestData, Topology } from '@/lib/topology/topology'
import { blocksOf, checkOf, givenPlan, givenTopology, linesOf, warningsOf } from './given-plans'
import { isBlocked, type Plan } from './plan'
import { parseRequest } from './planner'

const KEY = givenKeyId('a1')
const OTHER = givenKeyId('b2')
const SINGLE_REGION_KEY = '1234abcd-12ab-34cd-56ef-1234567890ab'
const family: GivenFamily = { keyId: KEY, primary: 'us-east-1', replicas: ['eu-west-1'], aliases: ['alias/orders'] }
const other: GivenFamily = { keyId: OTHER, primary: 'eu-west-1', aliases: ['alias/taken'] }

const change = (...changes: object[]): RequestData => ({ kind: 'set-aliases', keyId: KEY, changes })
const create = (name: string, ...regions: string[]) => ({ change: 'create', name, regions })
const retarget = (name: string, ...regions: string[]) => ({ change: 'retarget', name, regions })
const remove = (name: string, ...regions: string[]) => ({ change: 'delete', name, regions })
const rename = (name: string, to: string, ...regions: string[]) => ({ change: 'rename', name, to, regions })
const everywhere = (name: string) => ({ change: 'everywhere', name })

const choiceOf = (plan: Plan, id: string, label: string): RequestData => {
  const choice = checkOf(plan, id).choices?.find((each) => each.label === label)
  if (!choice) throw new Error(`No choice ${label}`)
  return choice.request
}

describe('planSetAliases', () => {
  it('creates, retargets and deletes, in this order whatever the order of the request', () => {
    const topology = givenTopology([family, other])
    const plan = givenPlan(
      topology,
      change(
        remove('alias/orders', 'us-east-1'),
        retarget('alias/taken', 'eu-west-1'),
        create('alias/new', 'eu-west-1', 'us-east-1'),
      ),
    )
    expect(blocksOf(plan)).toEqual([])
    expect(linesOf(plan)).toEqual([
      'CreateAlias in eu-west-1: alias/new',
      'CreateAlias in us-east-1: alias/new',
      'UpdateAlias in eu-west-1: alias/taken',
      'DeleteAlias in us-east-1: alias/orders',
    ])
    expect(plan.steps.map(({ done }) => done)).toEqual([
      { is: 'alias', region: 'eu-west-1', name: 'alias/new', keyId: KEY },
      { is: 'alias', region: 'us-east-1', name: 'alias/new', keyId: KEY },
      { is: 'alias', region: 'eu-west-1', name: 'alias/taken', keyId: KEY },
      { is: 'alias', region: 'us-east-1', name: 'alias/orders', keyId: null },
    ])
    expect(warningsOf(plan)).toEqual(['alias-in-use', 'alias-target'])
    expect(plan).toMatchObject({ families: [KEY, OTHER], confirmation: null })
  })

  it('brings a name everywhere that it is missing, and leaves out a member that is to be deleted', () => {
    const topology = givenTopology([
      { ...family, replicas: ['eu-west-1', 'us-west-2'], in: { 'us-west-2': { state: 'PendingDeletion' } } },
    ])
    const plan = givenPlan(topology, change(everywhere('alias/new')))
    expect(blocksOf(plan)).toEqual([])
    expect(linesOf(plan)).toEqual(['CreateAlias in eu-west-1: alias/new', 'CreateAlias in us-east-1: alias/new'])
    expect(checkOf(plan, 'alias-left-out').message).toContain('us-west-2 is pending deletion')
  })

  it('has nothing to do when every alias is as wished already', () => {
    const plan = givenPlan(
      givenTopology([family]),
      change(everywhere('alias/orders'), remove('alias/gone', 'eu-west-1')),
    )
    expect(blocksOf(plan)).toEqual(['something-to-do (house rule)'])
    expect(plan.steps).toEqual([])
    expect(plan.undo).toHaveProperty('sentence')
  })

  it('renames by creating the new name before it deletes the old one', () => {
    const plan = givenPlan(
      givenTopology([family]),
      change(rename('alias/orders', 'alias/sales', 'us-east-1', 'eu-west-1')),
    )
    expect(blocksOf(plan)).toEqual([])
    expect(linesOf(plan)).toEqual([
      'CreateAlias in us-east-1: alias/sales',
      'CreateAlias in eu-west-1: alias/sales',
      'DeleteAlias in us-east-1: alias/orders',
      'DeleteAlias in eu-west-1: alias/orders',
    ])
    expect(plan.undo).toMatchObject({
      request: change(
        create('alias/orders', 'us-east-1', 'eu-west-1'),
        remove('alias/sales', 'us-east-1', 'eu-west-1'),
      ),
    })
  })

  it('takes a rename that is done already for done, and refuses one of a name that is not there', () => {
    const topology = givenTopology([family])
    const done = givenPlan(topology, change(rename('alias/was', 'alias/orders', 'us-east-1')))
    expect(blocksOf(done)).toEqual(['something-to-do (house rule)'])
    const lost = givenPlan(topology, change(rename('alias/was', 'alias/new', 'us-east-1')))
    expect(blocksOf(lost)).toEqual(['alias-exists (kms)'])
  })

  it('offers each way out when the new name of a rename is taken', () => {
    const topology = givenTopology([family, { ...other, replicas: ['us-east-1'] }])
    const plan = givenPlan(topology, change(rename('alias/orders', 'alias/taken', 'eu-west-1')))
    expect(blocksOf(plan)).toEqual(['alias-free (kms)'])
    const moved = givenPlan(topology, choiceOf(plan, 'alias-free', 'Point alias/taken to this key in eu-west-1'))
    expect(blocksOf(moved)).toEqual([])
    expect(linesOf(moved)).toEqual(['UpdateAlias in eu-west-1: alias/taken', 'DeleteAlias in eu-west-1: alias/orders'])
  })

  it('offers to skip, or to retarget, where a name is taken', () => {
    const topology = givenTopology([family, other])
    const plan = givenPlan(topology, change(everywhere('alias/taken')))
    expect(blocksOf(plan)).toEqual(['alias-free (kms)'])
    expect(linesOf(givenPlan(topology, choiceOf(plan, 'alias-free', 'Skip eu-west-1')))).toEqual([
      'CreateAlias in us-east-1: alias/taken',
    ])
    const retargeted = givenPlan(topology, choiceOf(plan, 'alias-free', 'Point alias/taken to this key in eu-west-1'))
    expect(blocksOf(retargeted)).toEqual([])
    expect(linesOf(retargeted)).toEqual([
      'CreateAlias in us-east-1: alias/taken',
      'UpdateAlias in eu-west-1: alias/taken',
    ])
  })

  it('never offers nor plans a retarget between keys of another type or usage', () => {
    const all = { keySpec: 'HMAC_256', keyUsage: 'GENERATE_VERIFY_MAC', rotation: null }
    const topology = givenTopology([family, { ...other, all }])
    const plan = givenPlan(topology, change(everywhere('alias/taken')))
    expect(checkOf(plan, 'alias-free').choices?.map(({ label }) => label)).toEqual(['Skip eu-west-1'])
    expect(blocksOf(givenPlan(topology, change(retarget('alias/taken', 'eu-west-1'))))).toEqual(['alias-target (kms)'])
  })

  it('creates instead of retargeting a name that is not there', () => {
    const topology = givenTopology([family])
    const plan = givenPlan(topology, change(retarget('alias/new', 'us-east-1')))
    expect(blocksOf(plan)).toEqual(['alias-exists (kms)'])
    const created = givenPlan(topology, choiceOf(plan, 'alias-exists', 'Create alias/new in us-east-1'))
    expect(linesOf(created)).toEqual(['CreateAlias in us-east-1: alias/new'])
  })

  it('deletes no alias of another key', () => {
    const plan = givenPlan(givenTopology([family, other]), change(remove('alias/taken', 'eu-west-1')))
    expect(blocksOf(plan)).toEqual(['alias-of-this-key (house rule)'])
    expect(plan.steps).toEqual([])
  })

  it('refuses changes that contradict one another', () => {
    const plan = givenPlan(
      givenTopology([family]),
      change(create('alias/new', 'us-east-1'), remove('alias/new', 'us-east-1')),
    )
    expect(blocksOf(plan)).toEqual(['changes-agree (house rule)'])
  })

  it('makes one step of two changes that wish the same', () => {
    const plan = givenPlan(
      givenTopology([family]),
      change(create('alias/new', 'us-east-1'), everywhere('alias/new'), create('alias/new', 'eu-west-1')),
    )
    expect(linesOf(plan)).toEqual(['CreateAlias in us-east-1: alias/new', 'CreateAlias in eu-west-1: alias/new'])
  })

  it('offers to replicate to, or to leave out, a Region without a key of the family', () => {
    const topology = givenTopology([family])
    const plan = givenPlan(topology, change(create('alias/new', 'us-west-2', 'us-east-1')))
    expect(blocksOf(plan)).toEqual(['member-in-region (kms)'])
    expect(checkOf(plan, 'member-in-region').remedy?.request).toEqual({
      kind: 'replicate',
      keyId: KEY,
      toRegions: ['us-west-2'],
    })
    expect(blocksOf(givenPlan(topology, choiceOf(plan, 'member-in-region', 'Leave out us-west-2')))).toEqual([])
  })

  it('blocks new names for a member that is to be deleted, and still deletes those it has', () => {
    const topology = givenTopology([{ ...family, in: { 'eu-west-1': { state: 'PendingDeletion' } } }])
    expect(blocksOf(givenPlan(topology, change(create('alias/new', 'eu-west-1'))))).toEqual(['key-state (kms)'])
    expect(blocksOf(givenPlan(topology, change(remove('alias/orders', 'eu-west-1'))))).toEqual([])
  })

  it('takes names for keys that are disabled or wait for their material', () => {
    for (const state of ['Disabled', 'PendingImport', 'Creating', 'Updating'] as const) {
      const topology = givenTopology([{ ...family, in: { 'eu-west-1': { state } } }])
      expect(blocksOf(givenPlan(topology, change(create('alias/new', 'eu-west-1'))))).toEqual([])
    }
  })

  it('warns of the 51st alias, as quotas can be raised, and counts no name that is there already', () => {
    const aliases = Array.from({ length: 50 }, (_, index) => `alias/name-${index}`)
    const topology = givenTopology([{ ...family, aliases }])
    const more = givenPlan(topology, change(create('alias/new', 'us-east-1')))
    expect(blocksOf(more)).toEqual([])
    expect(warningsOf(more)).toContain('alias-limit')
    const mixed = givenPlan(topology, change(create('alias/name-7', 'us-east-1'), remove('alias/name-1', 'us-east-1')))
    expect(warningsOf(mixed)).not.toContain('alias-limit')
  })

  it('blocks where the aliases of a Region may not be listed, and offers to leave it out', () => {
    const topology = givenTopology([family], (readings) => withoutPart(readings, 'eu-west-1', 'aliases'))
    const plan = givenPlan(topology, change(everywhere('alias/new')))
    expect(blocksOf(plan)).toEqual(['aliases-readable (house rule)'])
    expect(checkOf(plan, 'aliases-readable').message).toContain('nobody could tell what a change did there')
    const rest = givenPlan(topology, choiceOf(plan, 'aliases-readable', 'Leave out eu-west-1'))
    expect(blocksOf(rest)).toEqual([])
    expect(linesOf(rest)).toEqual(['CreateAlias in us-east-1: alias/new'])
  })

  it('blocks for a Region that does not answer, and offers to leave it out', () => {
    const topology = givenTopology([family], (readings) =>
      withRegion(readings, 'eu-west-1', () => ({ status: 'unreachable', message: 'no answer' })),
    )
    const plan = givenPlan(topology, change(everywhere('alias/new')))
    expect(blocksOf(plan)).toEqual(['region-answers (kms)'])
    expect(warningsOf(plan)).toContain('aliases-readable')
    const rest = givenPlan(topology, choiceOf(plan, 'region-answers', 'Leave out eu-west-1'))
    expect(linesOf(rest)).toEqual(['CreateAlias in us-east-1: alias/new'])
  })

  it('points aliases back to the one family that lost them, and to nobody where several did', () => {
    const topology = givenTopology([family, other])
    const one = givenPlan(topology, change(retarget('alias/taken', 'eu-west-1')))
    expect(one.undo).toMatchObject({
      request: { kind: 'set-aliases', keyId: OTHER, changes: [retarget('alias/taken', 'eu-west-1')] },
    })
    const mixed = givenPlan(topology, change(retarget('alias/taken', 'eu-west-1'), remove('alias/orders', 'eu-west-1')))
    expect(mixed.undo).toEqual({ sentence: expect.stringContaining(`alias/taken in eu-west-1: ${OTHER}`) })

    const single = givenTopology([family], (readings) =>
      withRegion(readings, 'eu-west-1', ({ aliases }) => ({
        aliases: [...aliases, { name: 'alias/taken', keyId: SINGLE_REGION_KEY }],
      })),
    )
    const fromOutside = givenPlan(single, change(retarget('alias/taken', 'eu-west-1')))
    expect(fromOutside.undo).toEqual({ sentence: expect.stringContaining(SINGLE_REGION_KEY) })
    expect(fromOutside.families).toEqual([KEY])
  })
})

describe('any plan of alias changes', () => {
  const REGIONS = ['eu-west-1', 'us-east-1', 'us-west-2']
  const NAMES = ['alias/a', 'alias/b', 'alias/c']
  const anyRegions = fc.subarray(REGIONS, { minLength: 1 })
  const anyName = fc.constantFrom(...NAMES)
  const anyChange = fc.oneof(
    fc.record({ change: fc.constantFrom('create', 'retarget', 'delete'), name: anyName, regions: anyRegions }),
    fc
      .uniqueArray(anyName, { minLength: 2, maxLength: 2 })
      .chain(([name, to]) =>
        fc.record({ change: fc.constant('rename'), name: fc.constant(name), to: fc.constant(to), regions: anyRegions }),
      ),
    fc.record({ change: fc.constant('everywhere'), name: anyName }),
  )
  /** Who holds each name in each Region: nobody, this key, or one of two others of the same kind. */
  const anyHolders = fc.array(fc.constantFrom(null, KEY, OTHER, SINGLE_REGION_KEY), { minLength: 9, maxLength: 9 })

  const holdersTopology = (holders: (string | null)[]): Topology =>
    givenTopology(
      [
        { keyId: KEY, primary: 'us-east-1', replicas: ['eu-west-1', 'us-west-2'] },
        { keyId: OTHER, primary: 'us-east-1', replicas: ['eu-west-1', 'us-west-2'] },
      ],
      (readings) =>
        REGIONS.reduce(
          (all, region, at) =>
            withRegion(all, region, () => ({
              aliases: NAMES.flatMap((name, index) => {
                const keyId = holders[at * NAMES.length + index]
                return keyId ? [{ name, keyId }] : []
              }),
            })),
          readings,
        ),
    )

  /** The holder of every name once the steps are carried out, or the step that KMS would refuse. */
  function carriedOut(topology: Topology, plan: Plan): Map<string, string | null> | string {
    const world = new Map<string, string | null>()
    const place = (region: string, name: unknown) => `${region}/${name}`
    for (const region of REGIONS) {
      for (const name of NAMES) world.set(place(region, name), aliasHolder(topology, region, name)?.keyId ?? null)
    }
    for (const step of plan.steps) {
      if (step.does !== 'call') continue
      const at = place(step.region, step.input.AliasName)
      const held = (world.get(at) ?? null) !== null
      if (held === (step.operation === 'CreateAlias')) return `${step.title}: refused`
      world.set(at, step.operation === 'DeleteAlias' ? null : KEY)
    }
    return world
  }

  it('is blocked, or carried out without a refusal, to what its steps promise', () => {
    fc.assert(
      fc.property(anyHolders, fc.array(anyChange, { minLength: 1, maxLength: 4 }), (holders, changes) => {
        const topology = holdersTopology(holders)
        const plan = givenPlan(topology, change(...changes))
        if (isBlocked(plan)) return
        const after = carriedOut(topology, plan)
        expect(after).toBeInstanceOf(Map)
        if (typeof after === 'string') return
        for (const { done } of plan.steps) {
          if (done.is === 'alias') expect(after.get(`${done.region}/${done.name}`)).toBe(done.keyId)
        }
      }),
    )
  })

  it('is undone by the request that it names', () => {
    fc.assert(
      fc.property(anyHolders, fc.array(anyChange, { minLength: 1, maxLength: 4 }), (holders, changes) => {
        const topology = holdersTopology(holders)
        const plan = givenPlan(topology, change(...changes))
        if (isBlocked(plan) || !('request' in plan.undo)) return
        const after = carriedOut(topology, plan)
        if (typeof after === 'string') expect.fail(after)
        const afterwards = REGIONS.flatMap((region) => NAMES.map((name) => after.get(`${region}/${name}`) ?? null))
        const back = givenPlan(holdersTopology(afterwards), plan.undo.request)
        expect(blocksOf(back)).toEqual([])
        const keyId = plan.undo.request.keyId
        for (const { done } of back.steps) {
          if (done.is !== 'alias') continue
          const before = aliasHolder(topology, done.region, done.name)?.keyId ?? null
          expect([before, keyId]).toEqual([done.keyId, done.keyId ?? keyId])
        }
        expect(back.steps).toHaveLength(plan.steps.length)
      }),
    )
  })
})

describe('setAliasesRequest', () => {
  it.each([
    [{ changes: [] }, { changes: 'Change at least one alias' }],
    [
      { changes: [{ change: 'copy' }] },
      { 'changes.0.change': 'Choose create, retarget, delete, rename or everywhere' },
    ],
    [{ changes: [create('orders', 'eu-west-1')] }, { 'changes.0.name': 'An alias begins with alias/' }],
    [{ changes: [create('alias/a')] }, { 'changes.0.regions': 'Choose at least one Region' }],
    [
      { changes: [everywhere('alias/a'), rename('alias/a', 'alias/a', 'eu-west-1')] },
      { 'changes.1.to': 'Type another name than the one it has' },
    ],
    [{ changes: [everywhere(`alias/${'x'.repeat(251)}`)] }, { 'changes.0.name': expect.stringContaining('256') }],
  ])('refuses %j with a message at its field', (fields, messages) => {
    expect(parseRequest({ kind: 'set-aliases', keyId: KEY, ...fields })).toMatchObject({ ok: false, fields: messages })
  })
})
