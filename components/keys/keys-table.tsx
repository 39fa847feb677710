'use client'

import Header from '@cloudscape-design/components/header'
import Pagination from '@cloudscape-design/components/pagination'
import Table, { type TableProps } from '@cloudscape-design/components/table'
import { useRouter } from 'next/navigation'
import { type KeyboardEvent, memo, type ReactNode, useEffect, useRef } from 'react'
import type { Sort, SortColumn } from '@/lib/topology/family-order'
import type { Family } from '@/lib/topology/topology'
import {
  AliasCell,
  FindingsCell,
  KeyIdCell,
  KindCell,
  MembersCell,
  PrimaryCell,
  RotationCell,
  StateCell,
} from './family-cells'

const PAGE_SIZE = 100

/** As many rows as a screen shows before the first answer. */
const SKELETON_ROWS = 10

type Column = TableProps.ColumnDefinition<Family> & { id: SortColumn }

/** All but kind and key id are together as wide as a screen of 1280 px leaves: no column is cut off in its middle. */
const described: Omit<Column, 'sortingField' | 'sortingComparator'>[] = [
  { id: 'alias', header: 'Alias', minWidth: 172, isRowHeader: true, cell: (family) => <AliasCell family={family} /> },
  { id: 'members', header: 'Members', minWidth: 248, cell: (family) => <MembersCell family={family} /> },
  { id: 'state', header: 'Key state', minWidth: 176, cell: (family) => <StateCell family={family} /> },
  { id: 'findings', header: 'Findings', minWidth: 130, cell: (family) => <FindingsCell family={family} /> },
  { id: 'primary', header: 'Primary Region', minWidth: 145, cell: (family) => <PrimaryCell family={family} /> },
  { id: 'rotation', header: 'Rotation', minWidth: 165, cell: (family) => <RotationCell family={family} /> },
  { id: 'kind', header: 'Kind', minWidth: 200, cell: (family) => <KindCell family={family} /> },
  { id: 'key', header: 'Key id', minWidth: 190, cell: (family) => <KeyIdCell family={family} /> },
]

/** Sorting is done before paging, by `sortFamilies`: the field only says which column it is. */
const columns: Column[] = described.map((column) => ({ ...column, sortingField: column.id }))

const isSortedColumn = (column: TableProps.SortingColumn<Family>): column is Column =>
  columns.some(({ id }) => id === column.sortingField)

import { rememberOpened } from './last-opened'

interface KeysTableProps {
  /** All that match, in order. */
  families: readonly Family[]
  /** Before the first answer. */
  loading: boolean
  counter: string
  sort: Sort
  /** Null: the page of the marked family, else the first. */
  page: number | null
  marked: string | null
  empty: ReactNode
  onSort: (sort: Sort) => void
  onPage: (page: number) => void
}

/** The family that Enter opens: that of the cell in focus, unless the cell has controls of its own. */
function familyToOpen(target: EventTarget): string | null {
  if (!(target instanceof HTMLTableCellElement) || target.querySelector('a, button')) return null
  return target.closest('tr')?.querySelector('[data-key-id]')?.getAttribute('data-key-id') ?? null
}

export const KeysTable = memo(function KeysTable(props: KeysTableProps) {
  const { families, loading, counter, sort, page, marked, empty, onSort, onPage } = props
  const router = useRouter()
  const root = useRef<HTMLDivElement>(null)
  const pages = Math.max(1, Math.ceil(families.length / PAGE_SIZE))
  const markedIndex = marked === null ? -1 : families.findIndex(({ keyId }) => keyId === marked)
  const current = Math.min(pages, page ?? Math.floor(Math.max(0, markedIndex) / PAGE_SIZE) + 1)
  const items = families.slice((current - 1) * PAGE_SIZE, current * PAGE_SIZE)

  // Who comes back finds the family that was opened; afterwards scrolling is the person's own.
  useEffect(() => {
    root.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'center' })
  }, [])

  const openOnEnter = (event: KeyboardEvent) => {
    const keyId = event.key === 'Enter' ? familyToOpen(event.target) : null
    if (keyId === null) return
    rememberOpened(keyId)
    router.push(`/keys/${keyId}`)
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only hears Enter on the cells of the table inside, which take the focus.
    <div ref={root} onKeyDown={openOnEnter}>
      <Table
        header={
          <Header variant="h2" counter={counter}>
            Families
          </Header>
        }
        items={items}
        trackBy="keyId"
        columnDefinitions={columns}
        loading={loading}
        loadingText="Reading every Region"
        skeleton={{ totalRows: SKELETON_ROWS }}
        empty={empty}
        wrapLines
        contentDensity="compact"
        cellVerticalAlign="top"
        stickyColumns={{ first: 1 }}
        enableKeyboardNavigation
        sortingColumn={columns.find(({ id }) => id === sort.by)}
        sortingDescending={sort.descending}
        onSortingChange={({ detail }) => {
          const { sortingColumn, isDescending = false } = detail
          if (isSortedColumn(sortingColumn)) onSort({ by: sortingColumn.id, descending: isDescending })
        }}
        totalItemsCount={families.length}
        firstIndex={(current - 1) * PAGE_SIZE + 1}
        ariaLabels={{ tableLabel: 'Families' }}
        pagination={
          pages > 1 ? (
            <Pagination
              currentPageIndex={current}
              pagesCount={pages}
              onChange={({ detail }) => onPage(detail.currentPageIndex)}
            />
          ) : null
        }
      />
    </div>
  )
})
