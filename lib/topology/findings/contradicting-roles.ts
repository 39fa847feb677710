// contradicting-roles: the members do not agree on one primary key, and no promotion explains it.

import { isSettling } from '../family'
import { inWords } from '../in-words'
import type { Family, Finding } from '../topology'

/** While a member is `Updating`, KMS itself may show two replicas and no primary (KMS API Reference, UpdatePrimaryRegion). */
export function contradictingRoles(family: Family): Finding[] {
  const described = family.members.filter((member) => member.known !== 'inferred')
  if (family.primaryRegion !== null || described.length === 0 || described.some(isSettling)) return []

  const primaries = described.filter((member) => member.role === 'PRIMARY').map((member) => member.region)
  const regions = primaries.length > 0 ? primaries : described.map((member) => member.region)
  const message =
    primaries.length > 0
      ? `The keys in ${inWords(regions)} each call themselves primary: refresh, and do not promote until they agree.`
      : `No readable key calls itself primary, and they do not agree on another (${inWords(regions)}): refresh, and do not promote until they agree.`
  return [{ id: 'contradicting-roles', severity: 'high', regions, message }]
}
