// Do both Regions of a promotion agree on the new roles? Only what a Region just said of its own key counts.

import { promoteRequest } from '@/lib/plans/promote'
import type { Run } from '@/lib/plans/run'
import { memberIn } from '@/lib/topology/family'
import type { Family } from '@/lib/topology/topology'

/** Regions: the primary key goes from one to the other. */
export interface Swap {
  from: string
  to: string
}

/** The Regions of the promotion that a run carries out; null for a run of another kind or family. */
export function swapOf(run: Pick<Run, 'request' | 'undo'>, family: Pick<Family, 'keyId'>): Swap | null {
  const there = promoteRequest.safeParse(run.request)
  const back = promoteRequest.safeParse('request' in run.undo ? run.undo.request : null)
  if (!there.success || !back.success || there.data.keyId !== family.keyId) return null
  return { from: back.data.toRegion, to: there.data.toRegion }
}

export interface Agreement {
  verdict: 'agreed' | 'not read' | 'not so'
  sentence: string
}

/** While a promotion settles both keys may say REPLICA, so one Region's word is never enough (KMS Developer Guide). */
export function agreementOn(family: Family, { from, to }: Swap): Agreement {
  const [old, next] = [memberIn(family, from), memberIn(family, to)]
  if (old?.known !== 'live' || next?.known !== 'live') {
    const unread = [old?.known === 'live' ? [] : from, next?.known === 'live' ? [] : to].flat()
    const sentence = `${unread.join(' and ')} could not be read now: nobody can say yet that both Regions agree on the roles.`
    return { verdict: 'not read', sentence }
  }
  const { primaryRegion } = family
  if (next.role === 'PRIMARY' && old.role === 'REPLICA') {
    return old.state === 'Enabled' && next.state === 'Enabled'
      ? {
          verdict: 'agreed',
          sentence: `Both Regions agree: ${to} holds the primary key, ${from} a replica key, both Enabled.`,
        }
      : { verdict: 'not so', sentence: `Both Regions name ${to} as the primary, but not both keys are Enabled.` }
  }
  return primaryRegion === null
    ? { verdict: 'not so', sentence: `${from} and ${to} do not agree yet on which of them holds the primary key.` }
    : { verdict: 'not so', sentence: `The primary key is in ${primaryRegion} now, not in ${to}.` }
}
