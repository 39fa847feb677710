'use client'

import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import type { ProofCell, RunStatus, StepStatus } from '@/lib/plans/run'

type Shown = { type: StatusIndicatorProps.Type; words: string }

const runs: Record<RunStatus, Shown> = {
  'pending-approval': { type: 'pending', words: 'Awaits approval' },
  queued: { type: 'pending', words: 'Queued' },
  running: { type: 'in-progress', words: 'Running' },
  paused: { type: 'stopped', words: 'Paused' },
  waiting: { type: 'pending', words: 'Waiting' },
  succeeded: { type: 'success', words: 'Succeeded' },
  failed: { type: 'error', words: 'Failed' },
  aborted: { type: 'stopped', words: 'Aborted' },
}

const steps: Record<StepStatus, Shown> = {
  pending: { type: 'not-started', words: 'To do' },
  running: { type: 'in-progress', words: 'Running' },
  waiting: { type: 'pending', words: 'Waiting' },
  done: { type: 'success', words: 'Done' },
  skipped: { type: 'stopped', words: 'Skipped' },
  failed: { type: 'error', words: 'Failed' },
}

const proofs: Record<ProofCell['result'], Shown> = {
  proven: { type: 'success', words: 'Proven' },
  failed: { type: 'error', words: 'Failed' },
  'not permitted': { type: 'warning', words: 'Not permitted' },
  'not readable': { type: 'warning', words: 'Not readable' },
}

/** The run statuses in the order in which a filter offers them, with their words. */
export const runStatuses = Object.entries(runs).map(([status, { words }]) => ({ status: status as RunStatus, words }))

export const runStatusInWords = (status: RunStatus) => runs[status].words

export const RunStatusIndicator = ({ status }: { status: RunStatus }) => (
  <StatusIndicator type={runs[status].type}>{runs[status].words}</StatusIndicator>
)

export const StepStatusIndicator = ({ status }: { status: StepStatus }) => (
  <StatusIndicator type={steps[status].type}>{steps[status].words}</StatusIndicator>
)

export const ProofIndicator = ({ cell }: { cell: ProofCell }) => (
  <StatusIndicator type={proofs[cell.result].type}>
    {proofs[cell.result].words}
    {cell.latencyMs !== undefined && ` · ${Math.round(cell.latencyMs)} ms`}
  </StatusIndicator>
)
