'use client'

import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Pagination from '@cloudscape-design/components/pagination'
import Skeleton from '@cloudscape-design/components/skeleton'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useRouter } from 'next/navigation'
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type ReactNode,
  useDeferredValue,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
} from 'react'
import type { Sort, SortColumn } from '@/lib/topology/family-order'
import type { Family } from '@/lib/topology/topology'
import grid from './grid.module.css'
import styles from './keys-table.module.css'
import { rememberOpened } from './last-opened'
import { type Selection, shareSelected } from './selection'
import { ALIAS_HEADER, columns, gridColumns, leastWidth } from './table-columns'
import { TableRow } from './table-row'
import { useGridPlace } from './use-grid-place'

const PAGE_SIZE = 100

/** More than fit a screen. */
const FIRST_ROWS = 25

/** As many rows as a screen shows before the first answer. */
const SKELETON_ROWS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

/** Checkbox and name stand before the columns. */
const FIRST_COLUMNS = 2

interface KeysTableProps {
  /** All that match, in order. */
  families: readonly Family[]
  /** Before the first answer. */
  loading: boolean
  counter: string
  /** Says which list this is: another one when filter or order are others, the same after a refresh. */
  list: string
  sort: Sort
  /** Null: the page of the marked family, else the first. */
  page: number | null
  marked: string | null
  selection: Selection
  empty: ReactNode
  onSort: (sort: Sort) => void
  onPage: (page: number) => void
  onSelect: (keyIds: readonly string[], isSelected: boolean) => void
}

/** The family that Enter opens: that of the cell in focus, unless the cell has controls of its own. */
function familyToOpen(target: EventTarget): string | null {
  if (!(target instanceof HTMLTableCellElement)) return null
  return target.closest('[data-key-id]')?.getAttribute('data-key-id') ?? null
}

/** The family that a click opens here; none when it asks the browser for another tab or window. */
function familyClicked(event: MouseEvent): string | null {
  const { target, button, ctrlKey, metaKey, shiftKey, altKey } = event
  if (button !== 0 || ctrlKey || metaKey || shiftKey || altKey || !(target instanceof Element)) return null
  return target.closest('[data-opens]')?.getAttribute('data-opens') ?? null
}

