'use client'

import Box from '@cloudscape-design/components/box'
import Header from '@cloudscape-design/components/header'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, useState } from 'react'
import type { Run } from '@/lib/plans/run'
import { partsInOrder } from './part-order'
import { RunPartRow } from './run-part-row'
import styles from './run-parts.module.css'

const ROW_HEIGHT = 64
const OVERSCAN = 6

/** Every family of a run with where it stands, failures first; only what is in view is drawn. */
export function RunParts({ run }: { run: Run }) {
  const scroller = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState<number | null>(null)
  const parts = partsInOrder(run.parts)
  const virtual = useVirtualizer({
    count: parts.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    getItemKey: (index) => parts[index]?.number ?? index,
  })
  return (
    <div>
      <Header variant="h3" headingTagOverride="h2" counter={`(${parts.length})`}>
        Families
      </Header>
      <div ref={scroller} className={styles.scroller}>
        <ul className={styles.list} aria-label="Families" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, key, start }) => {
            const part = parts[index]
            return (
              part && (
                <li
                  key={key}
                  ref={virtual.measureElement}
                  data-index={index}
                  aria-setsize={parts.length}
                  aria-posinset={index + 1}
                  className={styles.item}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <RunPartRow
                    run={run}
                    part={part}
                    isOpen={open === part.number}
                    onToggle={() => setOpen(open === part.number ? null : part.number)}
                  />
                </li>
              )
            )
          })}
        </ul>
      </div>
      {parts.length === 0 && <Box color="text-body-secondary">The plan moved no family.</Box>}
    </div>
  )
}
