import { describe, expect, it } from 'vitest'
import { nothingSelected, selecting, selectionInWords, shareSelected } from './selection'

const two = selecting(nothingSelected, ['mrk-a', 'mrk-b'], true)

describe('selecting', () => {
  it('adds and takes away, and leaves the selection before as it was', () => {
    expect([...selecting(two, ['mrk-b', 'mrk-c'], true)]).toEqual(['mrk-a', 'mrk-b', 'mrk-c'])
    expect([...selecting(two, ['mrk-b', 'mrk-c'], false)]).toEqual(['mrk-a'])
    expect([...two]).toEqual(['mrk-a', 'mrk-b'])
    expect(nothingSelected.size).toBe(0)
  })
})

describe('shareSelected', () => {
  it('is that of the list, whatever else is selected', () => {
    expect(shareSelected(two, ['mrk-a', 'mrk-b'])).toBe('all')
    expect(shareSelected(two, ['mrk-a', 'mrk-c'])).toBe('some')
    expect(shareSelected(two, ['mrk-c'])).toBe('none')
  })

  it('is none for an empty list', () => {
    expect(shareSelected(two, [])).toBe('none')
  })
})

describe('selectionInWords', () => {
  it('tells what a filter hides', () => {
    expect(selectionInWords({ selected: 0, hidden: 0, all: 1000 })).toBe('None selected')
    expect(selectionInWords({ selected: 1000, hidden: 0, all: 1000 })).toBe('1,000 of 1,000 selected')
    expect(selectionInWords({ selected: 12, hidden: 3, all: 1000 })).toBe(
      '12 of 1,000 selected, 3 of them not in the list now',
    )
    expect(selectionInWords({ selected: 1, hidden: 1, all: 2 })).toBe('1 of 2 selected, none of them in the list now')
  })
})
