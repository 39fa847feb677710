'use client'

import { memo, useMemo } from 'react'
import { type BlindSpot, leftOutOfAll } from '@/lib/topology/blind-spots'
import type { Family } from '@/lib/topology/topology'
import { type Selection, selectionInWords, shareSelected } from './selection'
import styles from './selection-bar.module.css'

interface SelectionBarProps {
  families: readonly Family[]
  /** Those that match, of all pages. */
  matching: readonly Family[]
  selection: Selection
  /** Blind spots of the whole topology. */
  spots: readonly BlindSpot[]
  onSelect: (keyIds: readonly string[], isSelected: boolean) => void
  onClear: () => void
}

/** How many families are selected, and all that match by one click, with what that leaves out. It keeps its place when there is nothing to say. */
export const SelectionBar = memo(function SelectionBar(props: SelectionBarProps) {
  const { families, matching, selection, spots, onSelect, onClear } = props
  const ids = useMemo(() => matching.map(({ keyId }) => keyId), [matching])
  const leftOut = useMemo(() => leftOutOfAll(spots, matching).join(' '), [spots, matching])
  const selected = families.filter(({ keyId }) => selection.has(keyId)).length
  const hidden = selected - ids.filter((keyId) => selection.has(keyId)).length
  return (
    <div className={styles.bar}>
      <span role="status">{selectionInWords({ selected, hidden, all: families.length })}</span>
      {ids.length > 0 && shareSelected(selection, ids) !== 'all' ? (
        <button type="button" className={styles.link} onClick={() => onSelect(ids, true)}>
          {ids.length === 1
            ? 'Select the one that matches'
            : `Select all ${ids.length.toLocaleString('en-US')} that match`}
        </button>
      ) : null}
      {selected > 0 ? (
        <button type="button" className={styles.link} onClick={onClear}>
          Clear selection
        </button>
      ) : null}
      {leftOut === '' ? null : <span className={styles.leftOut}>{`All that match: ${leftOut}`}</span>}
    </div>
  )
})
