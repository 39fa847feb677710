'use client'

import { useCollection } from '@cloudscape-design/collection-hooks'
import Header from '@cloudscape-design/components/header'
import Pagination from '@cloudscape-design/components/pagination'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { useMemo } from 'react'
import { Link } from '@/components/shell/link'
import { arrowsOf, type RegionArrow, type RegionNode } from '@/lib/topology/mermaid'
import { regionName } from '@/lib/topology/regions'
import type { Topology } from '@/lib/topology/topology'
import { keysHref } from './keys-href'

const PAGE_SIZE = 20

const number = (many: number) => many.toLocaleString('en-US')

/** What the Region map shows. */
export function RegionTables({ nodes, topology }: { nodes: RegionNode[]; topology: Topology }) {
  return (
    <SpaceBetween size="l">
      <RegionsTable nodes={nodes} />
      <ArrowsTable topology={topology} />
    </SpaceBetween>
  )
}

/** The nodes of the Region map. */
function RegionsTable({ nodes }: { nodes: RegionNode[] }) {
  return (
    <Table
      variant="embedded"
      header={<Header variant="h3">Regions</Header>}
      items={nodes}
      trackBy="region"
      columnDefinitions={[
        {
          id: 'region',
          header: 'Region',
          isRowHeader: true,
          cell: ({ region }) => (
            <span title={regionName(region)}>
              <Link href={keysHref({ region })}>{region}</Link>
            </span>
          ),
        },
        { id: 'primaries', header: 'Primary keys', cell: ({ primaries }) => number(primaries) },
        { id: 'replicas', header: 'Replica keys', cell: ({ replicas }) => number(replicas) },
        { id: 'status', header: 'Reading', cell: ({ status }) => status },
      ]}
    />
  )
}

const arrowKey = ({ from, to }: RegionArrow) => `${from} ${to}`

/** The arrows of the Region map, those included that are too light to be drawn. */
function ArrowsTable({ topology }: { topology: Topology }) {
  const arrows = useMemo(() => arrowsOf(topology.families), [topology])
  const { items, collectionProps, paginationProps } = useCollection(arrows, { pagination: { pageSize: PAGE_SIZE } })
  return (
    <Table
      {...collectionProps}
      variant="embedded"
      header={<Header variant="h3">Primary and replica Regions</Header>}
      items={items}
      trackBy={arrowKey}
      empty="No family has a replica key yet."
      pagination={arrows.length > PAGE_SIZE ? <Pagination {...paginationProps} /> : null}
      columnDefinitions={[
        { id: 'from', header: 'Primary key in', isRowHeader: true, cell: ({ from }) => from },
        { id: 'to', header: 'Replica key in', cell: ({ to }) => to },
        {
          id: 'families',
          header: 'Families',
          cell: ({ from, to, families }) => (
            <Link href={keysHref({ primary: from, region: to })} ariaLabel={`${families} from ${from} to ${to}`}>
              {number(families)}
            </Link>
          ),
        },
      ]}
    />
  )
}
