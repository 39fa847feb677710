'use client'

import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Grid from '@cloudscape-design/components/grid'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMemo } from 'react'
import { LinkButton } from '@/components/shell/link-button'
import { WaitingWords } from '@/components/shell/waiting-words'
import { useTopology } from '@/lib/queries/topology'
import { headlineOf, outagesOf, totalsOf } from '@/lib/topology/overview'
import type { Topology } from '@/lib/topology/topology'
import { BlindSpots } from './blind-spots'
import { NeedsAttention } from './needs-attention'
import { OutageAlert } from './outage-alert'
import { RegionMap } from './region-map'
import { RunsInFlight } from './runs-in-flight'
import { TotalsLine } from './totals-line'

/** The whole account at a glance: the answer, what needs a person, and what nobody could read. */
export function Overview() {
  const { data, error, isPending, refetch } = useTopology()
  const headline = useMemo(() => (data ? headlineOf(data) : null), [data])
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={headline}
          actions={
            <LinkButton href="/keys/new" variant="primary">
              Create key
            </LinkButton>
          }
        >
          Overview
        </Header>
      }
    >
      {isPending ? <WaitingWords>Reading every Region …</WaitingWords> : null}
      {!data && error ? (
        <Alert
          type="error"
          header="The topology could not be read"
          action={<Button onClick={() => void refetch()}>Try again</Button>}
        >
          {error.message}. Keys and callers are not affected by this; runs go on by themselves.
        </Alert>
      ) : null}
      {data ? <Account topology={data} /> : null}
    </ContentLayout>
  )
}

function Account({ topology }: { topology: Topology }) {
  const outages = useMemo(() => outagesOf(topology), [topology])
  const totals = useMemo(() => totalsOf(topology), [topology])
  const isEmpty = topology.families.length === 0
  return (
    <SpaceBetween size="l">
      {outages.map((outage) => (
        <OutageAlert key={outage.region.name} outage={outage} />
      ))}
      {isEmpty ? <NoFamilies readable={outages.length === 0} /> : null}
      <Container>
        <TotalsLine totals={totals} />
      </Container>
      {isEmpty ? null : (
        <Grid gridDefinition={[{ colspan: { default: 12, m: 7 } }, { colspan: { default: 12, m: 5 } }]}>
          <RegionMap topology={topology} />
          <NeedsAttention topology={topology} />
        </Grid>
      )}
      <RunsInFlight />
      <BlindSpots topology={topology} />
    </SpaceBetween>
  )
}

function NoFamilies({ readable }: { readable: boolean }) {
  return (
    <Container header={<Header variant="h2">No multi-Region keys yet</Header>}>
      <SpaceBetween size="s">
        <Box variant="p">
          A multi-Region key is one key in several Regions: what is encrypted with it in one Region can be decrypted in
          the others. A key is made multi-Region when it is created, and cannot be changed to it later.
          {readable ? null : ' Regions that could not be read may hold some.'}
        </Box>
        <LinkButton href="/keys/new">Create key</LinkButton>
      </SpaceBetween>
    </Container>
  )
}
