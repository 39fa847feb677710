'use client'

import Container from '@cloudscape-design/components/container'
import ContentLayout from '@cloudscape-design/components/content-layout'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { Command } from '@/components/plans/command'
import { Copyable } from '@/components/shell/copyable'
import { Link } from '@/components/shell/link'
import { RelativeTime } from '@/components/shell/relative-time'
import type { Run } from '@/lib/plans/run'
import { useRun } from '@/lib/queries/runs'
import { FamilyLinks } from './family-links'
import { RunProgress } from './run-progress'

/** Who, why, when and for which keys. */
function Facts({ run: { id, actor, reason, createdAt, endedAt, keyIds, request } }: { run: Run }) {
  return (
    <Container header={<Header variant="h2">About this run</Header>}>
      <SpaceBetween size="m">
        <KeyValuePairs
          columns={3}
          items={[
            { label: 'Started by', value: actor },
            { label: 'Reason', value: reason || 'None given' },
            { label: 'Keys', value: <FamilyLinks keyIds={keyIds} /> },
            { label: 'Created', value: <RelativeTime iso={createdAt} /> },
            { label: 'Ended', value: endedAt === null ? 'Not yet' : <RelativeTime iso={endedAt} /> },
            { label: 'Run id', value: <Copyable text={id} label="run id" /> },
          ]}
        />
        <ExpandableSection headerText="Request as JSON">
          <Command text={JSON.stringify(request, null, 2)} label="Copy the request" />
        </ExpandableSection>
      </SpaceBetween>
    </Container>
  )
}

/** One run on a page of its own. */
export function RunScreen({ runId, title }: { runId: string; title: string }) {
  const { data: run } = useRun(runId)
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={<Link href="/runs">All runs</Link>}>
          {title}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Container>
          <RunProgress runId={runId} />
        </Container>
        {run && <Facts run={run} />}
      </SpaceBetween>
    </ContentLayout>
  )
}
