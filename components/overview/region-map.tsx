'use client'

import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useCallback, useMemo, useState } from 'react'
import { PartBoundary } from '@/components/shell/part-boundary'
import { WaitingWords } from '@/components/shell/waiting-words'
import { useWhenIdle } from '@/components/shell/when-idle'
import { MermaidGraph } from '@/components/topology/mermaid-graph'
import { MAX_ARROWS, type RegionNode, regionMap } from '@/lib/topology/mermaid'
import type { Topology } from '@/lib/topology/topology'
import { keysHref } from './keys-href'

const loadTables = () => import('./region-tables')

/** Loaded when they are unfolded: the picture is what is looked at first. */
const RegionTables = dynamic(() => import('./region-tables').then((module) => module.RegionTables), {
  ssr: false,
  loading: () => <WaitingWords>Loading the tables …</WaitingWords>,
})

/** All Regions as one picture, and the same as tables. It grows with the Regions, never with the keys. */
export function RegionMap({ topology }: { topology: Topology }) {
  const router = useRouter()
  const map = useMemo(() => regionMap(topology), [topology])
  const [unfolded, setUnfolded] = useState(false)
  useWhenIdle(loadTables)
  const open = useCallback(({ region }: RegionNode) => router.push(keysHref({ region })), [router])
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="Arrows lead from primary keys to their replica keys. Select a Region to see its families."
        >
          Region map
        </Header>
      }
    >
      <SpaceBetween size="s">
        <MermaidGraph graph={map} onSelect={open} turnsOnPhones />
        {map.left > 0 ? (
          <Box color="text-body-secondary">
            The {MAX_ARROWS} heaviest arrows are drawn; the table has the other {map.left.toLocaleString('en-US')} too.
          </Box>
        ) : null}
        <ExpandableSection headerText="The same as tables" onChange={({ detail }) => setUnfolded(detail.expanded)}>
          {unfolded ? (
            <PartBoundary part="The tables">
              <RegionTables nodes={map.nodes} topology={topology} />
            </PartBoundary>
          ) : null}
        </ExpandableSection>
      </SpaceBetween>
    </Container>
  )
}
