// Named key: what an application writes to name the key of one Region, and the same elsewhere.

import { memberIn } from './family'
import type { Family, Member } from './topology'

export interface NamedKey {
  region: string
  /** An alias of that Region, the key id or that member's ARN. */
  target: string
}

/** By its alias where there is one, as applications do; else by the key id, which is the same in every Region. */
export const namedKey = (keyId: string, { region, aliases }: Pick<Member, 'region' | 'aliases'>): NamedKey => ({
  region,
  target: aliases[0] ?? keyId,
})

/** The key of another Region, named the same way as far as that goes there: an ARN becomes that member's own. */
export function namedInRegion(family: Family, { region, target }: NamedKey, next: string): NamedKey {
  const member = memberIn(family, next)
  if (!member) return { region: next, target: family.keyId }
  if (target === memberIn(family, region)?.arn) return { region: next, target: member.arn }
  if (target === family.keyId || member.aliases.includes(target)) return { region: next, target }
  return namedKey(family.keyId, member)
}
