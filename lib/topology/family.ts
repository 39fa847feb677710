// Questions that are asked of a key family: who is primary, who is where, what is it called.

import type { Family, KeyState, Member, Rotation, Topology } from './topology'

export interface KeyArn {
  partition: string
  region: string
  account: string
  keyId: string
}

/** The parts of a key ARN (`arn:aws:kms:eu-west-1:111122223333:key/mrk-…`), or null for anything else. */
export function parseKeyArn(arn: string): KeyArn | null {
  const [scheme, partition, service, region, account, resource, ...more] = arn.split(':')
  if (scheme !== 'arn' || service !== 'kms' || more.length > 0) return null
  if (!partition || !region || account === undefined || !resource?.startsWith('key/')) return null
  const keyId = resource.slice('key/'.length)
  return keyId ? { partition, region, account, keyId } : null
}

/** Is it the id of a multi-Region key (`mrk-` and 32 hexadecimal digits)? */
export const isKeyId = (text: string): boolean => /^mrk-[0-9a-f]{32}$/.test(text)

export const keyArn = ({ partition, region, account, keyId }: KeyArn) =>
  `arn:${partition}:kms:${region}:${account}:key/${keyId}`

/** Order of names by code unit: the same in every browser and on the server, whatever the locale. */
export const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

export const familyOf = (topology: Pick<Topology, 'families'>, keyId: string): Family | undefined =>
  topology.families.find((family) => family.keyId === keyId)

export const memberIn = (family: Family, region: string): Member | undefined =>
  family.members.find((member) => member.region === region)

/** The primary key; undefined while KMS names none. */
export const primaryOf = (family: Family): Member | undefined =>
  family.primaryRegion === null ? undefined : memberIn(family, family.primaryRegion)

/** Every member but the primary; all of them while KMS names none. */
export const replicasOf = (family: Family): Member[] =>
  family.members.filter((member) => member.region !== family.primaryRegion)

/** In a state that passes by itself: `Creating` after a replication, `Updating` during a promotion. */
export const isSettling = (member: Pick<Member, 'state'>) => member.state === 'Creating' || member.state === 'Updating'

/** All alias names of all members, sorted, each once. */
export const aliasesOf = (family: Pick<Family, 'members'>): string[] =>
  [...new Set(family.members.flatMap((member) => member.aliases))].sort(byText)

/** What stands where a member shows no alias: whether it has one is only known where its Region's aliases were read. */
export const noAliasInWords = ({ known, aliasesUnread }: Pick<Member, 'known' | 'aliasesUnread'>) =>
  known === 'live' && !aliasesUnread ? 'no alias' : 'aliases not read'

/** `mrk-1234abcd…90ab`: enough to recognise a key id, short enough for a table. */
export const shortKeyId = (keyId: string) => (keyId.length <= 17 ? keyId : `${keyId.slice(0, 12)}…${keyId.slice(-4)}`)

/**
 * What a person calls the family: the alias that most members carry, the primary's own before others, since
 * callers in the other Regions are expected to follow it; else the shortened key id.
 */
export function familyName(family: Family): string {
  const own = primaryOf(family)?.aliases ?? []
  const candidates = own.length > 0 ? own : aliasesOf(family)
  const carriers = (name: string) => family.members.filter((member) => member.aliases.includes(name)).length
  const [name] = [...candidates].sort((a, b) => carriers(b) - carriers(a) || byText(a, b))
  return name ?? shortKeyId(family.keyId)
}

/** What to call it where `alias` itself is the matter, such as in "alias/a points to another key, …": by another name. */
export const familyNameBesides = (family: Family, alias: string): string =>
  familyName({
    ...family,
    members: family.members.map((member) => ({
      ...member,
      aliases: member.aliases.filter((name) => name !== alias),
    })),
  })

const isPendingDeletion = (state: KeyState) => state === 'PendingDeletion' || state === 'PendingReplicaDeletion'

/**
 * Rotation is one setting for the whole family: of all who told it, the one to believe. What was read last time
 * comes before what was read before a failure, and the primary key before the replica keys, which follow it at the
 * next synchronisation. A key that is pending deletion reads `false` whatever was set, so it is asked last.
 *
 * Source: KMS Developer Guide, "Rotating AWS KMS keys".
 */
export function trustedRotation(
  told: { rotation: Rotation | null; state: KeyState; isLive: boolean; isPrimary: boolean }[],
): Rotation | null {
  const [first] = told
    .filter(({ rotation }) => rotation !== null)
    .sort(
      (a, b) =>
        Number(isPendingDeletion(a.state)) - Number(isPendingDeletion(b.state)) ||
        Number(b.isLive) - Number(a.isLive) ||
        Number(b.isPrimary) - Number(a.isPrimary),
    )
  return first?.rotation ?? null
}

/** The family's rotation setting as far as it is known; null for kinds that KMS cannot rotate. */
export const rotationOf = (family: Family): Rotation | null =>
  trustedRotation(
    family.members.map(({ rotation, state, known, region }) => ({
      rotation,
      state,
      isLive: known === 'live',
      isPrimary: region === family.primaryRegion,
    })),
  )

/** The first of `aliasesOf`, found without making the list: families are compared often. */
function firstAliasOf({ members }: Family): string | undefined {
  let first: string | undefined
  for (const { aliases } of members) {
    for (const name of aliases) if (first === undefined || name < first) first = name
  }
  return first
}

/** Families by their first alias, those without any last, then by key id. */
export function compareFamilies(a: Family, b: Family): number {
  const [nameA, nameB] = [firstAliasOf(a), firstAliasOf(b)]
  if (nameA === undefined || nameB === undefined) {
    if (nameA !== nameB) return nameA === undefined ? 1 : -1
    return byText(a.keyId, b.keyId)
  }
  return byText(nameA, nameB) || byText(a.keyId, b.keyId)
}

type Holder = { keyId: string; inFamily: boolean }
type Named = Pick<Topology, 'families' | 'otherAliases'>

/** Made once for a topology: with a thousand families, a search through all of them for each name would take long. */
const indexes = new WeakMap<Family[], { otherAliases: Named['otherAliases']; holders: Map<string, Holder> }>()

function holdersIn({ families, otherAliases }: Named): Map<string, Holder> {
  const known = indexes.get(families)
  if (known?.otherAliases === otherAliases) return known.holders
  const ids = new Set(families.map((family) => family.keyId))
  const holders = new Map<string, Holder>()
  for (const { region, name, keyId } of otherAliases) {
    holders.set(`${region} ${name}`, { keyId, inFamily: ids.has(keyId) })
  }
  for (const { keyId, members } of families) {
    for (const { region, aliases } of members) {
      for (const name of aliases) holders.set(`${region} ${name}`, { keyId, inFamily: true })
    }
  }
  indexes.set(families, { otherAliases, holders })
  return holders
}

/**
 * The key that holds an alias name in a Region, or null when the name is free there as far as was read.
 * Names are unique per account and Region (KMS Developer Guide, "Aliases").
 */
export const aliasHolder = (topology: Named, region: string, name: string): Holder | null =>
  holdersIn(topology).get(`${region} ${name}`) ?? null
