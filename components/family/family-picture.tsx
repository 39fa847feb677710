'use client'

import Container from '@cloudscape-design/components/container'
import Grid from '@cloudscape-design/components/grid'
import Header from '@cloudscape-design/components/header'
import { useCallback, useMemo } from 'react'
import { useOpenPlan } from '@/components/plans/open-plan'
import { MermaidGraph } from '@/components/topology/mermaid-graph'
import { memberIn, primaryOf } from '@/lib/topology/family'
import { familyGraph, type MemberNode } from '@/lib/topology/mermaid'
import { againstReplicate } from '@/lib/topology/reasons-against'
import type { Family, Topology } from '@/lib/topology/topology'
import { MemberPanel, NoMemberSelected } from './member-panel'
import { useSearchParam } from './use-search-param'

/** The graph, and beside it the member that is selected in it. A Region without a key offers to replicate there. */
export function FamilyPicture({ family, topology }: { family: Family; topology: Topology }) {
  const openPlan = useOpenPlan()
  const [region, selectRegion] = useSearchParam('region')
  const { regions } = topology
  const { keyId } = family
  // A replication is a call in the primary's Region: while that does not answer, none is offered at one click.
  const mayReplicate = primaryOf(family)?.known === 'live' && againstReplicate(family, regions) === null
  const graph = useMemo(
    () => familyGraph(family, regions, { offerMissing: mayReplicate }),
    [family, regions, mayReplicate],
  )
  const selected = region === null ? undefined : memberIn(family, region)
  const selectedId = graph.nodes.find((node) => node.arn !== null && node.region === region)?.id ?? null

  const select = useCallback(
    (node: MemberNode) => {
      if (node.arn === null) openPlan({ kind: 'replicate', keyId, toRegions: [node.region] })
      else selectRegion(node.id === selectedId ? null : node.region)
    },
    [openPlan, keyId, selectRegion, selectedId],
  )

  return (
    <Grid gridDefinition={[{ colspan: { default: 12, s: 8 } }, { colspan: { default: 12, s: 4 } }]}>
      <Container header={<Header variant="h2">Graph</Header>}>
        <MermaidGraph graph={graph} selectedId={selectedId} onSelect={select} />
      </Container>
      {selected ? (
        <MemberPanel family={family} member={selected} regions={regions} onClose={() => selectRegion(null)} />
      ) : (
        <NoMemberSelected offersReplication={mayReplicate} />
      )}
    </Grid>
  )
}
