// Links to the key list, filtered by one thing or two.

import { type FilterProperty, filterProperties } from '@/lib/topology/filter'
import { withQuery } from '@/lib/topology/filter-url'

/** `/keys` with the families for which all of this holds. */
export function keysHref(holds: Partial<Record<FilterProperty, string>>): string {
  const tokens = filterProperties.flatMap(({ key: property }) => {
    const value = holds[property]
    return value === undefined ? [] : [{ property, operator: '=' as const, value }]
  })
  return `/keys?${withQuery(new URLSearchParams(), { join: 'and', tokens })}`
}

export const familyHref = (keyId: string) => `/keys/${encodeURIComponent(keyId)}`
