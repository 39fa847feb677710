'use client'

import Box from '@cloudscape-design/components/box'
import Header from '@cloudscape-design/components/header'
import Table from '@cloudscape-design/components/table'
import type { Bought } from '@/lib/topology/bought'
import { amount, number, period } from './settings-words'

const whenInWords: Record<Bought['when'], string> = {
  watched: 'While somebody watches',
  'savings used up': 'Then, with the savings used up',
  unwatched: 'While nobody watches',
}

const lasts = ({ lastsSeconds }: Bought) =>
  lastsSeconds === null ? 'for ever' : `${period(lastsSeconds)} at a stretch`

const opened = (families: number) =>
  families > 1 ? `the ${number(families)} families that are open on screens now` : 'one family open on a screen'

interface BoughtTableProps {
  /** Null while it cannot be reckoned. */
  bought: Bought[] | null
  awaits: string
  /** On screens now. */
  openFamilies: number
  saved: boolean
}

/** How often what is read for the amounts above. */
export function BoughtTable({ bought, awaits, openFamilies, saved }: BoughtTableProps) {
  return (
    <Table
      variant="embedded"
      header={
        <Header
          variant="h3"
          description={`Time from one reading to the next, with ${opened(openFamilies)}. What the dashboard changes itself shows at once.`}
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
        { id: 'keys', header: 'New and vanished keys', minWidth: 110, cell: ({ periods }) => period(periods.keys) },
        { id: 'aliases', header: 'Aliases', minWidth: 110, cell: ({ periods }) => period(periods.aliases) },
        {
          id: 'open',
          header: 'Families on open screens',
          minWidth: 110,
          cell: ({ periods, opens }) => (opens ? period(periods.open) : '–'),
        },
        { id: 'others', header: 'All other members', minWidth: 110, cell: ({ periods }) => period(periods.others) },
        { id: 'pace', header: 'USD a month', cell: ({ usdPerMonth }) => amount(usdPerMonth) },
        { id: 'lasts', header: 'Lasts', minWidth: 110, cell: lasts },
      ]}
    />
  )
}
