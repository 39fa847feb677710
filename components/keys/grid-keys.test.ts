import { describe, expect, it } from 'vitest'
import { placeAfter } from './grid-keys'

const from = { row: 5, column: 2 }
const size = { rows: 100, columns: 7, ctrl: false }

describe('placeAfter', () => {
  it.each([
    ['ArrowUp', 4, 2],
    ['ArrowDown', 6, 2],
    ['ArrowLeft', 5, 1],
    ['ArrowRight', 5, 3],
    ['Home', 5, 0],
    ['End', 5, 6],
    ['PageUp', 0, 2],
    ['PageDown', 15, 2],
  ])('%s leads to row %i, column %i', (key, row, column) => {
    expect(placeAfter(key, from, size)).toEqual({ row, column })
  })

  it('leads to the corners with Ctrl', () => {
    expect(placeAfter('Home', from, { ...size, ctrl: true })).toEqual({ row: 0, column: 0 })
    expect(placeAfter('End', from, { ...size, ctrl: true })).toEqual({ row: 99, column: 6 })
  })

  it('stays inside', () => {
    expect(placeAfter('ArrowUp', { row: 0, column: 0 }, size)).toEqual({ row: 0, column: 0 })
    expect(placeAfter('PageDown', { row: 98, column: 0 }, size)).toEqual({ row: 99, column: 0 })
    expect(placeAfter('ArrowRight', { row: 0, column: 6 }, size)).toEqual({ row: 0, column: 6 })
    expect(placeAfter('ArrowDown', { row: 0, column: 0 }, { rows: 0, columns: 0, ctrl: false })).toEqual({
      row: 0,
      column: 0,
    })
  })

  it('leaves other keys alone', () => {
    for (const key of ['Enter', ' ', 'Tab', 'a', 'Escape']) expect(placeAfter(key, from, size)).toBeNull()
  })
})
