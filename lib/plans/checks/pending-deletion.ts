// pending-deletion: members beside the two of a promotion that are about to go.

import { inWords } from '@/lib/topology/in-words'
import type { Family } from '@/lib/topology/topology'
import { type FamilyCheck, warned } from './verdicts'

/** The two themselves are judged by their key states. */
export function othersPendingDeletion(family: Family, judged: string[]): FamilyCheck[] {
  const going = family.members.filter(({ region, state }) => state === 'PendingDeletion' && !judged.includes(region))
  if (going.length === 0) return []
  const regions = inWords(going.map(({ region }) => region))
  const [first] = going.flatMap(({ deletionDate }) => deletionDate ?? []).sort()
  return [
    warned(
      'pending-deletion',
      `The key in ${regions} is pending deletion${first === undefined ? '' : ` (${first})`}: cancel that in time if it should still be there to fail over to.`,
      {
        among: `The key in ${regions} is pending deletion: cancel that in time if it should still be there to fail over to.`,
      },
    ),
  ]
}
