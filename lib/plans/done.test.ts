import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { factKey, type RotationFacts } from '@/lib/topology/facts'
import type { MemberReading } from '@/lib/topology/readings'
import { givenArn, givenKeyId, givenMember } from '@/lib/topology/scenarios/given-readings'
import type { KeyState } from '@/lib/topology/topology'
import { aliasKey, type Doneness, describeLive, isDone, type Live, readsFor } from './done'
import type { KeyRef, Outcome } from './plan'

const KEY = givenKeyId('a1')
const BORN: KeyRef = { step: 1, field: 'keyId' }
const FROM = 'us-east-1'
const TO = 'eu-west-1'
const STATES: KeyState[] = [
  'Enabled',
  'Disabled',
  'Creating',
  'Updating',
  'PendingImport',
  'PendingDeletion',
  'PendingReplicaDeletion',
  'Unavailable',
]

const resolve = (ref: KeyRef) => (typeof ref === 'string' ? ref : KEY)
const nothing: Live = { members: {}, aliases: {}, rotations: {}, marked: {} }

const member = (region: string, change: Partial<MemberReading> = {}) =>
  givenMember({ keyId: KEY, primary: FROM, replicas: [TO], in: { [region]: change } }, region)
const members = (...readings: MemberReading[]): Live => ({
  ...nothing,
  members: Object.fromEntries(readings.map((reading) => [factKey(reading.region, KEY), reading])),
})

describe('isDone', () => {
  it('finds a key by its mark', () => {
    const outcome: Outcome = { is: 'key-created', region: FROM }
    expect(isDone(outcome, { ...nothing, marked: { [FROM]: KEY } }, resolve)).toBe('done')
    expect(isDone(outcome, { ...nothing, marked: { [FROM]: null } }, resolve)).toBe('no')
    expect(isDone(outcome, { ...nothing, marked: { [TO]: KEY } }, resolve)).toBe('no')
  })

  it.each(STATES)('finds a member in whatever state: %s', (state) => {
    const outcome: Outcome = { is: 'member-exists', keyId: BORN, region: TO }
    expect(isDone(outcome, members(member(TO, { state })), resolve)).toBe('done')
    expect(isDone(outcome, members(member(FROM, { state })), resolve)).toBe('no')
  })

  it.each<[KeyState, Doneness]>([
    ['Enabled', 'done'],
    ['Creating', 'in progress'],
    ['Updating', 'in progress'],
    ['Disabled', 'no'],
    ['PendingImport', 'no'],
    ['PendingDeletion', 'no'],
  ])('waits for Enabled while the member is %s: %s', (state, doneness) => {
    const outcome: Outcome = { is: 'member-state', keyId: BORN, region: TO, states: ['Enabled'] }
    expect(isDone(outcome, members(member(TO, { state })), resolve)).toBe(doneness)
    expect(isDone(outcome, nothing, resolve)).toBe('no')
  })

  it.each<[string, Outcome, Live['rotations'][string], Doneness]>([
    ['on', { is: 'rotation', keyId: KEY, region: FROM, enabled: true }, { enabled: true, history: [] }, 'done'],
    ['off', { is: 'rotation', keyId: KEY, region: FROM, enabled: false }, { enabled: false, history: [] }, 'done'],
    [
      'on, still off',
      { is: 'rotation', keyId: KEY, region: FROM, enabled: true },
      { enabled: false, history: [] },
      'no',
    ],
    [
      'another period',
      { is: 'rotation', keyId: KEY, region: FROM, enabled: true, periodInDays: 90 },
      { enabled: true, periodInDays: 365, history: [] },
      'no',
    ],
    [
      'this period',
      { is: 'rotation', keyId: KEY, region: FROM, enabled: true, periodInDays: 90 },
      { enabled: true, periodInDays: 90, history: [] },
      'done',
    ],
    ['off, unread', { is: 'rotation', keyId: KEY, region: FROM, enabled: false }, null, 'no'],
  ])('compares rotation: %s', (_case, outcome, rotation, doneness) => {
    expect(isDone(outcome, { ...nothing, rotations: { [factKey(FROM, KEY)]: rotation } }, resolve)).toBe(doneness)
  })

  it('is never done by itself for a proof', () => {
    expect(isDone({ is: 'proven' }, members(member(FROM), member(TO)), resolve)).toBe('no')
  })
})

