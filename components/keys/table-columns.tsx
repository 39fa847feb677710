// The columns of the key list, as data: what they are called, how wide they are, what they show.

import type { ReactNode } from 'react'
import type { SortColumn } from '@/lib/topology/family-order'
import type { Family } from '@/lib/topology/topology'
import type { CellPlace } from './cell-place'
import {
  FindingsCell,
  KeyIdCell,
  KindCell,
  MembersCell,
  PrimaryCell,
  RotationCell,
  StateCell,
  statesDiffer,
} from './family-cells'

interface Column {
  id: SortColumn
  header: string
  /** Least width in px, and how it shares what is left. */
  width: number
  share: number
  /** `place` is for the control in it, where there is one. */
  cell: (family: Family, place: CellPlace) => ReactNode
  /** Whether the keyboard goes to a control in the cell, and not to the cell itself. */
  hasControl: (family: Family) => boolean
}

const never = () => false
const always = () => true

/** The column before all others, which names the row. */
export const ALIAS_HEADER = 'Alias'

/** All but kind and key id fit a screen of 1280 px, beside the name: no column is cut off in its middle. */
export const columns: readonly Column[] = [
  {
    id: 'members',
    header: 'Members',
    width: 248,
    share: 2,
    cell: (family) => <MembersCell family={family} />,
    hasControl: never,
  },
  {
    id: 'state',
    header: 'Key state',
    width: 150,
    share: 1,
    cell: (family, place) => <StateCell family={family} {...place} />,
    hasControl: statesDiffer,
  },
  {
    id: 'findings',
    header: 'Findings',
    width: 124,
    share: 1,
    cell: (family, place) => <FindingsCell family={family} {...place} />,
    hasControl: ({ findings }) => findings.length > 0,
  },
  {
    id: 'primary',
    header: 'Primary Region',
    width: 140,
    share: 1,
    cell: (family) => <PrimaryCell family={family} />,
    hasControl: never,
  },
  {
    id: 'rotation',
    header: 'Rotation',
    width: 148,
    share: 1,
    cell: (family) => <RotationCell family={family} />,
    hasControl: never,
  },
  {
    id: 'kind',
    header: 'Kind',
    width: 200,
    share: 1,
    cell: (family) => <KindCell family={family} />,
    hasControl: never,
  },
  {
    id: 'key',
    header: 'Key id',
    width: 190,
    share: 1,
    cell: (family, place) => <KeyIdCell family={family} {...place} />,
    hasControl: always,
  },
]

/** For `grid-template-columns`, after the column of the checkboxes. */
export const gridColumns = [
  'minmax(var(--name), 1.4fr)',
  ...columns.map(({ width, share }) => `minmax(${width}px, ${share}fr)`),
].join(' ')

/** Of all columns but the first two, in px. */
export const leastWidth = columns.reduce((sum, { width }) => sum + width, 0)
