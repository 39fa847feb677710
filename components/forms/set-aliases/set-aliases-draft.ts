// Set-aliases draft: the chosen changes while they are filled in, and how they become a request.

import type { AliasRow } from '@/lib/topology/comparisons'
import { inWords } from '@/lib/topology/in-words'
import type { Family, Member, RequestData } from '@/lib/topology/topology'

/** The kinds of changes, in the order in which they are offered. */
const kinds = ['everywhere', 'rename', 'retarget', 'delete', 'create'] as const
export type ChangeKind = (typeof kinds)[number]

/** One change as the form holds it: whatever its kind, so that nothing typed is lost. */
export interface ChangeDraft {
  /** Tells rows apart while others come and go. */
  id: number
  change: ChangeKind
  /** With its prefix. */
  name: string
  /** The new name of a rename, with its prefix. */
  to: string
  regions: string[]
}

const PREFIX = 'alias/'

const isKind = (value: unknown): value is ChangeKind => kinds.some((kind) => kind === value)

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** What stands in a request, complete or not. */
export function changesOf(request: RequestData): ChangeDraft[] {
  const changes: unknown[] = Array.isArray(request.changes) ? request.changes : []
  return changes.flatMap((given, id): ChangeDraft[] => {
    if (typeof given !== 'object' || given === null) return []
    const { change, name, to, regions }: Record<string, unknown> = { ...given }
    return isKind(change) ? [{ id, change, name: text(name), to: text(to), regions: texts(regions) }] : []
  })
}

/** The prefix stands there already, so an empty field lacks only what comes after it. */
const named = (name: string) => (name === '' ? PREFIX : name)

export function requestOf(keyId: unknown, changes: ChangeDraft[]): RequestData {
  return {
    kind: 'set-aliases',
    keyId,
    changes: changes.map(({ change, name, to, regions }) => {
      if (change === 'everywhere') return { change, name }
      return change === 'rename' ? { change, name, to: named(to), regions } : { change, name: named(name), regions }
    }),
  }
}

/** KMS lets no alias point to a key that is pending deletion. */
const takesAliases = ({ state }: Pick<Member, 'state'>) =>
  state !== 'PendingDeletion' && state !== 'PendingReplicaDeletion'

export const regionsTakingAliases = (family: Family): string[] =>
  family.members.filter(takesAliases).map(({ region }) => region)

const regionsWhere = ({ cells }: AliasRow, is: 'here' | 'elsewhere'): string[] =>
  Object.entries(cells)
    .filter(([, cell]) => cell.is === is)
    .map(([region]) => region)

/** Where a change of this alias can be made: what is not here can be neither deleted nor renamed. */
export function regionsFor(change: ChangeKind, row: AliasRow | undefined, family: Family): string[] {
  if (change === 'create' || change === 'everywhere' || !row) return regionsTakingAliases(family)
  return change === 'retarget' ? regionsWhere(row, 'elsewhere') : regionsWhere(row, 'here')
}

/** A change of one alias as it begins: in every Region where it is possible. */
export function newChange(id: number, change: ChangeKind, row: AliasRow | undefined, family: Family): ChangeDraft {
  return { id, change, name: row?.name ?? '', to: '', regions: regionsFor(change, row, family) }
}

/** Why a change of this alias is not offered; undefined when it is. */
export function reasonAgainst(
  change: Exclude<ChangeKind, 'create'>,
  row: AliasRow,
  changes: ChangeDraft[],
): string | undefined {
  if (changes.some((each) => each.change === change && each.name === row.name)) return 'Chosen already, see below'
  if (change === 'everywhere') {
    return row.isEverywhere ? 'It points to this key in every Region that was read' : undefined
  }
  if (change === 'retarget') {
    return regionsWhere(row, 'elsewhere').length > 0 ? undefined : 'It points to another key in no Region'
  }
  return regionsWhere(row, 'here').length > 0 ? undefined : 'It points to this key in no Region'
}

const there = (regions: string[]) => (regions.length > 0 ? inWords(regions) : 'no Region yet')

/** One chosen change in a sentence. */
export function describeChange({ change, name, to, regions }: ChangeDraft): string {
  switch (change) {
    case 'everywhere':
      return `Point ${name} to this key in every Region.`
    case 'rename':
      return `Rename ${name} to ${to || '…'} in ${there(regions)}.`
    case 'retarget':
      return `Point ${name} to this key, no longer to another, in ${there(regions)}.`
    case 'delete':
      return `Delete ${name} in ${there(regions)}.`
    case 'create':
      return `Add ${name || 'an alias'} in ${there(regions)}.`
  }
}

/** A name is typed without the prefix, or pasted with it. */
export const withPrefix = (typed: string): string => {
  const name = typed.trim()
  return name === '' || name.startsWith(PREFIX) ? name : `${PREFIX}${name}`
}

export const withoutPrefix = (name: string): string => (name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name)
