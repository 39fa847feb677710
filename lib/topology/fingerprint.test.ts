import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assembleTopology } from './assemble'
import type { Facts } from './facts'
import { fingerprintText } from './fingerprint'
import { anyReadings, shuffled } from './scenarios/any-readings'
import { type GivenFamily, givenKeyId, givenReadings, READ_AT } from './scenarios/given-readings'

const LATER = '2026-11-23T23:59:00.000Z'
const KEY = givenKeyId('a1')
const family: GivenFamily = { keyId: KEY, primary: 'us-east-1', replicas: ['eu-west-1'], aliases: ['alias/billing'] }
const at = (place: string) => `${place}/${KEY}`

const facts: Facts = {
  takenAt: READ_AT,
  probes: { 'us-east-1': { ok: true, value: { latencyMs: 12 } }, 'eu-west-1': { ok: true, value: { latencyMs: 30 } } },
  policies: { [at('us-east-1')]: { ok: true, value: '{"Version":"2012-10-17"}' } },
  tags: {
    [at('us-east-1')]: {
      ok: true,
      value: [
        { key: 'team', value: 'pay' },
        { key: 'env', value: 'prod' },
      ],
    },
  },
  rotations: {
    [at('us-east-1')]: {
      ok: true,
      value: {
        enabled: true,
        periodInDays: 365,
        nextRotationDate: '2027-02-03T09:00:00.000Z',
        history: [{ date: '2026-02-03T09:00:00.000Z', type: 'AUTOMATIC', keyMaterialId: 'aa' }],
      },
    },
  },
  recentPromotions: {},
  limits: { maxReplicas: 10 },
}

const textOf = (change: Partial<GivenFamily> = {}, read: Facts = facts) => {
  const readings = givenReadings(['us-east-1', 'eu-west-1'], [{ ...family, ...change }])
  return fingerprintText(assembleTopology(readings, { version: 1, takenAt: READ_AT }), [KEY], read)
}

describe('fingerprintText', () => {
  it('ignores ages, latencies, next rotation dates and the order of everything', () => {
    const [usProbe, euProbe] = [facts.probes['us-east-1'], facts.probes['eu-west-1']]
    const rotation = facts.rotations[at('us-east-1')]
    if (!usProbe?.ok || !euProbe?.ok || !rotation?.ok) return expect.fail()
    const again: Facts = {
      ...facts,
      takenAt: LATER,
      probes: {
        'eu-west-1': { ok: true, value: { latencyMs: 900 } },
        'us-east-1': { ok: true, value: { latencyMs: 1 } },
      },
      tags: {
        [at('us-east-1')]: {
          ok: true,
          value: [
            { key: 'env', value: 'prod' },
            { key: 'team', value: 'pay' },
          ],
        },
      },
      rotations: { [at('us-east-1')]: { ok: true, value: { ...rotation.value, nextRotationDate: LATER } } },
    }
    const all = { asOf: LATER, rotation: { enabled: true, periodInDays: 365, nextRotationDate: LATER } }
    expect(textOf({ all }, again)).toBe(textOf())
  })

  it('is the same for readings and key ids in any order', () => {
    const keyIds = Array.from({ length: 10 }, (_, digit) => givenKeyId(`a${digit}`))
    const twice = anyReadings.chain((readings) => fc.tuple(fc.constant(readings), shuffled(readings)))
    fc.assert(
      fc.property(twice, fc.shuffledSubarray(keyIds, { minLength: 10 }), ([readings, others], otherIds) => {
        const older = assembleTopology(readings, { version: 1, takenAt: READ_AT })
        const newer = assembleTopology(others, { version: 2, takenAt: LATER })
        expect(fingerprintText(newer, [...otherIds, ...keyIds], facts)).toBe(fingerprintText(older, keyIds, facts))
      }),
    )
  })

  it.each<[string, Partial<GivenFamily>]>([
    ['a state', { in: { 'eu-west-1': { state: 'Disabled' } } }],
    ['a role', { primary: 'eu-west-1', replicas: ['us-east-1'] }],
    ['an alias', { aliases: ['alias/invoices'] }],
    ['rotation', { all: { rotation: { enabled: false } } }],
    ['the rotation period', { all: { rotation: { enabled: true, periodInDays: 90 } } }],
    ['a description', { all: { description: 'Invoices' } }],
    ['the key material', { all: { currentKeyMaterialId: 'bb' } }],
    ['a member less', { replicas: [] }],
  ])('differs when the family differs in %s', (_, change) => {
    expect(textOf(change)).not.toBe(textOf())
  })

  it.each<[string, Partial<Facts>]>([
    [
      'a Region that stopped answering',
      { probes: { ...facts.probes, 'eu-west-1': { ok: false, reason: 'TimeoutError', message: '' } } },
    ],
    ['a policy', { policies: { [at('us-east-1')]: { ok: true, value: '{}' } } }],
    ['a tag', { tags: { [at('us-east-1')]: { ok: true, value: [{ key: 'team', value: 'pay' }] } } }],
    [
      'the reason of a refusal',
      { tags: { [at('us-east-1')]: { ok: false, reason: 'AccessDeniedException', message: '' } } },
    ],
    [
      'rotations',
      { rotations: { [at('us-east-1')]: { ok: true, value: { enabled: true, periodInDays: 365, history: [] } } } },
    ],
    ['the replica limit', { limits: { maxReplicas: 3 } }],
  ])('differs when the facts differ in %s', (_, change) => {
    expect(textOf({}, { ...facts, ...change })).not.toBe(textOf())
  })

  it('does not differ by the wording of a refusal, which holds request ids', () => {
    const refused = (message: string): Facts => ({
      ...facts,
      policies: { [at('us-east-1')]: { ok: false, reason: 'AccessDeniedException', message } },
    })
    expect(textOf({}, refused('request 1'))).toBe(textOf({}, refused('request 2')))
  })

  it('tells a family that is gone from one that is there', () => {
    const gone = fingerprintText({ families: [] }, [KEY], facts)
    expect(gone).not.toBe(textOf())
    expect(gone).toContain(KEY)
  })

  it('leaves out families that the plan does not touch', () => {
    const one = assembleTopology(givenReadings(['us-east-1'], [{ keyId: KEY, primary: 'us-east-1' }]), {
      version: 1,
      takenAt: READ_AT,
    })
    const two = assembleTopology(
      givenReadings(
        ['us-east-1'],
        [
          { keyId: KEY, primary: 'us-east-1' },
          { keyId: givenKeyId('b2'), primary: 'us-east-1' },
        ],
      ),
      { version: 1, takenAt: READ_AT },
    )
    expect(fingerprintText(two, [KEY], facts)).toBe(fingerprintText(one, [KEY], facts))
  })
})
