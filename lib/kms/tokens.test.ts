import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quotaOf } from '@/lib/topology/request-quotas'
import { burst, type PacedCall, Tokens } from './tokens'

const REGION = 'eu-west-1'
const background = (operation = 'DescribeKey'): PacedCall => ({ region: REGION, operation, purpose: 'background' })
const run = (operation = 'DescribeKey'): PacedCall => ({ region: REGION, operation, purpose: 'run' })

/** How many go through when as many as can be are asked for, each millisecond. */
function takenIn(tokens: Tokens, call: PacedCall, fromMs: number, untilMs: number): number {
  let taken = 0
  for (let now = fromMs; now < untilMs; now += 1) while (tokens.take(call, now) === 0) taken += 1
  return taken
}

describe('Tokens', () => {
  it('gives background reads a share of each quota, and runs all of it', () => {
    expect(takenIn(new Tokens(0.25), background(), 0, 10_000)).toBeCloseTo(5_000 + 50, -1)
    expect(takenIn(new Tokens(0.25), run(), 0, 10_000)).toBeCloseTo(20_000 + 200, -1)
    expect(takenIn(new Tokens(0.1), background('ListKeys'), 0, 10_000)).toBeCloseTo(500 + 5, -1)
    expect(takenIn(new Tokens(0.25), background('GetKeyLastUsage'), 0, 10_000)).toBeCloseTo(12.5 + 1, -1)
  })

  it('counts each Region and each operation by itself', () => {
    const tokens = new Tokens(0.25)
    takenIn(tokens, background(), 0, 1)
    expect(tokens.take(background(), 0)).toBeGreaterThan(0)
    expect(tokens.take({ ...background(), region: 'us-east-1' }, 0)).toBe(0)
    expect(tokens.take(background('ListKeys'), 0)).toBe(0)
  })

  it('does not hold up cryptography', () => {
    const tokens = new Tokens(0.25)
    for (let i = 0; i < 1_000; i += 1) expect(tokens.take(run('Encrypt'), 0)).toBe(0)
  })

  it('gives changes all of their quota, from timers that are late too', () => {
    const tokens = new Tokens(0.25)
    let taken = 0
    for (let now = 0; now < 60_000; ) {
      const wait = tokens.take(run('UpdatePrimaryRegion'), now)
      if (wait === 0) taken += 1
      else now += wait + 20
    }
    expect(taken).toBeLessThanOrEqual(302)
    expect(taken).toBeGreaterThanOrEqual(298)
  })

  it('counts several at once, also more than there ever are at a time', () => {
    const tokens = new Tokens(0.25)
    let taken = 0
    for (let now = 0; now < 60_000; now += 1) while (tokens.take(run('CreateKey'), now, 2) === 0) taken += 1
    expect(taken).toBeGreaterThanOrEqual(149)
    expect(taken).toBeLessThanOrEqual(151)
  })

  it('takes back what was not needed', () => {
    const tokens = new Tokens(0.25)
    expect(tokens.take(run('UpdatePrimaryRegion'), 0)).toBe(0)
    tokens.giveBack(run('UpdatePrimaryRegion'), 0)
    expect(tokens.take(run('UpdatePrimaryRegion'), 0)).toBe(0)
    expect(tokens.take(run('UpdatePrimaryRegion'), 0)).toBeGreaterThan(0)
  })

  it('leaves runs what the background may not take', () => {
    const tokens = new Tokens(0.25)
    let ofRun = 0
    let ofBackground = 0
    for (let now = 0; now < 1_000; now += 1) {
      while (tokens.take(background(), now) === 0) ofBackground += 1
      while (tokens.take(run(), now) === 0) ofRun += 1
    }
    expect(ofBackground).toBeLessThanOrEqual(550)
    expect(ofRun).toBeGreaterThanOrEqual(1_500)
    expect(ofRun + ofBackground).toBeLessThanOrEqual(2_200)
  })

  it('halves the pace once for calls that were throttled together, down to a least one, and recovers evenly', () => {
    const tokens = new Tokens(0.25)
    tokens.throttled(background(), 0, 100)
    tokens.throttled(background(), 50, 101)
    expect(tokens.perSecond(background(), 101)).toBeCloseTo(250, 0)
    expect(tokens.perSecond(background('ListKeys'), 101)).toBe(125)
    tokens.throttled(run(), 102, 103)
    expect(tokens.perSecond(background(), 103)).toBeCloseTo(125, 0)
    expect(tokens.perSecond(background(), 5_103)).toBeCloseTo(250, 0)
    expect(tokens.perSecond(background(), 60_000)).toBe(500)

    for (let now = 60_000; now < 60_100; now += 1) tokens.throttled(background(), now, now)
    expect(tokens.perSecond(background(), 60_100)).toBeCloseTo(500 / 16, 0)
  })

  it('never gives more than its pace allows, whoever asks when, and keeps its word about when to ask again', () => {
    const operations = ['DescribeKey', 'ListKeys', 'ListGrants', 'GetKeyLastUsage'] as const
    const asking = fc.record({
      after: fc.integer({ min: 0, max: 300 }),
      operation: fc.constantFrom(...operations),
      purpose: fc.constantFrom('background', 'background', 'run'),
      times: fc.integer({ min: 1, max: 200 }),
      throttled: fc.integer({ min: 0, max: 19 }).map((number) => number === 0),
    })
    fc.assert(
      fc.property(fc.array(asking, { maxLength: 60 }), fc.constantFrom(0.05, 0.25, 1), (askings, share) => {
        const tokens = new Tokens(share)
        const taken = new Map<string, number>()
        let now = 0
        for (const { after, operation, purpose, times, throttled } of askings) {
          now += after
          const call: PacedCall = { region: REGION, operation, purpose: purpose as PacedCall['purpose'] }
          if (throttled) tokens.throttled(call, now, now)
          for (let i = 0; i < times; i += 1) {
            const wait = tokens.take(call, now)
            if (wait === 0) {
              taken.set(operation, (taken.get(operation) ?? 0) + 1)
              if (purpose === 'background')
                taken.set(`${operation} background`, (taken.get(`${operation} background`) ?? 0) + 1)
              continue
            }
            expect(Number.isInteger(wait)).toBe(true)
            // A millisecond more for what is lost in fractions.
            if (i % 50 === 0) {
              now += wait + 1
              expect(tokens.take(call, now)).toBe(0)
              taken.set(operation, (taken.get(operation) ?? 0) + 1)
              if (purpose === 'background')
                taken.set(`${operation} background`, (taken.get(`${operation} background`) ?? 0) + 1)
            }
            break
          }
          for (const each of operations) {
            const quota = quotaOf(each) ?? 0
            const most = (perSecond: number) => (perSecond * now) / 1000 + burst(perSecond) + 0.001
            expect(taken.get(each) ?? 0).toBeLessThanOrEqual(most(quota))
            expect(taken.get(`${each} background`) ?? 0).toBeLessThanOrEqual(most(quota * share))
          }
        }
      }),
      { numRuns: 200 },
    )
  })
})
