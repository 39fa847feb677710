'use client'

import { memo } from 'react'
import { familyName } from '@/lib/topology/family'
import type { Family } from '@/lib/topology/topology'
import { focusable } from './cell-place'
import { AliasCell } from './family-cells'
import grid from './grid.module.css'
import styles from './keys-table.module.css'
import { columns } from './table-columns'

interface TableRowProps {
  family: Family
  /** On its page. */
  index: number
  /** In the whole list, from 1. */
  number: number
  /** The column that Tab leads to; null in every row but one. */
  tabStop: number | null
  isMarked: boolean
  isSelected: boolean
  onSelect: (keyIds: readonly string[], isSelected: boolean) => void
}

/** Checkbox and name come before the columns. */
const FIRST_COLUMN = 2

export const TableRow = memo(function TableRow(props: TableRowProps) {
  const { family, index, number, tabStop, isMarked, isSelected, onSelect } = props
  const { keyId } = family
  return (
    <tr
      aria-rowindex={number + 1}
      aria-selected={isSelected}
      className={`${grid.row} ${styles.line} ${styles.row}`}
      data-key-id={keyId}
      data-marked={isMarked || undefined}
    >
      <td aria-colindex={1} className={styles.check}>
        <input
          {...focusable({ at: `${index}:0`, isTabStop: tabStop === 0 })}
          type="checkbox"
          aria-label={`Select ${familyName(family)}`}
          checked={isSelected}
          onChange={({ currentTarget }) => onSelect([keyId], currentTarget.checked)}
        />
      </td>
      <th scope="row" aria-colindex={2} className={`${grid.name} ${styles.name}`}>
        <AliasCell family={family} at={`${index}:1`} isTabStop={tabStop === 1} isMarked={isMarked} />
      </th>
      {columns.map(({ id, cell, hasControl }, position) => {
        const column = position + FIRST_COLUMN
        const place = { at: `${index}:${column}`, isTabStop: tabStop === column }
        return hasControl(family) ? (
          <td key={id} aria-colindex={column + 1} className={styles.cell}>
            {cell(family, place)}
          </td>
        ) : (
          <td key={id} aria-colindex={column + 1} className={styles.cell} {...focusable(place)}>
            {cell(family, place)}
          </td>
        )
      })}
    </tr>
  )
})
