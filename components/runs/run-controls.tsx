'use client'

import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useEffect, useRef, useState } from 'react'
import { RefusalAlert } from '@/components/plans/refusal'
import { countParts, hasEnded, hasManyParts, type Run } from '@/lib/plans/run'
import { type Steering, useSteerRun } from '@/lib/queries/runs'
import { inWords } from '@/lib/topology/in-words'
import { runStatusInWords } from './run-words'

type How = Exclude<Steering['how'], 'skip'>

const words: Record<How, string> = { pause: 'Pause', resume: 'Resume', abort: 'Abort', retry: 'Retry' }

const isAtWork = ({ status }: Run) => status === 'queued' || status === 'running' || status === 'waiting'

/** Why a run cannot be told so now; undefined when it can. */
function whyNot(run: Run, how: How): string | undefined {
  const status = runStatusInWords(run.status).toLowerCase()
  switch (how) {
    case 'pause':
      return isAtWork(run) ? undefined : `Only a run that goes on can be paused; this one is ${status}`
    case 'resume':
      return run.status === 'paused' ? undefined : `Only a paused run can be resumed; this one is ${status}`
    case 'abort':
      return hasEnded(run) ? `The run has ended: ${status}` : undefined
    case 'retry':
      return run.status === 'failed' ? undefined : `Only a failed run can be tried again; this one is ${status}`
  }
}

/** What an abort leaves: it takes nothing back. */
function whatIsLeft(run: Run): string {
  const { steps, undo, counts } = run
  const done = steps.filter(({ status }) => status === 'done').length
  const open = steps.filter(({ status }) => status !== 'done' && status !== 'skipped').map(({ title }) => title)
  const back = 'label' in undo ? `Afterwards “${undo.label}” is offered as a plan.` : undo.sentence
  if (hasManyParts(run)) {
    return `${counts.parts.done} of ${countParts(run)} families are done and stay. The others stop at the step that they are at; what KMS was already asked for goes on by itself. ${back}`
  }
  return `${done} of ${steps.length} steps are done and stay. Not done any more: ${inWords(open)}. What KMS was already asked for goes on by itself. ${back}`
}

/** Asks once more, beside the button: an abort cannot be resumed. */
function ConfirmAbort({ run, onAbort, onKeep }: { run: Run; onAbort: () => void; onKeep: () => void }) {
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => ref.current?.focus(), [])
  return (
    <div ref={ref} tabIndex={-1} role="alertdialog" aria-label="Abort this run?">
      <Alert
        type="warning"
        header="Abort this run?"
        action={
          <SpaceBetween direction="horizontal" size="xs">
            <Button formAction="none" onClick={onKeep}>
              Keep going
            </Button>
            <Button formAction="none" variant="primary" onClick={onAbort}>
              Abort run
            </Button>
          </SpaceBetween>
        }
      >
        {whatIsLeft(run)}
      </Alert>
    </div>
  )
}

/** Pause, Resume, Abort and Retry: always here, each saying why it cannot be pressed. */
export function RunControls({ run }: { run: Run }) {
  const steer = useSteerRun()
  const [aborting, setAborting] = useState(false)
  const refusal = steer.data && !steer.data.ok ? steer.data.error : undefined
  const tell = (how: How) => {
    setAborting(false)
    steer.mutate({ id: run.id, how })
  }
  return (
    <SpaceBetween size="s">
      <SpaceBetween direction="horizontal" size="xs">
        {(['pause', 'resume', 'abort', 'retry'] as const).map((how) => {
          const reason = whyNot(run, how)
          return (
            <Button
              key={how}
              formAction="none"
              disabled={reason !== undefined}
              disabledReason={reason}
              loading={steer.isPending && steer.variables.how === how}
              loadingText={words[how]}
              onClick={() => (how === 'abort' ? setAborting(true) : tell(how))}
            >
              {words[how]}
            </Button>
          )
        })}
      </SpaceBetween>
      {aborting && !hasEnded(run) && (
        <ConfirmAbort run={run} onAbort={() => tell('abort')} onKeep={() => setAborting(false)} />
      )}
      {refusal && <RefusalAlert refusal={refusal} />}
      {steer.isError && (
        <RefusalAlert
          refusal={{
            code: 'unavailable',
            message: 'The dashboard’s own server does not answer: nobody knows whether it heard this.',
            whatToDo: 'Look at the status of the run before you try again.',
          }}
        />
      )}
    </SpaceBetween>
  )
}
