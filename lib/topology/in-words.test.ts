import { describe, expect, it } from 'vitest'
import { inWords } from './in-words'

describe('inWords', () => {
  it.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
    [['a', 'b', 'c', 'd', 'e', 'f'], 'a, b, c, d, e and f'],
    [['a', 'b', 'c', 'd', 'e', 'f', 'g'], 'a, b, c, d, e and 2 more'],
  ])('%j reads "%s"', (items, words) => {
    expect(inWords(items)).toBe(words)
  })
})
