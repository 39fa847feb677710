'use client'

import Box from '@cloudscape-design/components/box'
import Header from '@cloudscape-design/components/header'
import Table from '@cloudscape-design/components/table'
import type { Bought } from '@/lib/topology/bought'
import { period, usd } from './settings-words'

const whenInWords: Record<Bought['when'], string> = {
  watched: 'While somebody watches',
  'savings used up': 'Then, with the savings used up',
  unwatched: 'While nobody watches',
}

const lasts = ({ lastsSeconds }: Bought) =>
  lastsSeconds === null ? 'for ever' : `${period(lastsSeconds)} at a stretch`

interface BoughtTableProps {
  /** Null while it cannot be reckoned. */
  bought: Bought[] | null
  awaits: string
  saved: boolean
}

/** How often what is read for the amounts above. */
export function BoughtTable({ bought, awaits, saved }: BoughtTableProps) {
  return (
    <Table
      variant="embedded"
      header={
        <Header
          variant="h3"
          description="Time from one reading to the next. What the dashboard changes itself shows at once."
        >
          {saved ? 'What this buys' : 'What this would buy'}
        </Header>
      }
      items={bought ?? []}
      trackBy="when"
      wrapLines
      empty={<Box color="text-body-secondary">Shown as soon as {awaits}.</Box>}
      ariaLabels={{ tableLabel: 'What the budget buys' }}
      columnDefinitions={[
        { id: 'when', header: 'When', isRowHeader: true, minWidth: 170, cell: ({ when }) => whenInWords[when] },
        { id: 'keys', header: 'New and vanished keys', cell: ({ periods }) => period(periods.keys) },
        { id: 'aliases', header: 'Aliases', cell: ({ periods }) => period(periods.aliases) },
        {
          id: 'open',
          header: 'Families on open screens',
          cell: ({ periods, opens }) => (opens ? period(periods.open) : '–'),
        },
        { id: 'others', header: 'All other members', cell: ({ periods }) => period(periods.others) },
        { id: 'pace', header: 'Pace, a month', minWidth: 100, cell: ({ usdPerMonth }) => usd(usdPerMonth) },
        { id: 'lasts', header: 'Lasts', minWidth: 110, cell: lasts },
      ]}
    />
  )
}
