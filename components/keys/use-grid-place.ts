// Where the keyboard stands in a grid of families: kept by key id, so that a family that moves takes the focus along.

import { type FocusEvent, type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from 'react'
import type { Family } from '@/lib/topology/topology'
import { type Place, placeAfter } from './grid-keys'

interface GridSize {
  /** The rows, in order. */
  families: readonly Family[]
  columns: number
  /** The family in which Tab arrives first; the first one when it is null or not there. */
  start: string | null
  /** In which its controls carry `data-at="row:column"`. */
  grid: RefObject<HTMLElement | null>
  /** Brings a row into view, and into being where only rows in view are drawn. */
  reveal?: (row: number) => void
}

/** The control that has `data-at`, or that stands in the cell which has. */
const atOf = ({ row, column }: Place) => `${row}:${column}`

/** `active` is where Tab leads; the handlers belong on the grid. */
export function useGridPlace({ families, columns, start, grid, reveal }: GridSize) {
  const [place, setPlace] = useState({ keyId: start, column: 0 })
  const placedRow = families.findIndex(({ keyId }) => keyId === place.keyId)
  const active: Place = { row: Math.max(0, placedRow), column: Math.min(place.column, columns - 1) }

  const awaited = useRef<string | null>(null)
  useLayoutEffect(() => {
    if (awaited.current === null) return
    const target = grid.current?.querySelector<HTMLElement>(`[data-at="${awaited.current}"]`)
    if (!target) return
    awaited.current = null
    target.focus()
  })

  const onKeyDown = (event: KeyboardEvent) => {
    // Keys in an open popover come here too, through React's tree: they are not the grid's.
    if (!(event.target instanceof Element) || !event.currentTarget.contains(event.target)) return
    if (event.altKey || event.metaKey || event.shiftKey) return
    const next = placeAfter(event.key, active, { rows: families.length, columns, ctrl: event.ctrlKey })
    const family = next && families[next.row]
    if (!next || !family) return
    event.preventDefault()
    awaited.current = atOf(next)
    reveal?.(next.row)
    setPlace({ keyId: family.keyId, column: next.column })
  }

  const onFocus = (event: FocusEvent) => {
    const at = event.target.getAttribute('data-at')
    if (at === null) return
    const [row = 0, column = 0] = at.split(':').map(Number)
    const keyId = families[row]?.keyId
    if (keyId) setPlace((before) => (before.keyId === keyId && before.column === column ? before : { keyId, column }))
  }

  return { active, placedRow, onKeyDown, onFocus }
}
