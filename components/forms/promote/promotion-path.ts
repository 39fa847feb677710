// The way of a promotion in six steps: which are behind, where one is, and what stands in the way.

import { isBlocked, type Plan } from '@/lib/plans/plan'
import { hasEnded, type Run } from '@/lib/plans/run'

export const pathSteps = [
  { id: 'target', title: 'Target' },
  { id: 'checks', title: 'Checks' },
  { id: 'consequences', title: 'What changes' },
  { id: 'confirm', title: 'Confirm and start' },
  { id: 'run', title: 'Run' },
  { id: 'after', title: 'After-checks' },
] as const

export type PathStepId = (typeof pathSteps)[number]['id']

/** `locked` steps have no section on the page yet, `past` ones no more. */
export type PathStatus = 'locked' | 'past' | 'current' | 'done' | 'blocked' | 'working' | 'failed'

/**
 * Checks, consequences and confirmation unlock together with the review, so that one can go from the target to the
 * start without further clicks; the run unlocks when it was started, the after-checks when it has ended, and they are
 * done when both Regions agree on the roles.
 */
export function promotionPath(
  plan: Pick<Plan, 'checks'> | null,
  run: Pick<Run, 'status'> | null,
  agreed = false,
): Record<PathStepId, PathStatus> {
  if (run) {
    const before = { target: 'past', checks: 'past', consequences: 'past', confirm: 'past' } as const
    if (!hasEnded(run)) return { ...before, run: 'working', after: 'locked' }
    return { ...before, run: run.status === 'succeeded' ? 'done' : 'failed', after: agreed ? 'done' : 'current' }
  }
  const locked = { run: 'locked', after: 'locked' } as const
  if (!plan) return { target: 'current', checks: 'locked', consequences: 'locked', confirm: 'locked', ...locked }
  return isBlocked(plan)
    ? { target: 'done', checks: 'blocked', consequences: 'done', confirm: 'blocked', ...locked }
    : { target: 'done', checks: 'done', consequences: 'done', confirm: 'current', ...locked }
}
