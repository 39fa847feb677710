// Links to the key list, filtered by one thing or two.

import { type FilterProperty, filterProperties } from '@/lib/topology/filter'
import { withQuery } from '@/lib/topology/filter-url'

type Holds = Partial<Record<FilterProperty, string>>

const tokensOf = (holds: Holds, operator: '=' | '!=') =>
  filterProperties.flatMap(({ key: property }) => {
    const value = holds[property]
    return value === undefined ? [] : [{ property, operator, value }]
  })

/** `/keys` with the families for which all of this holds, and none of that. */
export function keysHref(holds: Holds, holdsNot: Holds = {}): string {
  const tokens = [...tokensOf(holds, '='), ...tokensOf(holdsNot, '!=')]
  return `/keys?${withQuery(new URLSearchParams(), { join: 'and', tokens })}`
}

export const familyHref = (keyId: string) => `/keys/${encodeURIComponent(keyId)}`