describe('isDone of an alias', () => {
  const there: Outcome = { is: 'alias', region: TO, name: 'alias/orders', keyId: BORN }
  const gone: Outcome = { ...there, keyId: null }
  const live = (target: string | null): Live => ({ ...nothing, aliases: { [aliasKey(TO, 'alias/orders')]: target } })

  it('wants this key, and no other', () => {
    expect(isDone(there, live(KEY), resolve)).toBe('done')
    expect(isDone(there, live(givenKeyId('b2')), resolve)).toBe('no')
    expect(isDone(there, live(null), resolve)).toBe('no')
  })

  it('takes a deletion for done only when KMS answered that there is no such alias', () => {
    expect(isDone(gone, live(null), resolve)).toBe('done')
    expect(isDone(gone, live(KEY), resolve)).toBe('no')
    expect(isDone(gone, nothing, resolve)).toBe('no')
  })
})

describe('isDone of a rotation on demand', () => {
  const outcome: Outcome = { is: 'rotated', keyId: KEY, region: FROM, materialBefore: 'aa' }
  const live = (material: string | undefined, rotation: Partial<RotationFacts> = {}): Live => ({
    ...members(member(FROM, { currentKeyMaterialId: material })),
    rotations: { [factKey(FROM, KEY)]: { enabled: false, history: [], ...rotation } },
  })

  it.each<[string, Live, Doneness]>([
    ['the material of before, nothing running', live('aa'), 'no'],
    [
      'the material of before, a rotation running',
      live('aa', { onDemandStartedAt: '2026-11-23T22:09:00Z' }),
      'in progress',
    ],
    ['new material', live('bb'), 'done'],
    ['new material, although one still runs', live('bb', { onDemandStartedAt: '2026-11-23T22:09:00Z' }), 'done'],
    ['no material told', live(undefined), 'no'],
    ['nothing read', nothing, 'no'],
  ])('with %s: %s', (_case, seen, doneness) => {
    expect(isDone(outcome, seen, resolve)).toBe(doneness)
  })
})

describe('isDone of a promotion', () => {
  const outcome: Outcome = { is: 'primary', keyId: KEY, from: FROM, to: TO }
  const [named, before] = [givenArn(TO, KEY), givenArn(FROM, KEY)]
  const swappedFrom = member(FROM, { role: 'REPLICA', primaryArn: named })
  const swappedTo = member(TO, { role: 'PRIMARY', primaryArn: named })

  it.each<[string, MemberReading[], Doneness]>([
    ['nothing has changed', [member(FROM), member(TO)], 'no'],
    ['both have swapped and agree', [swappedFrom, swappedTo], 'done'],
    [
      'both say Updating, in the old roles',
      [member(FROM, { state: 'Updating' }), member(TO, { state: 'Updating' })],
      'in progress',
    ],
    ['only the old primary says Updating', [member(FROM, { state: 'Updating' }), member(TO)], 'in progress'],
    ['only the new primary says Updating', [member(FROM), member(TO, { state: 'Updating' })], 'in progress'],
    ['both say REPLICA', [member(FROM, { role: 'REPLICA' }), member(TO)], 'in progress'],
    ['both say PRIMARY', [member(FROM), swappedTo], 'in progress'],
    ['swapped, but still Updating', [{ ...swappedFrom, state: 'Updating' }, swappedTo], 'in progress'],
    ['swapped, but the old one names itself', [{ ...swappedFrom, primaryArn: before }, swappedTo], 'in progress'],
    ['only the new primary is found, and has the role', [swappedTo], 'in progress'],
    ['only the old primary is found, and gave the role away', [swappedFrom], 'in progress'],
    ['only the old primary is found, unchanged', [member(FROM)], 'no'],
    ['nobody is found', [], 'no'],
  ])('when %s: %s', (_case, seen, doneness) => {
    expect(isDone(outcome, members(...seen), resolve)).toBe(doneness)
  })

  it('says no, so that it is called again, only of a picture without any sign of the change', () => {
    const anyMember = (region: string) =>
      fc.option(
        fc
          .record({
            role: fc.constantFrom('PRIMARY' as const, 'REPLICA' as const),
            state: fc.constantFrom(...STATES),
            primaryArn: fc.constantFrom(named, before),
          })
          .map((change) => member(region, change)),
      )
    fc.assert(
      fc.property(anyMember(FROM), anyMember(TO), (from, to) => {
        const seen = members(...[from, to].filter((each) => each !== null))
        if (isDone(outcome, seen, resolve) !== 'no') return
        expect(from?.role).not.toBe('REPLICA')
        expect(to?.role).not.toBe('PRIMARY')
        if (from && to) expect([from.state, to.state]).not.toContain('Updating')
      }),
    )
  })
})

