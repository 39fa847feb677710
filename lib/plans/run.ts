// A run is a plan being carried out: the types that the executor stores and that screens and doors show.

import type { RequestData } from '@/lib/topology/topology'
import type { Plan, PlanPart } from './plan'

export const RUN_STATUSES = [
  'pending-approval',
  'queued',
  'running',
  'paused',
  'waiting',
  'succeeded',
  'failed',
  'aborted',
] as const

export type RunStatus = (typeof RUN_STATUSES)[number]

export type StepStatus = 'pending' | 'running' | 'waiting' | 'done' | 'skipped' | 'failed'

/** One cell of a proof: what was made in `from` was tried in `to`. */
export interface ProofCell {
  from: string
  to: string
  /** Whether the thing tried was made before the change or after it. */
  made: 'before' | 'after'
  result: 'proven' | 'failed' | 'not permitted' | 'not readable'
  latencyMs?: number
  message?: string
}

/** What a prove step made: public bytes only (ciphertext, signature or MAC), never the plaintext. */
export interface ProofBaseline {
  region: string
  algorithm: string
  /** Base64 ciphertext, signature or MAC. */
  blob: string
  /** Hex SHA-256 of the random plaintext or message. */
  digest: string
}

export interface StepError {
  /** The exception's own name, e.g. `DisabledException`. */
  name: string
  message: string
  /** What a person can do about it. */
  whatToDo: string
  requestId?: string
}

export interface RunStep {
  /** Counted from 1, as in the plan. */
  number: number
  title: string
  region: string
  operation?: string
  cli: string
  status: StepStatus
  startedAt: string | null
  endedAt: string | null
  requestId: string | null
  error: StepError | null
  /** What it waits for, or found, in words. */
  message: string | null
  /** Values born in this step, e.g. the new key id. */
  output: { keyId?: string; baseline?: ProofBaseline; proof?: ProofCell[] }
}

/** `waiting`: past the deadline of a wait, and still looking. */
export const PART_STATUSES = ['pending', 'running', 'waiting', 'done', 'failed', 'skipped'] as const

export type PartStatus = (typeof PART_STATUSES)[number]

/** One family's share of a run. */
export interface RunPart extends PlanPart {
  /** Counted from 1, as in the plan. */
  number: number
  status: PartStatus
  /** Where it stands, in words; null before it has begun. */
  message: string | null
  startedAt: string | null
  endedAt: string | null
  /** Why it was skipped. */
  reason: string | null
}

export interface PartWithSteps {
  part: RunPart
  steps: RunStep[]
}

/** How far a run is. */
export interface RunCounts {
  parts: Record<PartStatus, number>
  /** Of all parts; finished are those that are done or skipped. */
  steps: { all: number; finished: number }
}

export interface Run {
  id: string
  kind: string
  title: string
  status: RunStatus
  actor: string
  reason: string
  createdAt: string
  startedAt: string | null
  endedAt: string | null
  /** Key ids of the families it changes, those it made included. */
  keyIds: string[]
  request: RequestData
  undo: Plan['undo']
  /** One sentence on where it stands, and what to press when it does not go on by itself. */
  message: string
  /** An estimate for a run over many families that is at work; null where nobody can tell. */
  secondsLeft: number | null
  counts: RunCounts
  /** Lists leave parts and steps out where there are more than `MOST_LISTED_STEPS` steps. */
  parts: RunPart[]
  steps: RunStep[]
}

export const MOST_LISTED_STEPS = 50

/** The newest runs that lists show. */
export const LISTED_RUNS = 200

export const hasEnded = (run: Pick<Run, 'status'>) =>
  run.status === 'succeeded' || run.status === 'failed' || run.status === 'aborted'

export const countParts = ({ counts }: Pick<Run, 'counts'>) =>
  Object.values(counts.parts).reduce((sum, many) => sum + many, 0)

/** It is shown by its families, not by its steps. */
export const hasManyParts = (run: Pick<Run, 'counts'>) => countParts(run) > 1
