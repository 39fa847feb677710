// primary-known: the calls of the primary key need to know where it is, and no promotion under way.

import { inWords } from '@/lib/topology/in-words'
import type { Family } from '@/lib/topology/topology'
import type { Check } from '../plan'
import { passed, refusedByRule } from './verdicts'

/** While a promotion settles, the next call may reach a key that has just stopped being the primary. */
export function primaryKnown(family: Family): Check {
  if (family.primaryRegion === null) {
    return refusedByRule(
      'primary-known',
      'No primary key is known: a promotion may be under way, or its Region was never read. Wait until one is named.',
    )
  }
  const updating = family.members.filter((member) => member.state === 'Updating').map(({ region }) => region)
  if (updating.length > 0) {
    return refusedByRule(
      'primary-known',
      `A promotion is still settling (${inWords(updating)} ${updating.length === 1 ? 'says' : 'say'} Updating). Wait until it has ended.`,
    )
  }
  return passed('primary-known', `The primary key is in ${family.primaryRegion}.`)
}
