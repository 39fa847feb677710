'use client'

import { StatusIndicator } from '@/components/shell/status-indicator'
import type { PartStatus, ProofCell, RunStatus, StepStatus } from '@/lib/plans/run'
import { partStatusShown, proofShown, runStatusShown, stepStatusShown } from './run-words'

export const RunStatusIndicator = ({ status }: { status: RunStatus }) => (
  <StatusIndicator type={runStatusShown[status].type}>{runStatusShown[status].words}</StatusIndicator>
)

export const PartStatusIndicator = ({ status }: { status: PartStatus }) => (
  <StatusIndicator type={partStatusShown[status].type}>{partStatusShown[status].words}</StatusIndicator>
)

export const StepStatusIndicator = ({ status }: { status: StepStatus }) => (
  <StatusIndicator type={stepStatusShown[status].type}>{stepStatusShown[status].words}</StatusIndicator>
)

export const ProofIndicator = ({ cell }: { cell: ProofCell }) => (
  <StatusIndicator type={proofShown[cell.result].type}>
    {proofShown[cell.result].words}
    {cell.latencyMs !== undefined && ` · ${Math.round(cell.latencyMs)} ms`}
  </StatusIndicator>
)
