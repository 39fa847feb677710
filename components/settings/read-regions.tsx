'use client'

import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { useMemo } from 'react'
import { RelativeTime } from '@/components/shell/relative-time'
import { StatusIndicator } from '@/components/shell/status-indicator'
import type { SettingsView } from '@/lib/queries/machine-doors'
import { isReadable, regionDoes } from '@/lib/topology/region-trouble'
import { regionName } from '@/lib/topology/regions'
import { requestsBy } from '@/lib/topology/requests'
import type { RegionView, Topology } from '@/lib/topology/topology'
import { amount, number } from './settings-words'

const listFrom: Record<SettingsView['regionsFrom'], string> = {
  emulator: 'These are the Regions of the built-in emulator, or those that ATLAS_REGIONS named when it was started.',
  ATLAS_REGIONS: 'The variable ATLAS_REGIONS names these.',
  default:
    'ATLAS_REGIONS is not set: these are enabled in every account of the partition of AWS_REGION. Regions that you have opted in to are not among them.',
}

/** The Regions that are read: how they are doing, and what each has cost this month. */
export function ReadRegions({ view, topology }: { view: SettingsView; topology: Topology | undefined }) {
  const members = useMemo(() => {
    const all = topology?.families.flatMap((family) => family.members) ?? []
    return Map.groupBy(all, ({ region }) => region)
  }, [topology])
  const requests = new Map(requestsBy('region', view.requests).map((group) => [group.name, group]))
  return (
    <Container
      header={
        <Header variant="h2" description={listFrom[view.regionsFrom]}>
          Regions
        </Header>
      }
    >
      <SpaceBetween size="s">
        <Table
          variant="embedded"
          items={topology?.regions ?? []}
          trackBy="name"
          loading={!topology}
          loadingText="Reading every Region"
          wrapLines
          empty="No Region is read."
          ariaLabels={{ tableLabel: 'Regions' }}
          columnDefinitions={[
            { id: 'region', header: 'Region', isRowHeader: true, minWidth: 190, cell: RegionCell },
            { id: 'status', header: 'Status', minWidth: 170, cell: (region) => <RegionState region={region} /> },
            {
              id: 'asOf',
              header: 'Keys as of',
              minWidth: 110,
              cell: ({ asOf }) => (asOf === null ? 'not read yet' : <RelativeTime iso={asOf} />),
            },
            { id: 'members', header: 'Members', cell: ({ name }) => number(members.get(name)?.length ?? 0) },
            {
              id: 'background',
              header: 'Background requests',
              cell: ({ name }) => number(requests.get(name)?.background ?? 0),
            },
            {
              id: 'run',
              header: 'Requests of people and runs',
              cell: ({ name }) => number(requests.get(name)?.run ?? 0),
            },
            { id: 'usd', header: 'Cost, USD', cell: ({ name }) => amount(requests.get(name)?.usd ?? 0) },
          ]}
        />
        <Box variant="small">
          Requests are those of this calendar month. To read other Regions, start the dashboard with for instance{' '}
          <Box variant="code" display="inline">
            ATLAS_REGIONS=us-east-1,eu-west-1
          </Box>
          ; fewer Regions are fewer requests.
        </Box>
      </SpaceBetween>
    </Container>
  )
}

const RegionCell = ({ name }: RegionView) => (
  <>
    {regionName(name)}
    <Box variant="small" display="block">
      {name}
    </Box>
  </>
)

function RegionState({ region }: { region: RegionView }) {
  const { awaited, status, message, since, unreadable = [] } = region
  if (awaited) return <StatusIndicator type="loading">Being read</StatusIndicator>
  if (status === 'ok' && unreadable.length === 0) return <StatusIndicator type="success">Answers</StatusIndicator>
  return (
    <>
      <StatusIndicator type="warning">
        {isReadable(region) ? 'Read in part' : capital(regionDoes(region))}
        {since ? (
          <>
            , since <RelativeTime iso={since} />
          </>
        ) : null}
      </StatusIndicator>
      {message ? (
        <Box variant="small" display="block">
          {message}
        </Box>
      ) : null}
    </>
  )
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
