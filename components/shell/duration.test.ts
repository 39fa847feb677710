import { describe, expect, it } from 'vitest'
import { durationInWords, millisecondsBetween } from './duration'

describe('durationInWords', () => {
  it.each([
    [0, '0 s'],
    [-5, '0 s'],
    [340, '0.3 s'],
    [2_000, '2 s'],
    [9_940, '9.9 s'],
    [9_960, '10 s'],
    [59_400, '59 s'],
    [59_600, '1 min'],
    [125_000, '2 min 5 s'],
    [3_600_000, '1 h'],
    [11_040_000, '3 h 4 min'],
  ])('says %d ms as %s', (milliseconds, words) => {
    expect(durationInWords(milliseconds)).toBe(words)
  })
})

describe('millisecondsBetween', () => {
  it('counts from the first to the second', () => {
    expect(millisecondsBetween('2026-11-23T22:10:00.000Z', '2026-11-23T22:10:02.500Z')).toBe(2_500)
  })
})
