// What a step needs to know while it is carried out, and the two ways in which it ends early.

import type { KmsError } from '@/lib/kms/errors'
import type { ResolveKey } from '@/lib/plans/done'
import type { RunStep, StepError } from '@/lib/plans/run'
import type { Pace } from './pace'

/** The steps of a run as they stand, by number. */
type StepsByNumber = ReadonlyMap<number, RunStep>

export interface StepContext {
  number: number
  /** The tag value that a key made by this step carries. */
  mark: string
  /** ISO time: nothing of this run is older. */
  runCreatedAt: string
  /** ISO time of the first attempt at this step. */
  startedAt: string
  /** Nothing of this step was ever sent. */
  isFirstAttempt: boolean
  /** This run has made a key, which KMS may not find everywhere at once. */
  hasNewborn: boolean
  /** A later step compares with what this one makes: it stands before the change. */
  isBaseline: boolean
  steps: StepsByNumber
  resolve: ResolveKey
  pace: Pace
  /** Ends reads when the process stops. */
  signal: AbortSignal
  /** Stores what is waited for, in words; `late` says so of the whole run. */
  say: (message: string, late?: boolean) => Promise<void>
  /** A pause in which the run may be paused or aborted: throws `Interrupted`. */
  pause: (ms: number) => Promise<void>
  /** A pause in which only the end of the process interrupts: what was called must be known first. */
  rest: (ms: number) => Promise<void>
}

export interface StepResult {
  message: string | null
  requestId?: string | null
  output?: RunStep['output']
}

/** The step is left as it is: the process stops, a person paused or aborted the run, or another process took it. */
export class Interrupted extends Error {
  readonly by: 'stop' | 'pause' | 'abort' | 'takeover'

  constructor(by: Interrupted['by']) {
    super(`Interrupted by ${by}`)
    this.by = by
  }
}

/** The step failed, in the words that are stored with it. */
export class StepFailure extends Error {
  readonly error: StepError
  readonly output: RunStep['output']

  constructor(error: StepError, output: RunStep['output'] = {}) {
    super(error.message)
    this.error = error
    this.output = output
  }
}

export const failureOf = ({ awsName, message, whatToDo, requestId }: KmsError) =>
  new StepFailure({ name: awsName, message, whatToDo, ...(requestId && { requestId }) })
