import { describe, expect, it } from 'vitest'
import type { Check } from '@/lib/plans/plan'
import type { RunStatus } from '@/lib/plans/run'
import { promotionPath } from './promotion-path'

const plan = (...verdicts: Check['verdict'][]) => ({
  checks: verdicts.map((verdict) => ({ id: verdict, verdict, message: verdict })),
})
const run = (status: RunStatus) => ({ status })

describe('promotionPath', () => {
  it('begins at the target, with everything else locked', () => {
    expect(promotionPath(null, null)).toMatchObject({ target: 'current', checks: 'locked', run: 'locked' })
  })

  it('unlocks checks, consequences and confirmation together', () => {
    expect(promotionPath(plan('pass', 'warn'), null)).toEqual({
      target: 'done',
      checks: 'done',
      consequences: 'done',
      confirm: 'current',
      run: 'locked',
      after: 'locked',
    })
  })

  it('does not show a blocked plan as one that can start', () => {
    expect(promotionPath(plan('pass', 'block'), null)).toMatchObject({ checks: 'blocked', confirm: 'blocked' })
  })

  it('keeps the after-checks locked until the run has ended', () => {
    for (const status of ['queued', 'running', 'waiting', 'paused'] as const) {
      expect(promotionPath(null, run(status))).toMatchObject({ run: 'working', after: 'locked' })
    }
  })

  it('is at its end only when both Regions agree', () => {
    expect(promotionPath(null, run('succeeded'), false).after).toBe('current')
    expect(promotionPath(null, run('succeeded'), true).after).toBe('done')
    expect(promotionPath(null, run('running'), true).after).toBe('locked')
  })

  it('shows a run as done only when it has succeeded', () => {
    expect(promotionPath(null, run('succeeded'))).toMatchObject({ run: 'done', after: 'current' })
    expect(promotionPath(null, run('failed'))).toMatchObject({ run: 'failed', after: 'current' })
    expect(promotionPath(null, run('aborted'))).toMatchObject({ run: 'failed', after: 'current' })
  })
})
