'use client'

import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { ProofMatrix } from '@/components/runs/proof-matrix'
import { WayBack } from '@/components/runs/way-back'
import { RelativeTime } from '@/components/shell/relative-time'
import { KeyStateIndicator } from '@/components/topology/key-state'
import { MermaidGraph } from '@/components/topology/mermaid-graph'
import type { Run } from '@/lib/plans/run'
import { memberIn } from '@/lib/topology/family'
import { inWords } from '@/lib/topology/in-words'
import { familyGraph } from '@/lib/topology/mermaid'
import type { Family, Member } from '@/lib/topology/topology'
import styles from './promote.module.css'
import { type Agreement, agreementOn, type Swap } from './role-agreement'

const alerts: Record<Agreement['verdict'], 'success' | 'warning'> = {
  agreed: 'success',
  'not read': 'warning',
  'not so': 'warning',
}

/** What the Regions of the old and the new primary key say now, each of itself. */
function Roles({ family, swap }: { family: Family; swap: Swap }) {
  const items = [swap.to, swap.from].flatMap((region) => memberIn(family, region) ?? [])
  return (
    <Table
      variant="embedded"
      items={items}
      trackBy="arn"
      wrapLines
      columnDefinitions={[
        { id: 'region', header: 'Region', isRowHeader: true, cell: ({ region }: Member) => region, minWidth: 120 },
        {
          id: 'role',
          header: 'Says of itself',
          cell: ({ role }: Member) => (role === 'PRIMARY' ? 'Primary key' : 'Replica key'),
          minWidth: 120,
        },
        {
          id: 'state',
          header: 'Key state',
          cell: ({ state, known }: Member) => <KeyStateIndicator state={state} known={known} />,
          minWidth: 120,
        },
        { id: 'asOf', header: 'Read', cell: ({ asOf }: Member) => <RelativeTime iso={asOf} />, minWidth: 100 },
      ]}
      ariaLabels={{ tableLabel: 'Roles after the run' }}
    />
  )
}

/** Interoperability by key usage: the last proof of the run, which tries what was made before the change as well. */
function Interoperability({ run }: { run: Run }) {
  const proofs = run.steps.filter(({ output }) => (output.proof ?? []).length > 0)
  const last = proofs.at(-1)
  const afterChange = last !== undefined && (last.output.proof ?? []).some(({ made }) => made === 'after')
  if (last && afterChange) return <ProofMatrix step={last} />
  return (
    <Alert type="info" header="Interoperability was not proven after the change">
      {run.status === 'succeeded'
        ? 'No Region could be asked. The crypto check on the page of the family tries it by hand.'
        : 'The run ended before its last proof.'}
    </Alert>
  )
}

/** What is so after the run, as the Regions tell it now: roles, interoperability, the family as a graph, the way back. */
export function AfterChecks({ family, run, swap }: { family: Family; run: Run; swap: Swap }) {
  const agreement = agreementOn(family, swap)
  const graph = familyGraph(family)
  return (
    <SpaceBetween size="l">
      <SpaceBetween size="s">
        <Alert type={alerts[agreement.verdict]}>{agreement.sentence}</Alert>
        <Roles family={family} swap={swap} />
      </SpaceBetween>
      <Interoperability run={run} />
      <div className={styles.graph}>
        <Box variant="h3">The family now</Box>
        <MermaidGraph graph={graph} />
        <Box color="text-body-secondary" fontSize="body-s">
          {`Members: ${inWords(family.members.map(({ region }) => region))}. ARNs, policies, aliases, tags and grants are where they were.`}
        </Box>
      </div>
      <WayBack run={run} />
    </SpaceBetween>
  )
}
