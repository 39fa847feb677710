// Durations: how long a plan takes at least, by the request quotas of KMS, and how long it usually takes.

import { type Charge, chargesBesides, quotaOf } from '@/lib/topology/request-quotas'
import type { StepDraft } from './steps'

function chargesOf(step: StepDraft): Charge[] {
  if (step.does !== 'call') return []
  return [{ operation: step.operation, region: step.region, times: 1 }, ...chargesBesides(step)]
}

/** What all steps together count against one quota, and the seconds that this takes at least. */
export interface QuotaUse {
  operation: string
  region: string
  times: number
  perSecond: number
  seconds: number
}

/** Every quota that the steps count against, the one that takes longest first. */
export function quotaUses(steps: StepDraft[]): QuotaUse[] {
  const uses = new Map<string, QuotaUse>()
  for (const { operation, region, times } of steps.flatMap(chargesOf)) {
    const quota = `${operation} ${region}`
    const before = uses.get(quota)?.times ?? 0
    const rate = quotaOf(operation) ?? Number.POSITIVE_INFINITY
    const all = before + times
    uses.set(quota, { operation, region, times: all, perSecond: rate, seconds: all / rate })
  }
  return [...uses.values()].sort((a, b) => b.seconds - a.seconds)
}

/** Seconds: the most that any one quota makes these steps take, whoever runs them, rounded up to a tenth. */
export const minimumSeconds = (steps: StepDraft[]): number =>
  Math.max(0, Math.ceil((quotaUses(steps)[0]?.seconds ?? 0) * 10 - 1e-9)) / 10

/**
 * Seconds that a plan in waves takes. The first part is a barrier: no other call is made before it has ended, so the
 * others count against the quotas after it. Their waits run out beside each other.
 */
export function secondsInWaves(parts: StepDraft[][]): { minimumSeconds: number; typicalSeconds: number } {
  const [canary = [], ...others] = parts
  const rest = minimumSeconds(others.flat())
  const longest = Math.max(0, ...others.map(typicalSeconds))
  return {
    minimumSeconds: Math.round((minimumSeconds(canary) + rest) * 10) / 10,
    typicalSeconds: Math.ceil(typicalSeconds(canary) + rest + longest),
  }
}

const CALL_SECONDS = 0.5
const PROOF_SECONDS = 0.3

/** Seconds that each outcome usually takes to show: a few for a new key, up to minutes for new key material. */
function waitSeconds(step: StepDraft): number {
  if (step.does !== 'wait') return 0
  switch (step.done.is) {
    case 'primary':
      return 30
    case 'rotated':
      return 60
    case 'member-state':
      return 10
    default:
      return 2
  }
}

/**
 * Seconds that the steps usually take, from the ranges that AWS and its users report: "a few seconds" for `Creating`
 * and a minute or more for `Updating`. Waits that follow one another run out together, as their keys settle side by
 * side.
 */
export function typicalSeconds(steps: StepDraft[]): number {
  let seconds = 0
  let waitedFor = 0
  for (const step of steps) {
    if (step.does === 'wait') {
      const wait = waitSeconds(step)
      seconds += Math.max(0.2, wait - waitedFor)
      waitedFor = Math.max(waitedFor, wait)
      continue
    }
    waitedFor = 0
    seconds += step.does === 'prove' ? PROOF_SECONDS * (1 + step.inRegions.length) : CALL_SECONDS
  }
  return Math.ceil(seconds)
}
