// Answer: the value, or what the person can put right, in words; the same for actions, doors and runs.

export type RefusalCode =
  | 'invalid'
  | 'not-found'
  | 'stale'
  | 'held'
  | 'blocked'
  | 'forbidden'
  | 'conflict'
  | 'kms'
  | 'unavailable'
  /** Nobody expected it: what happened is in the log of the server. */
  | 'internal'

export interface Refusal {
  code: RefusalCode
  message: string
  /** Messages by field path, e.g. `toRegions` or `changes.0.name`. */
  fields?: Record<string, string>
  /** For an error of KMS: its own name, the request id and what to do. */
  awsName?: string
  requestId?: string
  whatToDo?: string
}

export type Answer<T> = { ok: true; value: T } | { ok: false; error: Refusal }
