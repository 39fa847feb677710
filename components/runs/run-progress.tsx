'use client'

import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ProgressBar from '@cloudscape-design/components/progress-bar'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { RefusalAlert } from '@/components/plans/refusal'
import { Copyable } from '@/components/shell/copyable'
import { Link } from '@/components/shell/link'
import { WaitingWords } from '@/components/shell/waiting-words'
import { countParts, hasEnded, hasManyParts, type Run } from '@/lib/plans/run'
import { DoorError } from '@/lib/queries/machine-doors'
import { useRun } from '@/lib/queries/runs'
import { DurationSoFar } from './duration-so-far'
import { ProofMatrix } from './proof-matrix'
import { RunControls } from './run-controls'
import { RunParts } from './run-parts'
import { RunStatusIndicator } from './run-status'
import { RunSteps } from './run-steps'
import { WayBack } from './way-back'

/** Where it stands, in words that are also announced; of a failed run, AWS's own name for it in small print. */
function Headline({ run }: { run: Run }) {
  const error =
    run.status === 'failed' && !hasManyParts(run)
      ? run.steps.find(({ status }) => status === 'failed')?.error
      : undefined
  return (
    <div>
      <RunStatusIndicator status={run.status} />
      <Box variant="h3" tagOverride="div">
        <output>{run.message}</output>
      </Box>
      {error && (
        <Box variant="small">
          {error.name}
          {error.requestId && (
            <>
              {' · request id '}
              <Copyable text={error.requestId} label="request id of the failure" />
            </>
          )}
        </Box>
      )}
    </div>
  )
}

/** Of a run over many families these are counted, else the steps. */
function Bar({ run }: { run: Run }) {
  const { status, startedAt, endedAt, counts } = run
  const ofMany = hasManyParts(run)
  const all = ofMany ? countParts(run) : counts.steps.all
  const finished = ofMany ? counts.parts.done + counts.parts.skipped : counts.steps.finished
  const goesOn = !hasEnded(run) && status !== 'paused'
  return (
    <ProgressBar
      ariaLabel="Progress of the run"
      value={all === 0 ? 100 : (finished / all) * 100}
      description={`${finished} of ${all} ${ofMany ? 'families' : 'steps'}`}
      additionalInfo={
        <>
          Duration <DurationSoFar startedAt={startedAt} endedAt={endedAt} goesOn={goesOn} />
        </>
      }
    />
  )
}

function Missing({ runId, error, onRetry }: { runId: string; error: Error; onRetry: () => void }) {
  if (error instanceof DoorError && error.code === 'not-found') {
    return (
      <RefusalAlert refusal={{ code: 'not-found', message: `There is no run ${runId}.` }}>
        <Link href="/runs">See all runs</Link>
      </RefusalAlert>
    )
  }
  return (
    <RefusalAlert
      refusal={{
        code: 'unavailable',
        message: `${error.message}. The run goes on without this page.`,
        whatToDo: 'It is asked again every few seconds.',
      }}
      action={
        <Button formAction="none" onClick={onRetry}>
          Ask again
        </Button>
      }
    />
  )
}

interface RunProgressProps {
  runId: string
  /** Proofs and the way back stand below; a page that shows them in a place of its own turns them off. */
  showsOutcome?: boolean
}

/** A run as it goes on: where it stands in words, each step, and the buttons that steer it. */
export function RunProgress({ runId, showsOutcome = true }: RunProgressProps) {
  const { data: run, error, isPending, refetch } = useRun(runId)
  if (isPending) return <WaitingWords>Reading the run …</WaitingWords>
  return (
    <SpaceBetween size="l">
      {error && <Missing runId={runId} error={error} onRetry={() => void refetch()} />}
      {run && <Headline run={run} />}
      {run && <Bar run={run} />}
      {run && <RunControls run={run} />}
      {run && (hasManyParts(run) ? <RunParts run={run} /> : <RunSteps steps={run.steps} />)}
      {showsOutcome &&
        run &&
        !hasManyParts(run) &&
        run.steps.map((step) => <ProofMatrix key={step.number} step={step} />)}
      {showsOutcome && run && <WayBack run={run} />}
    </SpaceBetween>
  )
}
