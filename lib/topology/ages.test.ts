import { describe, expect, it } from 'vitest'
import { ageInWords, exactTime, spanInWords } from './ages'

const NOW = Date.parse('2026-11-23T22:10:00.000Z')
const before = (ms: number) => new Date(NOW - ms).toISOString()

describe('spanInWords', () => {
  it.each([
    [-5, '0 s'],
    [999, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [99 * 60_000, '99 min'],
    [100 * 60_000, '1 h'],
    [47.9 * 3_600_000, '47 h'],
    [48 * 3_600_000, '2 days'],
    [4_000 * 86_400_000, '4,000 days'],
  ])('says %d ms as %s', (ms, words) => {
    expect(spanInWords(ms)).toBe(words)
  })
})

describe('ageInWords', () => {
  it.each([
    [3_000, '3 s ago'],
    [0, '0 s ago'],
    [-1_500, 'now'],
    [-2_000, 'in 2 s'],
    [-12 * 86_400_000, 'in 12 days'],
  ])('says a time %d ms ago as %s', (ms, words) => {
    expect(ageInWords(before(ms), NOW)).toBe(words)
  })

  it('leaves alone what is no time', () => {
    expect(ageInWords('soon', NOW)).toBe('soon')
  })
})

describe('exactTime', () => {
  it('says the time in UTC', () => {
    expect(exactTime('2026-11-23T23:10:04.123+01:00')).toBe('2026-11-23 22:10:04 UTC')
    expect(exactTime('soon')).toBe('soon')
  })
})
