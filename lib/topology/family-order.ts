// The order of the key list: by what a column shows, families that are equal there by their names.

import { aliasesOf, byText, compareFamilies, familyName, rotationOf } from './family'
import { describeKind } from './key-spec'
import { type RotationStatus, rotationStatus } from './rotation-status'
import type { Family, Severity } from './topology'
import { gravityOf, worstMember } from './worst-state'

export const sortColumns = ['alias', 'key', 'kind', 'primary', 'members', 'state', 'rotation', 'findings'] as const
export type SortColumn = (typeof sortColumns)[number]

export interface Sort {
  by: SortColumn
  descending: boolean
}

const rotationRank: Record<RotationStatus, number> = {
  on: 0,
  off: 1,
  'not read': 2,
  'on demand only': 3,
  'cannot rotate': 4,
}

/** One high finding outweighs any number of medium ones. */
const weight: Record<Severity, number> = { high: 1_000_000, medium: 1_000, low: 1 }

type Rank = readonly (string | number)[]

/** What a family is compared by; smaller comes first when ascending. */
const rankOf: Record<SortColumn, (family: Family) => Rank> = {
  alias: (family) => [aliasesOf(family).length > 0 ? 0 : 1, familyName(family)],
  key: (family) => [family.keyId],
  kind: (family) => [describeKind(family.keySpec, family.keyUsage)],
  primary: (family) => [family.primaryRegion === null ? 1 : 0, family.primaryRegion ?? ''],
  members: (family) => [family.members.length],
  state: (family) => [gravityOf(worstMember(family)?.state ?? 'Unknown')],
  rotation: (family) => [rotationRank[rotationStatus(family)], rotationOf(family)?.nextRotationDate ?? ''],
  findings: (family) => [family.findings.reduce((sum, { severity }) => sum + weight[severity], 0)],
}

function compareRanks(a: Rank, b: Rank): number {
  for (const [index, of] of a.entries()) {
    const other = b[index] ?? ''
    const order = typeof of === 'number' && typeof other === 'number' ? of - other : byText(String(of), String(other))
    if (order !== 0) return order
  }
  return 0
}

export function sortFamilies(families: readonly Family[], { by, descending }: Sort): Family[] {
  const ranked = families.map((family) => ({ family, rank: rankOf[by](family) }))
  const sign = descending ? -1 : 1
  return ranked
    .sort((a, b) => sign * compareRanks(a.rank, b.rank) || compareFamilies(a.family, b.family))
    .map(({ family }) => family)
}

const isSortColumn = (name: string): name is SortColumn => sortColumns.some((column) => column === name)

/** `findings`, or `-findings` for descending; by alias when there is none or it cannot be read. */
export function readSort(text: string | null): Sort {
  const descending = text?.startsWith('-') ?? false
  const by = text?.slice(descending ? 1 : 0) ?? ''
  return isSortColumn(by) ? { by, descending } : { by: 'alias', descending: false }
}

/** Null for the order that needs no saying. */
export const writeSort = ({ by, descending }: Sort): string | null =>
  by === 'alias' && !descending ? null : `${descending ? '-' : ''}${by}`
