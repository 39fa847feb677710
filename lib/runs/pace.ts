// Pace: how often a run looks, and how long it is patient. Tests give shorter ones.

export interface Pace {
  /** Between two looks of a wait that has lasted a while; at first it is looked at more often. */
  pollMs: number
  /** The same once the deadline of the wait has passed. */
  latePollMs: number
  /** What a minute of a deadline lasts. */
  minuteMs: number
  /** First pause after "too many requests", and the longest; each is about twice the one before. */
  backoffMs: number
  maxBackoffMs: number
  /** How often a throttled call is sent, and a failed read repeated, before the step fails. */
  attempts: number
  readAttempts: number
  /** How long the truth is looked for after a call whose answer was lost. */
  doubtMs: number
  /** How long "not found" may mean "not yet", for a key that this run made. */
  newbornMs: number
  /** How long a proof may fail in a member that has just come about. */
  proofMs: number
  /** How long a step waits for the inventory to show its change. */
  refreshMs: number
  /** Before a part that broke off for a reason that nobody expected is begun again. */
  brokenMs: number
  /** How long `stop` waits for what is under way. */
  stopMs: number
}

/** Keys settle within seconds, and eventual consistency of KMS is mostly a matter of seconds as well. */
export const PACE: Pace = {
  pollMs: 1_000,
  latePollMs: 5_000,
  minuteMs: 60_000,
  backoffMs: 500,
  maxBackoffMs: 20_000,
  attempts: 8,
  readAttempts: 4,
  doubtMs: 10_000,
  newbornMs: 60_000,
  proofMs: 8_000,
  refreshMs: 1_000,
  brokenMs: 2_000,
  stopMs: 2_000,
}

/** Exponential, with half of it left to chance, so that many runs do not come back at the same moment. */
export function backoff(pace: Pace, attempt: number): number {
  const full = Math.min(pace.maxBackoffMs, pace.backoffMs * 2 ** (attempt - 1))
  return full / 2 + Math.random() * (full / 2)
}
