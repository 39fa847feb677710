// Verdicts: the five ways in which a check can end.

import type { Check } from '../plan'

/**
 * A check of one family. `among` says the same of several families at once, without what is each one's own: where plans are
 * made over many families, those with the same `among` are told once.
 */
export interface FamilyCheck extends Check {
  among?: string
}

type More = Pick<FamilyCheck, 'remedy' | 'choices' | 'among'>

export const passed = (id: string, message: string, more: Pick<More, 'among'> = {}): FamilyCheck => ({
  id,
  verdict: 'pass',
  message,
  ...more,
})

/** Nothing that was read speaks against it, and nothing proves it. */
export const unproven = (id: string, message: string, more: More = {}): FamilyCheck => ({
  id,
  verdict: 'unproven',
  message,
  ...more,
})

export const warned = (id: string, message: string, more: More = {}): FamilyCheck => ({
  id,
  verdict: 'warn',
  message,
  ...more,
})

/** KMS itself would refuse: the message names the exception where that helps. */
export const refusedByKms = (id: string, message: string, more: More = {}): FamilyCheck => ({
  id,
  verdict: 'block',
  blockedBy: 'kms',
  message,
  ...more,
})

/** KMS would take it, but it would do harm, or nobody could tell what it did. */
export const refusedByRule = (id: string, message: string, more: More = {}): FamilyCheck => ({
  id,
  verdict: 'block',
  blockedBy: 'house rule',
  message,
  ...more,
})
