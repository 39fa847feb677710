// The filter of the key list: which families match a query, and what may be suggested. Table, matrix and export
// share it. How a query stands in a URL is in `filter-url.ts`.

import { aliasesOf, byText } from './family'
import { rotationStatus } from './rotation-status'
import type { Family, Member } from './topology'

export type FilterOperator = '=' | '!=' | ':' | '!:'

/** `=` is the whole text, `:` a part of it, each with its negation; capitals do not matter. */
export const filterOperators: readonly FilterOperator[] = ['=', '!=', ':', '!:']

export interface FilterToken {
  /** Absent for free text: alias, key id or description, or a member's ARN when the value is the begin of one. */
  property?: FilterProperty
  operator: FilterOperator
  value: string
}

export interface FilterQuery {
  join: 'and' | 'or'
  tokens: FilterToken[]
}

export const emptyQuery: FilterQuery = { join: 'and', tokens: [] }

/** Properties of the family as a whole. */
const ofFamily = {
  alias: (family: Family) => aliasesOf(family).flatMap((name) => [name, name.replace('alias/', '')]),
  key: (family: Family) => [family.keyId],
  primary: (family: Family) => [family.primaryRegion ?? 'none'],
  finding: (family: Family) => (family.findings.length > 0 ? family.findings.map(({ id }) => id) : ['none']),
  severity: (family: Family) =>
    family.findings.length > 0 ? family.findings.map(({ severity }) => severity) : ['none'],
  rotation: (family: Family) => [rotationStatus(family)],
  spec: (family: Family) => [family.keySpec],
  usage: (family: Family) => [family.keyUsage],
  origin: (family: Family) => [family.origin],
}

/** Properties of one member. */
const ofMember = {
  region: (member: Member) => member.region,
  role: (member: Member) => (member.role === 'PRIMARY' ? 'primary' : 'replica'),
  state: (member: Member) => member.state,
  reading: (member: Member) => member.known,
}

type FamilyProperty = keyof typeof ofFamily
type MemberProperty = keyof typeof ofMember
export type FilterProperty = FamilyProperty | MemberProperty

/** In the order in which they are offered. */
export const filterProperties: readonly { key: FilterProperty; label: string; values: string }[] = [
  { key: 'alias', label: 'Alias', values: 'Aliases' },
  { key: 'key', label: 'Key id', values: 'Key ids' },
  { key: 'region', label: 'Region', values: 'Regions' },
  { key: 'primary', label: 'Primary Region', values: 'Primary Regions' },
  { key: 'state', label: 'Key state', values: 'Key states' },
  { key: 'role', label: 'Role', values: 'Roles' },
  { key: 'finding', label: 'Finding', values: 'Findings' },
  { key: 'severity', label: 'Severity', values: 'Severities' },
  { key: 'rotation', label: 'Rotation', values: 'Rotation' },
  { key: 'spec', label: 'Key spec', values: 'Key specs' },
  { key: 'usage', label: 'Key usage', values: 'Key usages' },
  { key: 'origin', label: 'Origin', values: 'Origins' },
  { key: 'reading', label: 'Reading', values: 'Readings' },
]

export const isFilterProperty = (name: string): name is FilterProperty =>
  Object.hasOwn(ofFamily, name) || Object.hasOwn(ofMember, name)

const isMemberProperty = (name: FilterProperty): name is MemberProperty => Object.hasOwn(ofMember, name)

const isNegative = ({ operator }: FilterToken) => operator === '!=' || operator === '!:'

/** Does one of the texts fit, the negation left aside? */
function fits({ operator, value }: FilterToken): (text: string) => boolean {
  const sought = value.trim().toLowerCase()
  return operator === '=' || operator === '!='
    ? (text) => text.toLowerCase() === sought
    : (text) => text.toLowerCase().includes(sought)
}

function freeTexts(family: Family, value: string): string[] {
  if (value.trim().toLowerCase().startsWith('arn:')) return family.members.map((member) => member.arn)
  return [...aliasesOf(family), family.keyId, ...family.members.map((member) => member.description)]
}

/** One token on its own: for a negative one, nothing in the family fits. */
function alone(token: FilterToken): (family: Family) => boolean {
  const { property } = token
  const isFit = fits(token)
  const textsOf = (family: Family): string[] => {
    if (property === undefined) return freeTexts(family, token.value)
    return isMemberProperty(property) ? family.members.map(ofMember[property]) : ofFamily[property](family)
  }
  return (family) => textsOf(family).some(isFit) !== isNegative(token)
}

/**
 * Tokens about members, all of them: they speak of the same members. Those count that fit one positive token of
 * each property asked; every positive token needs such a member, and no negative one may fit any of them. So
 * `region=eu-west-1 state=Disabled` asks for a disabled key in eu-west-1, not for both somewhere.
 */
function together(tokens: (FilterToken & { property: MemberProperty })[]): (family: Family) => boolean {
  const judged = tokens.map((token) => {
    const isFit = fits(token)
    return { token, holds: (member: Member) => isFit(ofMember[token.property](member)) }
  })
  const positive = judged.filter(({ token }) => !isNegative(token))
  const negative = judged.filter(({ token }) => isNegative(token))
  const asked = [...Map.groupBy(positive, ({ token }) => token.property).values()]
  return (family) => {
    const meant = family.members.filter((member) => asked.every((group) => group.some(({ holds }) => holds(member))))
    return positive.every(({ holds }) => meant.some(holds)) && !negative.some(({ holds }) => meant.some(holds))
  }
}

const isAboutMembers = (token: FilterToken): token is FilterToken & { property: MemberProperty } =>
  token.property !== undefined && isMemberProperty(token.property)

/** The families that match, in the order given. */
export function filterFamilies(families: readonly Family[], { join, tokens }: FilterQuery): Family[] {
  if (tokens.length === 0) return [...families]
  if (join === 'or') {
    const conditions = tokens.map(alone)
    return families.filter((family) => conditions.some((holds) => holds(family)))
  }
  const conditions = [
    ...tokens.filter((token) => !isAboutMembers(token)).map(alone),
    together(tokens.filter(isAboutMembers)),
  ]
  return families.filter((family) => conditions.every((holds) => holds(family)))
}

/** Every value that the families have, each once, by property and then by text. */
export function suggestionsOf(families: readonly Family[]): { property: FilterProperty; value: string }[] {
  return filterProperties.flatMap(({ key }) => {
    const valuesOf = (family: Family): string[] => {
      if (key === 'alias') return aliasesOf(family)
      return isMemberProperty(key) ? family.members.map(ofMember[key]) : ofFamily[key](family)
    }
    const values = new Set(families.flatMap(valuesOf).filter((value) => value !== ''))
    return [...values].sort(byText).map((value) => ({ property: key, value }))
  })
}
