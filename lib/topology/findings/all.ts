// All findings of a family, the gravest first. A new finding is one file beside this one and one line in the list.

import { byText } from '../family'
import type { Family, Finding, Severity, Topology } from '../topology'
import { aliasElsewhere } from './alias-elsewhere'
import { aliasMissing } from './alias-missing'
import { contradictingRoles } from './contradicting-roles'
import { memberDisabled } from './member-disabled'
import { pendingDeletion } from './pending-deletion'
import { rotationOff } from './rotation-off'
import { singleMember } from './single-member'

/** Looks at one family in its topology; whose `findings` are filled does not matter. */
type FindingRule = (family: Family, topology: Topology) => Finding[]

const rules: FindingRule[] = [
  aliasElsewhere,
  aliasMissing,
  contradictingRoles,
  memberDisabled,
  pendingDeletion,
  rotationOff,
  singleMember,
]

const ofOthers = new Set(['alias-elsewhere', 'alias-missing'])

/**
 * Does the finding depend on other families than its own? These two tell whether another key holds the name. Whether there
 * is a finding at all never does: only on the family and on which Regions can be read.
 */
export const restsOnOthers = ({ id }: Finding): boolean => ofOthers.has(id)

const rank: Record<Severity, number> = { high: 0, medium: 1, low: 2 }

export function findingsOf(family: Family, topology: Topology): Finding[] {
  return rules
    .flatMap((rule) => rule(family, topology))
    .sort(
      (a, b) => rank[a.severity] - rank[b.severity] || byText(a.id, b.id) || byText(a.regions.join(), b.regions.join()),
    )
}
