'use client'

import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Skeleton from '@cloudscape-design/components/skeleton'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, memo, type ReactNode, useCallback, useEffect, useMemo, useRef } from 'react'
import { useOpenPlan } from '@/components/plans/open-plan'
import { regionName } from '@/lib/topology/regions'
import type { Family, RegionView } from '@/lib/topology/topology'
import grid from './grid.module.css'
import styles from './keys-matrix.module.css'
import { rememberOpened } from './last-opened'
import { columnsOf, unreadRegions } from './matrix-columns'
import { MatrixLegend } from './matrix-legend'
import { MatrixRow } from './matrix-row'
import { useGridPlace } from './use-grid-place'

const ROW_HEIGHT = 44
const OVERSCAN = 6
const SKELETON_ROWS = [1, 2, 3, 4, 5, 6, 7, 8]

/** `12 primary · 30 replica` of the families shown. */
function countsIn(families: readonly Family[], region: string): string {
  let primaries = 0
  let replicas = 0
  for (const { members } of families) {
    for (const member of members) {
      if (member.region !== region) continue
      if (member.role === 'PRIMARY') primaries += 1
      else replicas += 1
    }
  }
  return `${primaries} primary · ${replicas} replica`
}

interface KeysMatrixProps {
  /** All that match, in order. */
  families: readonly Family[]
  regions: readonly RegionView[]
  loading: boolean
  counter: string
  marked: string | null
  empty: ReactNode
}

export const KeysMatrix = memo(function KeysMatrix(props: KeysMatrixProps) {
  const { families, regions, loading, counter, marked, empty } = props
  const openPlan = useOpenPlan()
  const scroller = useRef<HTMLDivElement>(null)
  const unread = unreadRegions(families, regions)
  const columns = useMemo(() => columnsOf(regions, unread), [regions, unread])
  const counts = useMemo(() => columns.map(({ name }) => countsIn(families, name)), [columns, families])

  const { active, placedRow, onKeyDown, onFocus } = useGridPlace({
    families,
    columns: columns.length + 1,
    start: marked,
    grid: scroller,
    reveal: (row) => virtual.scrollToIndex(row),
  })

  const virtual = useVirtualizer({
    count: families.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    getItemKey: (index) => families[index]?.keyId ?? index,
    // The row that Tab leads to exists even when it is out of view.
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), active.row])].sort((a, b) => a - b),
  })

  // Who comes back finds the family that was opened; afterwards scrolling is the person's own.
  const cameBackTo = useRef(placedRow)
  useEffect(() => {
    if (cameBackTo.current > 0) virtual.scrollToIndex(cameBackTo.current, { align: 'center' })
  }, [virtual])

  const latestOpenPlan = useRef(openPlan)
  useEffect(() => {
    latestOpenPlan.current = openPlan
  }, [openPlan])
  const replicate = useCallback(
    (keyId: string, region: string) => latestOpenPlan.current({ kind: 'replicate', keyId, toRegions: [region] }),
    [],
  )

  return (
    <Container
      disableContentPaddings
      header={
        <Header variant="h2" counter={counter}>
          Families by Region
        </Header>
      }
      footer={<MatrixLegend />}
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
          style={{ '--regions': columns.length } as CSSProperties}
        >
          <table
            // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: arrow keys lead through its cells, which makes it a grid; ARIA in HTML allows that of a table.
            role="grid"
            aria-label="Families by Region"
            aria-rowcount={families.length + 1}
            aria-colcount={columns.length + 1}
            className={`${grid.grid} ${styles.grid}`}
            onKeyDown={onKeyDown}
            onFocus={onFocus}
          >
            <thead className={grid.top}>
              <tr aria-rowindex={1} className={`${grid.head} ${styles.line}`}>
                <th scope="col" aria-colindex={1} className={styles.corner}>
                  Family
                </th>
                {columns.map(({ name, trouble, details }, position) => (
                  <th
                    scope="col"
                    key={name}
                    aria-colindex={position + 2}
                    className={styles.region}
                    title={details ?? regionName(name)}
                  >
                    {name}
                    <span className={trouble ? styles.trouble : styles.counts}>
                      {trouble ? `▲ ${trouble}` : counts[position]}
                    </span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className={grid.rows} style={{ height: virtual.getTotalSize() }}>
              {virtual.getVirtualItems().map(({ index, key, start }) => {
                const family = families[index]
                return family ? (
                  <MatrixRow
                    key={key}
                    family={family}
                    columns={columns}
                    regions={regions}
                    index={index}
                    top={start}
                    tabStop={index === active.row ? active.column : null}
                    isMarked={family.keyId === marked}
                    onOpen={rememberOpened}
                    onReplicate={replicate}
                  />
                ) : null
              })}
            </tbody>
          </table>
        </div>
      )}
    </Container>
  )
})
