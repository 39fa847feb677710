// Call counts: how many requests were sent to KMS, where, for whom and with what outcome.

import { type KmsError, toKmsError } from './errors'
import type { PacedCall } from './tokens'

/**
 * `denied`: by a policy, by credentials or because the Region is not enabled; `unreachable`: no answer in time, or given
 * up before one; `error`: KMS answered with any other error, "not found" among them.
 */
export type CallOutcome = 'ok' | 'throttled' | 'denied' | 'unreachable' | 'error'

export interface CallCount extends PacedCall {
  outcome: CallOutcome
  /** Requests since the start of the process, repeated ones included; one under way is not counted yet. */
  count: number
}

const outcomes: Partial<Record<KmsError['kind'], CallOutcome>> = {
  throttled: 'throttled',
  denied: 'denied',
  'disabled-region': 'denied',
  unreachable: 'unreachable',
}

/** What became of a call that threw this. */
export const outcomeOf = (thrown: unknown, region: string): CallOutcome =>
  outcomes[toKmsError(thrown, region).kind] ?? 'error'

export class CallCounts {
  readonly #counts = new Map<string, CallCount>()

  add({ region, operation, purpose }: PacedCall, outcome: CallOutcome) {
    const name = `${region} ${operation} ${purpose} ${outcome}`
    const known = this.#counts.get(name)
    if (known) known.count += 1
    else this.#counts.set(name, { region, operation, purpose, outcome, count: 1 })
  }

  /** As they are now; what comes later does not change the answer. */
  all(): CallCount[] {
    return [...this.#counts.values()].map((count) => ({ ...count }))
  }
}
