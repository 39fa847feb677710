// Comparisons: aliases, tags and key policies of a family, Region beside Region.

import type { Read, Tag } from './facts'
import { aliasesOf, aliasHolder, byText } from './family'
import { isRead } from './region-trouble'
import type { Family, Topology } from './topology'

export type AliasCell =
  | { is: 'here'; stale: boolean }
  | { is: 'missing' }
  /** The name is taken there by another key. */
  | { is: 'elsewhere'; keyId: string }
  | { is: 'not read' }

export interface AliasRow {
  name: string
  /** By Region, one for each member. */
  cells: Record<string, AliasCell>
  /** It points to this family in every Region that takes aliases and was read. */
  isEverywhere: boolean
}

/** Each alias of the family against each of its Regions. */
export function compareAliases(
  family: Family,
  topology: Pick<Topology, 'families' | 'otherAliases' | 'regions'>,
): AliasRow[] {
  const readable = new Set(topology.regions.filter((region) => isRead(region, 'aliases')).map(({ name }) => name))
  return aliasesOf(family).map((name) => {
    const cells = family.members.map(({ region, aliases }): [string, AliasCell] => {
      if (aliases.includes(name)) return [region, { is: 'here', stale: !readable.has(region) }]
      const holder = aliasHolder(topology, region, name)
      if (holder) return [region, { is: 'elsewhere', keyId: holder.keyId }]
      return [region, { is: readable.has(region) ? 'missing' : 'not read' }]
    })
    const isEverywhere = cells.every(([, { is }]) => is === 'here' || is === 'not read')
    return { name, cells: Object.fromEntries(cells), isEverywhere }
  })
}

/** A value, null where the member has no such tag, undefined where its tags were not read. */
export type TagCell = string | null | undefined

export interface TagRow {
  key: string
  cells: Record<string, TagCell>
  /** Not the same on all members whose tags were read. */
  differs: boolean
}

export function compareTags(columns: { region: string; tags: Read<Tag[]> | undefined }[]): TagRow[] {
  const read = columns.flatMap(({ region, tags }) => (tags?.ok ? [{ region, tags: tags.value }] : []))
  const keys = [...new Set(read.flatMap(({ tags }) => tags.map(({ key }) => key)))].sort(byText)
  return keys.map((key) => {
    const values = read.map(({ region, tags }): [string, string | null] => [
      region,
      tags.find((tag) => tag.key === key)?.value ?? null,
    ])
    return { key, cells: Object.fromEntries(values), differs: new Set(values.map(([, value]) => value)).size > 1 }
  })
}

/** Object keys in one order, so that two texts that mean the same look the same; arrays keep theirs. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => byText(a, b))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}

function parsed(policy: string): unknown {
  try {
    return JSON.parse(policy)
  } catch {
    return policy
  }
}

/** A key policy as a person reads it; what is not JSON stays as it is. */
export function formattedPolicy(policy: string): string {
  const value = parsed(policy)
  return typeof value === 'string' ? policy : JSON.stringify(value, null, 2)
}

/** A Region's own name, and not the beginning of a longer one. */
const withoutRegion = (policy: string, region: string) =>
  policy.replaceAll(new RegExp(`(?<![a-z0-9-])${region}(?![a-z0-9-])`, 'g'), '<Region>')

export type PolicyAgreement = 'one' | 'same' | 'same but Region names' | 'different'

/**
 * Do all policies say the same? A policy that names its own Region has to differ from the others to mean the same,
 * so each is compared once more with that name replaced. `one`: there is nothing to compare with.
 */
export function comparePolicies(policies: { region: string; policy: string }[]): PolicyAgreement {
  if (policies.length < 2) return 'one'
  const variants = (textOf: (policy: string, region: string) => string) =>
    new Set(policies.map(({ policy, region }) => textOf(JSON.stringify(sorted(parsed(policy))), region))).size
  if (variants((policy) => policy) === 1) return 'same'
  return variants(withoutRegion) === 1 ? 'same but Region names' : 'different'
}

/** Numbers of the lines (from 0) that the other text has nowhere, indentation and trailing commas aside. */
export function linesUnlike(text: string, other: string): Set<number> {
  const bare = (line: string) => line.trim().replace(/,$/, '')
  const there = new Set(other.split('\n').map(bare))
  return new Set(text.split('\n').flatMap((line, index) => (there.has(bare(line)) ? [] : [index])))
}