describe('readsFor', () => {
  const anyOutcome: fc.Arbitrary<Outcome> = fc.constantFrom<Outcome[]>(
    { is: 'key-created', region: FROM },
    { is: 'member-state', keyId: BORN, region: TO, states: ['Enabled'] },
    { is: 'member-exists', keyId: BORN, region: TO },
    { is: 'primary', keyId: KEY, from: FROM, to: TO },
    { is: 'alias', region: TO, name: 'alias/orders', keyId: BORN },
    { is: 'alias', region: TO, name: 'alias/orders', keyId: null },
    { is: 'rotation', keyId: BORN, region: FROM, enabled: true, periodInDays: 90 },
    { is: 'rotated', keyId: KEY, region: FROM, materialBefore: 'aa' },
    { is: 'proven' },
  )
  const anyState = fc.record({
    from: fc.constantFrom(...STATES),
    to: fc.constantFrom(...STATES),
    swapped: fc.boolean(),
    alias: fc.constantFrom(KEY, null),
    marked: fc.constantFrom(KEY, null),
    rotation: fc.constantFrom<RotationFacts | null>(
      null,
      { enabled: true, periodInDays: 90, history: [] },
      { enabled: false, onDemandStartedAt: '2026-11-23T22:09:00Z', history: [] },
    ),
  })

  it('names all that the judgement rests on', () => {
    fc.assert(
      fc.property(anyOutcome, anyState, (outcome, { from, to, swapped, alias, marked, rotation }) => {
        const primaryArn = givenArn(swapped ? TO : FROM, KEY)
        const whole: Live = {
          ...members(
            member(FROM, {
              state: from,
              role: swapped ? 'REPLICA' : 'PRIMARY',
              primaryArn,
              currentKeyMaterialId: 'bb',
            }),
            member(TO, { state: to, role: swapped ? 'PRIMARY' : 'REPLICA', primaryArn }),
          ),
          aliases: { [aliasKey(TO, 'alias/orders')]: alias },
          rotations: { [factKey(FROM, KEY)]: rotation },
          marked: { [FROM]: marked },
        }
        const read: Live = { members: {}, aliases: {}, rotations: {}, marked: {} }
        for (const each of readsFor(outcome, resolve)) {
          const key = 'keyId' in each ? factKey(each.region, each.keyId) : ''
          if (each.read === 'member') read.members[key] = whole.members[key] ?? null
          if (each.read === 'rotation') read.rotations[key] = whole.rotations[key] ?? null
          if (each.read === 'alias') read.aliases[aliasKey(each.region, each.name)] = alias
          if (each.read === 'marked-key') read.marked[each.region] = whole.marked[each.region] ?? null
        }
        expect(isDone(outcome, read, resolve)).toBe(isDone(outcome, whole, resolve))
        expect(describeLive(outcome, read, resolve)).toBe(describeLive(outcome, whole, resolve))
      }),
    )
  })
})

describe('describeLive', () => {
  it.each<[Outcome, Live, string]>([
    [{ is: 'key-created', region: FROM }, nothing, 'No key of this step exists in us-east-1 yet'],
    [{ is: 'key-created', region: FROM }, { ...nothing, marked: { [FROM]: KEY } }, `${KEY} exists in us-east-1`],
    [
      { is: 'member-state', keyId: KEY, region: TO, states: ['Enabled'] },
      members(member(TO, { state: 'Creating' })),
      'eu-west-1 still says Creating',
    ],
    [{ is: 'member-exists', keyId: KEY, region: TO }, nothing, 'eu-west-1 does not find the key yet'],
    [
      { is: 'primary', keyId: KEY, from: FROM, to: TO },
      members(member(FROM, { role: 'REPLICA', state: 'Updating' }), member(TO, { state: 'Updating' })),
      'us-east-1 says REPLICA, Updating, primary in us-east-1; eu-west-1 says REPLICA, Updating, primary in us-east-1',
    ],
    [
      { is: 'primary', keyId: KEY, from: FROM, to: TO },
      members(
        member(FROM, { role: 'REPLICA', primaryArn: givenArn(TO, KEY) }),
        member(TO, { role: 'PRIMARY', primaryArn: givenArn(TO, KEY) }),
      ),
      'eu-west-1 is the primary, and us-east-1 agrees',
    ],
    [
      { is: 'alias', region: TO, name: 'alias/orders', keyId: KEY },
      { ...nothing, aliases: { [aliasKey(TO, 'alias/orders')]: givenKeyId('b2') } },
      `alias/orders points to ${givenKeyId('b2')} in eu-west-1`,
    ],
    [
      { is: 'rotation', keyId: KEY, region: FROM, enabled: false },
      { ...nothing, rotations: { [factKey(FROM, KEY)]: { enabled: true, periodInDays: 90, history: [] } } },
      'us-east-1 says that rotation is on every 90 days',
    ],
    [
      { is: 'rotated', keyId: KEY, region: FROM, materialBefore: 'aa' },
      members(member(FROM, { currentKeyMaterialId: 'aa' })),
      'us-east-1 still uses the key material from before',
    ],
  ])('%j: says where it stands', (outcome, live, words) => {
    expect(describeLive(outcome, live, resolve)).toBe(words)
  })
})
