import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { minimumSeconds, secondsInWaves, typicalSeconds } from './durations'
import type { CallInput, CallOperation } from './plan'
import { call, prove, type StepDraft, waitFor } from './steps'

const KEY = 'mrk-0000000000000000000000000000000a'
const done = { is: 'proven' } as const

const step = (operation: CallOperation, region: string, input: CallInput = {}): StepDraft =>
  call(operation, region, operation, input, done)
const times = (count: number, make: (index: number) => StepDraft) => Array.from({ length: count }, (_, at) => make(at))
const waitForMember = (region: string) =>
  waitFor('wait', region, { is: 'member-state', keyId: KEY, region, states: ['Enabled'] })
const promote = (from: string, to: string) => step('UpdatePrimaryRegion', from, { PrimaryRegion: to })
const replicate = (from: string, to: string) => step('ReplicateKey', from, { ReplicaRegion: to })

describe('minimumSeconds', () => {
  it('is nothing for no calls', () => {
    expect(minimumSeconds([])).toBe(0)
    expect(minimumSeconds([waitForMember('us-east-1')])).toBe(0)
  })

  it.each<[string, StepDraft[], number]>([
    ['one call of 5 a second', [step('CreateAlias', 'us-east-1')], 0.2],
    ['ten calls of 5 a second', times(10, () => step('CreateAlias', 'us-east-1')), 2],
    ['fifteen calls of 15 a second', times(15, () => step('DeleteAlias', 'us-east-1')), 1],
    [
      'ten calls shared by two Regions',
      times(10, (at) => step('CreateAlias', at % 2 === 0 ? 'us-east-1' : 'eu-west-1')),
      1,
    ],
    ['two operations with a quota each', [step('CreateAlias', 'us-east-1'), step('UpdateAlias', 'us-east-1')], 0.2],
  ])('counts %s', (_case, steps, seconds) => {
    expect(minimumSeconds(steps)).toBe(seconds)
  })

  it('counts a replication as two CreateKey in the Region of the replica', () => {
    expect(minimumSeconds([replicate('us-east-1', 'eu-west-1')])).toBe(0.4)
    const both = [replicate('us-east-1', 'eu-west-1'), step('CreateKey', 'eu-west-1')]
    expect(minimumSeconds(both)).toBe(0.6)
    expect(minimumSeconds([replicate('us-east-1', 'eu-west-1'), replicate('us-east-1', 'us-west-2')])).toBe(0.4)
  })

  it('counts a promotion in both Regions', () => {
    expect(minimumSeconds([promote('us-east-1', 'eu-west-1'), promote('eu-west-1', 'us-east-1')])).toBe(0.4)
    expect(minimumSeconds(times(100, () => promote('us-east-1', 'eu-west-1')))).toBe(20)
  })
})

describe('typicalSeconds', () => {
  it('lets waits that follow one another run out together', () => {
    const one = typicalSeconds([waitForMember('eu-west-1')])
    const five = typicalSeconds(times(5, () => waitForMember('eu-west-1')))
    expect(one).toBe(10)
    expect(five).toBeLessThan(one + 2)
    const apart = typicalSeconds([waitForMember('a'), replicate('us-east-1', 'eu-west-1'), waitForMember('b')])
    expect(apart).toBeGreaterThanOrEqual(20)
  })

  it('gives new key material and a promotion more time than an alias', () => {
    const [alias, promotion, rotation] = [
      waitFor('', 'us-east-1', { is: 'alias', region: 'us-east-1', name: 'alias/a', keyId: KEY }),
      waitFor('', 'us-east-1', { is: 'primary', keyId: KEY, from: 'us-east-1', to: 'eu-west-1' }),
      waitFor('', 'us-east-1', { is: 'rotated', keyId: KEY, region: 'us-east-1', materialBefore: null }),
    ].map((each) => typicalSeconds([each]))
    expect([alias, promotion, rotation]).toEqual([2, 30, 60])
  })

  it('grows with the Regions in which a proof is tried', () => {
    const key = { keyId: KEY, keySpec: 'SYMMETRIC_DEFAULT', keyUsage: 'ENCRYPT_DECRYPT' }
    const regions = times(10, () => waitForMember('')).map((_, at) => `eu-west-${at}`)
    expect(typicalSeconds(prove(key, 'us-east-1', regions))).toBe(4)
  })
})

describe('secondsInWaves', () => {
  const part = () => [promote('us-east-1', 'eu-west-1')]

  it('counts the first part as a barrier, and the others against the quotas after it', () => {
    expect(secondsInWaves([])).toEqual({ minimumSeconds: 0, typicalSeconds: 0 })
    expect(secondsInWaves([part()]).minimumSeconds).toBe(0.2)
    expect(secondsInWaves(Array.from({ length: 300 }, part)).minimumSeconds).toBe(60)
    // Two quotas that others use at the same time are used one after the other here.
    const canary = [replicate('us-east-1', 'eu-west-1')]
    expect(minimumSeconds([...canary, ...part()])).toBe(0.4)
    expect(secondsInWaves([canary, part()]).minimumSeconds).toBe(0.6)
  })

  it('lets the waits of all parts but the first run out beside each other', () => {
    const waiting = () => [...part(), waitForMember('eu-west-1')]
    const [one, two, ten] = [1, 2, 10].map(
      (many) => secondsInWaves(Array.from({ length: many }, waiting)).typicalSeconds,
    )
    expect(two).toBeGreaterThanOrEqual(2 * (one ?? 0))
    expect(ten).toBeLessThan((two ?? 0) + 3)
  })
})

const anyStep: fc.Arbitrary<StepDraft> = fc
  .record({
    kind: fc.constantFrom('replicate', 'promote', 'alias', 'wait'),
    regions: fc.tuple(fc.constantFrom('us-east-1', 'us-west-2'), fc.constantFrom('eu-west-1', 'eu-central-1')),
  })
  .map(({ kind, regions: [from, to] }) => {
    if (kind === 'replicate') return replicate(from, to)
    if (kind === 'promote') return promote(from, to)
    return kind === 'alias' ? step('CreateAlias', to) : waitForMember(to)
  })
const anySteps = fc.array(anyStep, { maxLength: 40 })

describe('durations of any steps', () => {
  it('never shrink when a step is added, and the floor does not mind the order', () => {
    fc.assert(
      fc.property(anySteps, anyStep, (steps, one) => {
        expect(minimumSeconds([...steps, one])).toBeGreaterThanOrEqual(minimumSeconds(steps))
        expect(typicalSeconds([...steps, one])).toBeGreaterThanOrEqual(typicalSeconds(steps))
        expect(minimumSeconds(steps.toReversed())).toBe(minimumSeconds(steps))
      }),
    )
  })

  it('never tell a typical time below the floor', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        expect(typicalSeconds(steps)).toBeGreaterThanOrEqual(minimumSeconds(steps))
      }),
    )
  })

  it('are no shorter in waves', () => {
    fc.assert(
      fc.property(fc.array(anySteps, { maxLength: 8 }), (parts) => {
        const inWaves = secondsInWaves(parts)
        expect(inWaves.minimumSeconds).toBeGreaterThanOrEqual(minimumSeconds(parts.flat()))
        expect(inWaves.typicalSeconds).toBeGreaterThanOrEqual(inWaves.minimumSeconds)
      }),
    )
  })
})
