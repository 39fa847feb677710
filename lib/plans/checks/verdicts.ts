// Verdicts: the four ways in which a check can end.

import type { Check } from '../plan'

type More = Pick<Check, 'remedy' | 'choices'>

export const passed = (id: string, message: string): Check => ({ id, verdict: 'pass', message })

export const warned = (id: string, message: string, more: More = {}): Check => ({
  id,
  verdict: 'warn',
  message,
  ...more,
})

/** KMS itself would refuse: the message names the exception where that helps. */
export const refusedByKms = (id: string, message: string, more: More = {}): Check => ({
  id,
  verdict: 'block',
  blockedBy: 'kms',
  message,
  ...more,
})

/** KMS would take it, but it would do harm, or nobody could tell what it did. */
export const refusedByRule = (id: string, message: string, more: More = {}): Check => ({
  id,
  verdict: 'block',
  blockedBy: 'house rule',
  message,
  ...more,
})
