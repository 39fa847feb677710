// Run words: run status, step status and result of a proof, as people read them.

import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import type { PartStatus, ProofCell, RunStatus, StepStatus } from '@/lib/plans/run'

interface Shown {
  type: StatusIndicatorProps.Type
  words: string
}

export const runStatusShown: Readonly<Record<RunStatus, Shown>> = {
  'pending-approval': { type: 'pending', words: 'Awaits approval' },
  queued: { type: 'pending', words: 'Queued' },
  running: { type: 'in-progress', words: 'Running' },
  waiting: { type: 'pending', words: 'Still waiting' },
  paused: { type: 'stopped', words: 'Paused' },
  succeeded: { type: 'success', words: 'Succeeded' },
  failed: { type: 'error', words: 'Failed' },
  aborted: { type: 'stopped', words: 'Aborted' },
}

export const stepStatusShown: Readonly<Record<StepStatus, Shown>> = {
  pending: { type: 'not-started', words: 'To do' },
  running: { type: 'in-progress', words: 'Running' },
  waiting: { type: 'pending', words: 'Waiting' },
  done: { type: 'success', words: 'Done' },
  skipped: { type: 'stopped', words: 'Skipped' },
  failed: { type: 'error', words: 'Failed' },
}

export const partStatusShown: Readonly<Record<PartStatus, Shown>> = {
  pending: { type: 'not-started', words: 'To do' },
  running: { type: 'in-progress', words: 'Running' },
  waiting: { type: 'pending', words: 'Still waiting' },
  done: { type: 'success', words: 'Done' },
  failed: { type: 'error', words: 'Failed' },
  skipped: { type: 'stopped', words: 'Skipped' },
}

export const proofShown: Readonly<Record<ProofCell['result'], Shown>> = {
  proven: { type: 'success', words: 'Proven' },
  failed: { type: 'error', words: 'Failed' },
  'not permitted': { type: 'warning', words: 'Not permitted' },
  'not readable': { type: 'warning', words: 'Not readable' },
}

/** The run statuses in the order in which a filter offers them. */
export const runStatuses = Object.entries(runStatusShown).map(([status, { words }]) => ({
  status: status as RunStatus,
  words,
}))

export const runStatusInWords = (status: RunStatus) => runStatusShown[status].words