/** A hundred families a page. Plain elements, since a cell of the UI kit’s table costs ten times what these do. */
export const KeysTable = memo(function KeysTable(props: KeysTableProps) {
  const { families, loading, counter, list, sort, page, marked, selection, empty, onSort, onPage, onSelect } = props
  const router = useRouter()
  const scroller = useRef<HTMLDivElement>(null)
  const pages = Math.max(1, Math.ceil(families.length / PAGE_SIZE))
  const markedIndex = marked === null ? -1 : families.findIndex(({ keyId }) => keyId === marked)
  const current = Math.min(pages, page ?? Math.floor(Math.max(0, markedIndex) / PAGE_SIZE) + 1)
  const first = (current - 1) * PAGE_SIZE
  const items = useMemo(() => families.slice(first, first + PAGE_SIZE), [families, first])
  const { active, onKeyDown, onFocus } = useGridPlace({
    families: items,
    columns: columns.length + FIRST_COLUMNS,
    start: marked,
    grid: scroller,
  })

  // Of another list the rows in view are drawn at once, the others as soon as there is time: nobody waits for them.
  const shown = `${list} ${current}`
  const isWhole = useDeferredValue(shown, '') === shown
  const rows = isWhole ? items : items.slice(0, FIRST_ROWS)

  // Another list begins at its top; a refresh leaves the place as it is.
  const shownBefore = useRef(shown)
  useLayoutEffect(() => {
    if (shownBefore.current === shown) return
    shownBefore.current = shown
    scroller.current?.scrollTo({ top: 0 })
  }, [shown])

  // Who comes back finds the family that was opened; afterwards scrolling is the person's own.
  const cameBack = useRef(false)
  useEffect(() => {
    if (!isWhole || cameBack.current) return
    cameBack.current = true
    scroller.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'center' })
  }, [isWhole])

  const open = (keyId: string) => {
    rememberOpened(keyId)
    router.push(`/keys/${keyId}`)
  }
  const openClicked = (event: MouseEvent) => {
    const keyId = familyClicked(event)
    if (keyId === null) return
    event.preventDefault()
    open(keyId)
  }
  const pressKey = (event: KeyboardEvent) => {
    const keyId = event.key === 'Enter' ? familyToOpen(event.target) : null
    if (keyId === null) onKeyDown(event)
    else open(keyId)
  }

  return (
    <Container
      disableContentPaddings
      header={
        <Header
          variant="h2"
          counter={counter}
          actions={
            pages > 1 ? (
              <Pagination
                currentPageIndex={current}
                pagesCount={pages}
                onChange={({ detail }) => onPage(detail.currentPageIndex)}
              />
            ) : null
          }
        >
          Families
        </Header>
      }
    >
      {loading ? (
        <Box padding="l">
          <SpaceBetween size="s">
            {SKELETON_ROWS.map((row) => (
              <Skeleton key={row} />
            ))}
          </SpaceBetween>
        </Box>
      ) : families.length === 0 ? (
        <Box padding="l" textAlign="center">
          {empty}
        </Box>
      ) : (
        <div
          ref={scroller}
          className={`${grid.scroller} ${styles.scroller}`}
          style={{ '--columns': gridColumns, '--width': leastWidth } as CSSProperties}
        >
          <table
            // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: arrow keys lead through its cells, which makes it a grid; ARIA in HTML allows that of a table.
            role="grid"
            aria-label="Families"
            aria-rowcount={families.length + 1}
            aria-colcount={columns.length + FIRST_COLUMNS}
            aria-multiselectable
            className={`${grid.grid} ${styles.grid}`}
            onKeyDown={pressKey}
            onFocus={onFocus}
            onClick={openClicked}
          >
            <thead className={grid.top}>
              <tr aria-rowindex={1} className={`${grid.head} ${styles.line}`}>
                <th scope="col" aria-colindex={1} className={styles.check}>
                  <SelectPage items={items} selection={selection} onSelect={onSelect} />
                </th>
                <Title
                  column="alias"
                  position={2}
                  sort={sort}
                  className={`${grid.name} ${styles.name}`}
                  onSort={onSort}
                >
                  {ALIAS_HEADER}
                </Title>
                {columns.map(({ id, header }, position) => (
                  <Title key={id} column={id} position={position + FIRST_COLUMNS + 1} sort={sort} onSort={onSort}>
                    {header}
                  </Title>
                ))}
              </tr>
            </thead>
            <tbody className={grid.rows}>
              {rows.map((family, index) => (
                <TableRow
                  key={family.keyId}
                  family={family}
                  index={index}
                  number={first + index + 1}
                  tabStop={index === active.row ? active.column : null}
                  isMarked={family.keyId === marked}
                  isSelected={selection.has(family.keyId)}
                  onSelect={onSelect}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Container>
  )
})

interface SelectPageProps {
  items: readonly Family[]
  selection: Selection
  onSelect: (keyIds: readonly string[], isSelected: boolean) => void
}

const SelectPage = memo(function SelectPage({ items, selection, onSelect }: SelectPageProps) {
  const ids = items.map(({ keyId }) => keyId)
  const share = shareSelected(selection, ids)
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (box.current) box.current.indeterminate = share === 'some'
  }, [share])
  return (
    <input
      ref={box}
      type="checkbox"
      aria-label="Select this page"
      checked={share === 'all'}
      onChange={() => onSelect(ids, share !== 'all')}
    />
  )
})

interface TitleProps {
  column: SortColumn
  position: number
  sort: Sort
  className?: string
  children: string
  onSort: (sort: Sort) => void
}

/** The head of a column, which sorts by it; once more turns the order round. */
const Title = memo(function Title({ column, position, sort, className = '', children, onSort }: TitleProps) {
  const isSorted = sort.by === column
  const order = sort.descending ? 'descending' : 'ascending'
  return (
    <th
      scope="col"
      aria-colindex={position}
      aria-sort={isSorted ? order : undefined}
      className={`${styles.title} ${className}`}
    >
      <button type="button" onClick={() => onSort({ by: column, descending: isSorted && !sort.descending })}>
        {children}
        <svg viewBox="0 0 10 10" aria-hidden="true" className={styles.order}>
          <path d="M1 7l4-4 4 4z" />
        </svg>
      </button>
    </th>
  )
})
