'use client'

import { useCollection } from '@cloudscape-design/collection-hooks'
import Header from '@cloudscape-design/components/header'
import Pagination from '@cloudscape-design/components/pagination'
import Table, { type TableProps } from '@cloudscape-design/components/table'
import { useMemo } from 'react'
import { type MonthOfRequests, type RequestsOfOperation, requestsByOperationAndRegion } from '@/lib/topology/requests'
import { amount, number } from './settings-words'

const PAGE_SIZE = 10

const rowKey = ({ operation, region }: RequestsOfOperation) => `${operation} ${region}`

const columns: TableProps.ColumnDefinition<RequestsOfOperation>[] = [
  {
    id: 'operation',
    header: 'Operation',
    isRowHeader: true,
    sortingField: 'operation',
    cell: ({ operation }) => operation,
  },
  { id: 'region', header: 'Region', sortingField: 'region', cell: ({ region }) => region },
  {
    id: 'background',
    header: 'Background',
    sortingField: 'background',
    cell: ({ background }) => number(background),
  },
  { id: 'run', header: 'People and runs', sortingField: 'run', cell: ({ run }) => number(run) },
  { id: 'usd', header: 'Cost, USD', sortingField: 'total', cell: ({ usd }) => amount(usd) },
]

/** Requests by operation and Region, the most first. */
export function RequestsTable({ requests }: { requests: MonthOfRequests }) {
  const rows = useMemo(() => requestsByOperationAndRegion(requests), [requests])
  const { items, collectionProps, paginationProps } = useCollection(rows, {
    pagination: { pageSize: PAGE_SIZE },
    sorting: {},
  })
  return (
    <Table
      {...collectionProps}
      variant="embedded"
      header={<Header variant="h3">Requests by operation and Region</Header>}
      items={items}
      trackBy={rowKey}
      pagination={rows.length > PAGE_SIZE ? <Pagination {...paginationProps} /> : null}
      ariaLabels={{ tableLabel: 'Requests by operation and Region' }}
      columnDefinitions={columns}
    />
  )
}
