// recent-promotion: a family that was promoted a moment ago and is moved again flaps. A person should know.

import type { Facts } from '@/lib/topology/facts'
import { type FamilyCheck, passed, warned } from './verdicts'

/** How long a promotion counts as recent. */
export const PROMOTED_LATELY_MINUTES = 60

export function recentPromotion(keyId: string, facts: Pick<Facts, 'recentPromotions'>): FamilyCheck {
  const id = 'recent-promotion'
  const recent = facts.recentPromotions[keyId]
  const lately = `in the last ${PROMOTED_LATELY_MINUTES} minutes`
  return recent
    ? warned(
        id,
        `A run has promoted ${recent.toRegion} at ${recent.at}, ${lately} (${recent.runId}): make sure that two people, or a person and a program, do not move it back and forth.`,
        {
          among: `A run has promoted them ${lately}: make sure that two people, or a person and a program, do not move them back and forth.`,
        },
      )
    : passed(id, `No run has promoted it ${lately}.`, { among: `No run has promoted them ${lately}.` })
}
