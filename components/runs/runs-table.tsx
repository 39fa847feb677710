'use client'

import Box from '@cloudscape-design/components/box'
import Pagination from '@cloudscape-design/components/pagination'
import Table from '@cloudscape-design/components/table'
import { type ReactNode, useState } from 'react'
import { Link } from '@/components/shell/link'
import { RelativeTime } from '@/components/shell/relative-time'
import { hasEnded, type Run } from '@/lib/plans/run'
import { DurationSoFar } from './duration-so-far'
import { FamilyLinks } from './family-links'
import { RunStatusIndicator } from './run-status'

const PAGE = 50

const isGoingOn = (run: Run) => !hasEnded(run) && run.status !== 'paused'

/** The rows of the list; long lists are paged. */
export function RunsTable({ runs, filter, empty }: { runs: Run[]; filter: ReactNode; empty: ReactNode }) {
  const [page, setPage] = useState(1)
  const pages = Math.max(1, Math.ceil(runs.length / PAGE))
  const shown = Math.min(page, pages)
  return (
    <Table
      items={runs.slice((shown - 1) * PAGE, shown * PAGE)}
      trackBy="id"
      wrapLines
      cellVerticalAlign="top"
      filter={filter}
      pagination={
        pages > 1 && (
          <Pagination
            currentPageIndex={shown}
            pagesCount={pages}
            onChange={({ detail }) => setPage(detail.currentPageIndex)}
          />
        )
      }
      empty={empty}
      columnDefinitions={[
        {
          id: 'title',
          header: 'Run',
          isRowHeader: true,
          minWidth: 220,
          cell: ({ id, title, status, message }) => (
            <>
              <Link href={`/runs/${encodeURIComponent(id)}`}>{title}</Link>
              {status !== 'succeeded' && (
                <Box variant="small" display="block">
                  {message}
                </Box>
              )}
            </>
          ),
        },
        { id: 'status', header: 'Status', minWidth: 140, cell: ({ status }) => <RunStatusIndicator status={status} /> },
        { id: 'families', header: 'Keys', minWidth: 140, cell: ({ keyIds }) => <FamilyLinks keyIds={keyIds} /> },
        { id: 'actor', header: 'Started by', minWidth: 110, cell: ({ actor }) => actor },
        { id: 'reason', header: 'Reason', minWidth: 130, cell: ({ reason }) => reason || '–' },
        {
          id: 'started',
          header: 'Started',
          minWidth: 110,
          cell: ({ startedAt, createdAt }) => <RelativeTime iso={startedAt ?? createdAt} />,
        },
        {
          id: 'duration',
          header: 'Duration',
          minWidth: 100,
          cell: (run) => <DurationSoFar startedAt={run.startedAt} endedAt={run.endedAt} goesOn={isGoingOn(run)} />,
        },
      ]}
      ariaLabels={{ tableLabel: 'Runs' }}
    />
  )
}
