'use client'

import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Table from '@cloudscape-design/components/table'
import { RunStatusIndicator } from '@/components/runs/run-status'
import { Link } from '@/components/shell/link'
import { RelativeTime } from '@/components/shell/relative-time'
import { WaitingWords } from '@/components/shell/waiting-words'
import { useRuns } from '@/lib/queries/runs'
import type { Family } from '@/lib/topology/topology'

/** The runs that changed this family, or are at it. */
export function ActivityTab({ family }: { family: Family }) {
  const { data, error, refetch } = useRuns()
  if (!data) {
    return error ? (
      <Alert
        type="error"
        header="The runs could not be read"
        action={<Button onClick={() => void refetch()}>Try again</Button>}
      >
        {error.message}
      </Alert>
    ) : (
      <WaitingWords>Reading the runs of this family …</WaitingWords>
    )
  }
  return (
    <Table
      variant="borderless"
      items={data.filter(({ keyIds }) => keyIds.includes(family.keyId))}
      trackBy={({ id }) => id}
      wrapLines
      empty="No run has changed this family."
      ariaLabels={{ tableLabel: 'Activity' }}
      columnDefinitions={[
        {
          id: 'title',
          header: 'Run',
          isRowHeader: true,
          minWidth: 240,
          cell: ({ id, title, message }) => (
            <>
              <Link href={`/runs/${id}`}>{title}</Link>
              <Box color="text-body-secondary">{message}</Box>
            </>
          ),
        },
        { id: 'status', header: 'Status', minWidth: 130, cell: ({ status }) => <RunStatusIndicator status={status} /> },
        { id: 'actor', header: 'Who', minWidth: 120, cell: ({ actor }) => actor },
        { id: 'reason', header: 'Why', minWidth: 160, cell: ({ reason }) => reason || 'no reason given' },
        { id: 'createdAt', header: 'When', minWidth: 110, cell: ({ createdAt }) => <RelativeTime iso={createdAt} /> },
      ]}
    />
  )
}
