// member-disabled: a Region whose key refuses to work, and to which nobody could fail over.

import { inWords } from '../in-words'
import type { Family, Finding } from '../topology'

export function memberDisabled(family: Family): Finding[] {
  const regions = family.members.filter((member) => member.state === 'Disabled').map((member) => member.region)
  if (regions.length === 0) return []
  const message =
    regions.length === family.members.length
      ? 'Every key of the family is disabled: it works nowhere until one of them is enabled.'
      : `${regions.length === 1 ? 'The key' : 'The keys'} in ${inWords(regions)} ${regions.length === 1 ? 'is' : 'are'} disabled: callers there are refused until ${regions.length === 1 ? 'it is' : 'they are'} enabled.`
  return [{ id: 'member-disabled', severity: 'high', regions, message }]
}
