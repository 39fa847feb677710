import { describe, expect, it } from 'vitest'
import { assembleTopology } from './assemble'
import type { Read, RotationFacts } from './facts'
import {
  dayInWords,
  materialHistory,
  materialStateInWords,
  onDemandLeft,
  originInWords,
  rotationInWords,
  settingInWords,
} from './rotation-words'
import { type GivenFamily, givenKeyId, givenReadings, READ_AT } from './scenarios/given-readings'

const given = (all: GivenFamily['all'] = {}) =>
  assembleTopology(givenReadings(['us-east-1'], [{ keyId: givenKeyId('a1'), primary: 'us-east-1', all }]), {
    version: 1,
    takenAt: READ_AT,
  }).families[0] ?? expect.fail('the family is there')

const read = (history: RotationFacts['history']): Read<RotationFacts> => ({
  ok: true,
  value: { enabled: true, history },
})

describe('rotationInWords', () => {
  it.each([
    ['rotates every 365 days, next 3 Feb 2027', {}],
    ['automatic rotation is off', { rotation: { enabled: false } }],
    ['no rotation while it is pending deletion', { rotation: { enabled: false }, state: 'PendingDeletion' as const }],
    ['rotates automatically', { rotation: { enabled: true } }],
    ['rotation not read yet', { rotation: null }],
    ['KMS does not rotate this kind', { keySpec: 'RSA_2048', keyUsage: 'SIGN_VERIFY', rotation: null }],
    ['imported key material, rotated on demand only', { origin: 'EXTERNAL', rotation: null }],
  ])('says %j', (words, all) => {
    expect(rotationInWords(given(all))).toBe(words)
  })
})

describe('settingInWords and dayInWords', () => {
  it('tell a setting that was not read from one that is off', () => {
    expect(settingInWords(null)).toBeNull()
    expect(settingInWords({ enabled: false })).toBe('off')
  })

  it('go by UTC', () => {
    expect(dayInWords('2027-03-12T23:59:59.000Z')).toBe('12 Mar 2027')
    expect(dayInWords('2026-09-01T00:00:00.000Z')).toBe('1 Sep 2026')
  })
})

describe('onDemandLeft', () => {
  it('counts rotations on demand only, and never below none', () => {
    const entry = { type: 'ON_DEMAND' as const, date: READ_AT }
    expect(onDemandLeft(read([entry, { type: 'AUTOMATIC', date: READ_AT }, {}]))).toBe(24)
    expect(onDemandLeft(read(Array.from({ length: 26 }, () => entry)))).toBe(0)
    expect(onDemandLeft(undefined)).toBeNull()
    expect(onDemandLeft({ ok: false, reason: 'AccessDeniedException', message: 'no' })).toBeNull()
  })
})

describe('materialHistory', () => {
  it('joins what the members show, newest first, and tells who shows it', () => {
    const first = { keyMaterialId: 'a', state: 'NON_CURRENT' }
    const second = {
      keyMaterialId: 'b',
      state: 'CURRENT',
      date: '2026-02-01T00:00:00.000Z',
      type: 'ON_DEMAND' as const,
    }
    const waiting = { keyMaterialId: 'c', state: 'PENDING_ROTATION' }
    const rows = materialHistory([
      { region: 'eu-west-1', rotations: read([first]) },
      { region: 'us-east-1', rotations: read([second, first, waiting]) },
      { region: 'us-west-2', rotations: { ok: false, reason: 'AccessDeniedException', message: 'no' } },
      { region: 'ap-south-1', rotations: undefined },
    ])
    expect(rows.map(({ keyMaterialId, seenIn }) => [keyMaterialId, seenIn])).toEqual([
      ['c', ['us-east-1']],
      ['b', ['us-east-1']],
      ['a', ['eu-west-1', 'us-east-1']],
    ])
    expect(rows.map(originInWords)).toEqual(['Imported, not used yet', 'Rotation on demand', 'First key material'])
  })

  it('shows states that are not known here as KMS spells them', () => {
    expect(materialStateInWords('CURRENT')).toBe('encrypts and decrypts')
    expect(materialStateInWords('SOMETHING_NEW')).toBe('SOMETHING_NEW')
    expect(materialStateInWords('constructor')).toBe('constructor')
  })
})
