// Steady data: a refresh that changes nothing hands on the very objects that were there, so nothing is drawn again.

import { sameContent } from '@/lib/topology/delta'
import type { Family, RegionView } from '@/lib/topology/topology'

/** `after`, with the families of `before` wherever only their age differs; `before` itself when none changed. */
export function steadyFamilies(before: readonly Family[], after: readonly Family[]): readonly Family[] {
  if (before === after) return before
  const known = new Map(before.map((family) => [family.keyId, family]))
  const steady = after.map((family) => {
    const was = known.get(family.keyId)
    return was && (was === family || sameContent(was, family)) ? was : family
  })
  return steady.length === before.length && steady.every((family, index) => family === before[index]) ? before : steady
}

const sameRegion = (a: RegionView, b: RegionView | undefined) => b !== undefined && sameContent(a, b)

/** `before` when nothing but the time of reading differs. */
export const steadyRegions = (before: readonly RegionView[], after: readonly RegionView[]): readonly RegionView[] =>
  before.length === after.length && before.every((region, index) => sameRegion(region, after[index])) ? before : after
