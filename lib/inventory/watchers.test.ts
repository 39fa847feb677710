import { expect, it } from 'vitest'
import { MOST_OPEN, Watchers } from './watchers'

const keyIds = (count: number) => Array.from({ length: count }, (_, index) => `mrk-${index}`)

it('somebody watches for a while after each look', () => {
  const watchers = new Watchers()
  expect(watchers.watched(0)).toBe(false)
  expect(watchers.seen([], 0)).toBe(true)
  expect(watchers.seen([], 30_000)).toBe(false)
  expect(watchers.watched(60_000)).toBe(true)
  expect(watchers.watched(80_000)).toBe(false)
  expect(watchers.seen([], 80_000)).toBe(true)
})

it('families are open for a while, and of many those looked at last', () => {
  const watchers = new Watchers()
  watchers.seen(keyIds(MOST_OPEN + 10), 0)
  watchers.seen(['mrk-0'], 1_000)
  const open = watchers.open(1_000)
  expect(open).toHaveLength(MOST_OPEN)
  expect(open).toContain('mrk-0')
  expect(open).not.toContain('mrk-1')
  expect(watchers.open(45_500)).toEqual(['mrk-0'])
  expect(watchers.open(60_000)).toEqual([])
})
