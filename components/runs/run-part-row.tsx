'use client'

import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { RefusalAlert } from '@/components/plans/refusal'
import { Link } from '@/components/shell/link'
import { WaitingWords } from '@/components/shell/waiting-words'
import type { Run, RunPart } from '@/lib/plans/run'
import { type Steering, useRunPart, useSteerRun } from '@/lib/queries/runs'
import { DurationSoFar } from './duration-so-far'
import { ProofMatrix } from './proof-matrix'
import styles from './run-parts.module.css'
import { PartStatusIndicator } from './run-status'
import { RunSteps } from './run-steps'

interface RunPartRowProps {
  run: Run
  part: RunPart
  isOpen: boolean
  onToggle: () => void
}

const isUnderWay = ({ status }: RunPart) => status === 'running' || status === 'waiting'

/** One family of a run: where it stands, its steps on demand, and what can be done about a failure. */
export function RunPartRow({ run, part, isOpen, onToggle }: RunPartRowProps) {
  const { title, keyId, status, message, startedAt, endedAt } = part
  return (
    <>
      <div className={styles.line}>
        <Button
          variant="inline-icon"
          formAction="none"
          iconName={isOpen ? 'angle-down' : 'angle-right'}
          ariaLabel={`Steps of ${title}`}
          ariaExpanded={isOpen}
          onClick={onToggle}
        />
        <div className={styles.title}>
          {keyId === null ? title : <Link href={`/keys/${encodeURIComponent(keyId)}`}>{title}</Link>}
          {message && status !== 'done' && (
            <Box variant="small" display="block" color={status === 'failed' ? 'text-status-error' : undefined}>
              {message}
            </Box>
          )}
        </div>
        <div className={styles.status}>
          <PartStatusIndicator status={status} />
        </div>
        <div className={styles.duration}>
          <DurationSoFar startedAt={startedAt} endedAt={endedAt} goesOn={isUnderWay(part)} />
        </div>
      </div>
      {status === 'failed' && <FailedPart run={run} part={part} />}
      {isOpen && <PartSteps run={run} part={part} />}
    </>
  )
}

/** The failure of one family need not stop the others: it is tried again, or left out for a reason. */
function FailedPart({ run, part }: { run: Run; part: RunPart }) {
  const steer = useSteerRun()
  const [reason, setReason] = useState<string | null>(null)
  const refusal = steer.data && !steer.data.ok ? steer.data.error : undefined
  const tell = (wish: Steering) => steer.mutate(wish)
  const canSteer = run.status !== 'aborted' && run.status !== 'paused'
  const whyNot = canSteer ? undefined : 'Only in a run that goes on or has failed'
  return (
    <div className={styles.below}>
      <SpaceBetween size="xs">
        <SpaceBetween direction="horizontal" size="xs">
          <Button
            formAction="none"
            disabled={!canSteer}
            disabledReason={whyNot}
            loading={steer.isPending}
            loadingText="Retry"
            ariaLabel={`Retry ${part.title}`}
            onClick={() => tell({ id: run.id, how: 'retry', part: part.number })}
          >
            Retry
          </Button>
          <Button
            formAction="none"
            disabled={!canSteer}
            disabledReason={whyNot}
            ariaLabel={`Skip ${part.title}`}
            ariaExpanded={reason !== null}
            onClick={() => setReason(reason === null ? '' : null)}
          >
            Skip
          </Button>
        </SpaceBetween>
        {reason !== null && (
          <FormField
            label="Reason"
            description="It is kept with the run. What was done to the family stays."
            secondaryControl={
              <Button
                formAction="none"
                disabled={reason.trim() === ''}
                disabledReason="Say why: it is kept with the run"
                onClick={() => tell({ id: run.id, how: 'skip', part: part.number, reason })}
              >
                Skip family
              </Button>
            }
          >
            <Input value={reason} onChange={({ detail }) => setReason(detail.value)} />
          </FormField>
        )}
        {refusal && <RefusalAlert refusal={refusal} />}
      </SpaceBetween>
    </div>
  )
}

function PartSteps({ run, part }: { run: Run; part: RunPart }) {
  const { data, error, isPending, refetch } = useRunPart(run.id, part.number, isUnderWay(part))
  return (
    <div className={styles.below}>
      {isPending && <WaitingWords>Reading the steps …</WaitingWords>}
      {error && (
        <RefusalAlert
          refusal={{ code: 'unavailable', message: `${error.message}. The run goes on without this page.` }}
          action={
            <Button formAction="none" onClick={() => void refetch()}>
              Ask again
            </Button>
          }
        />
      )}
      {data && <RunSteps steps={data.steps} />}
      {data?.steps.map((step) => (
        <ProofMatrix key={step.number} step={step} />
      ))}
    </div>
  )
}
