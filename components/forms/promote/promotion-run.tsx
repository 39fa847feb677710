'use client'

import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { RunProgress } from '@/components/runs/run-progress'
import { Link } from '@/components/shell/link'
import { RelativeTime } from '@/components/shell/relative-time'
import { hasEnded, type Run } from '@/lib/plans/run'
import type { Family } from '@/lib/topology/topology'
import { AfterChecks } from './after-checks'
import { PathSection } from './path-section'
import { swapOf } from './role-agreement'

/** Steps 1 to 4 as they were: what was asked for, by whom and why. */
function Started({ run, onStartOver }: { run: Run; onStartOver: () => void }) {
  return (
    <Alert
      type="info"
      header={run.title}
      action={hasEnded(run) && <Button onClick={onStartOver}>Choose another target</Button>}
    >
      {`Started by ${run.actor} `}
      <RelativeTime iso={run.createdAt} />
      {run.reason ? `: ${run.reason}. ` : '. '}
      <Link href={`/runs/${encodeURIComponent(run.id)}`}>Open the run</Link>
    </Alert>
  )
}

interface PromotionRunProps {
  runId: string
  run: Run | undefined
  family: Family
  /** It was started on this page, so the keyboard follows it. */
  isNew: boolean
  onStartOver: () => void
}

/** Steps 5 and 6: the promotion as it goes on, and what is so afterwards. */
export function PromotionRun({ runId, run, family, isNew, onStartOver }: PromotionRunProps) {
  const swap = run ? swapOf(run, family) : null
  if (run && swap === null) {
    return (
      <Alert
        type="warning"
        header="This run is no promotion of this family"
        action={<Button onClick={onStartOver}>Choose a target</Button>}
      >
        {run.title}
      </Alert>
    )
  }
  return (
    <>
      {run && <Started run={run} onStartOver={onStartOver} />}
      <PathSection id="run" takesFocus={isNew ? 'after a press' : undefined}>
        <RunProgress runId={runId} showsOutcome={false} />
      </PathSection>
      {run && swap && hasEnded(run) && (
        <PathSection
          id="after"
          takesFocus={isNew ? 'by itself' : undefined}
          description="As the Regions tell it now, not as the run expected it."
        >
          <SpaceBetween size="l">
            <AfterChecks family={family} run={run} swap={swap} />
          </SpaceBetween>
        </PathSection>
      )}
    </>
  )
}
