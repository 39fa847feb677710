// Gathered checks: in a plan over many families each check is told once, with the families that it is about.

import { familyName } from '@/lib/topology/family'
import type { Family } from '@/lib/topology/topology'
import type { FamilyCheck } from './checks/verdicts'
import type { Check, Offer, Verdict } from './plan'

export interface CheckedFamily {
  family: Family
  checks: FamilyCheck[]
}

interface Gathered {
  first: FamilyCheck
  families: Family[]
  remedies: Record<string, Offer>
}

/** Checks that say the same of several families, but for what `among` leaves out. */
function grouped(checked: CheckedFamily[]): Gathered[] {
  const groups = new Map<string, Gathered>()
  for (const { family, checks } of checked) {
    for (const check of checks) {
      const { id, verdict, blockedBy, message, among = message, remedy } = check
      const key = [id, verdict, blockedBy, among].join('\n')
      const group = groups.get(key) ?? { first: check, families: [], remedies: {} }
      groups.set(key, group)
      // One family may be told the same of several Regions.
      if (group.families.at(-1) !== family) group.families.push(family)
      if (remedy) group.remedies[family.keyId] = remedy
    }
  }
  return [...groups.values()]
}

function messageOf({ first, families }: Gathered, all: number): string {
  const [only] = families
  if (families.length === 1 && only) return `${familyName(only)}: ${first.message}`
  const many = families.length.toLocaleString('en-US')
  return `${families.length === all ? `All ${many}` : many} families: ${first.among ?? first.message}`
}

const gravity: readonly Verdict[] = ['block', 'warn', 'unproven', 'pass']

/**
 * The checks of all families, the gravest first, and else in the order in which the first of each comes. `offers` are
 * further changes of the request that let the check pass.
 */
export function gatherChecks(
  checked: CheckedFamily[],
  offers: (check: Pick<Check, 'id' | 'verdict'>, keyIds: string[]) => Offer[],
): Check[] {
  const groups = grouped(checked).sort((a, b) => gravity.indexOf(a.first.verdict) - gravity.indexOf(b.first.verdict))
  return groups.map((group) => {
    const { among: _, remedy: __, choices = [], ...check } = group.first
    const keyIds = group.families.map(({ keyId }) => keyId)
    const all = [...choices, ...offers(check, keyIds)]
    return {
      ...check,
      message: messageOf(group, checked.length),
      families: keyIds,
      ...(Object.keys(group.remedies).length > 0 && { remedies: group.remedies }),
      ...(all.length > 0 && { choices: all }),
    }
  })
}
