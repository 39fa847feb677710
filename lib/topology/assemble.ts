// Assembly: joins what the Regions said into key families, without losing a member or inventing one.

import { defined } from './defined'
import { byText, compareFamilies, type KeyArn, keyArn, parseKeyArn, trustedRotation } from './family'
import { findingsOf, restsOnOthers } from './findings/all'
import { inWords } from './in-words'
import { canRotate } from './key-spec'
import type { AliasReading, MemberReading, RegionReading } from './readings'
import { isRead } from './region-trouble'
import { regionView } from './region-view'
import { partitionOf } from './regions'
import type { Family, Finding, Known, Member, MemberRole, OtherAlias, Rotation, Topology } from './topology'

/** One member as far as it is known: described, listed but not described, named by relatives, or several of these. */
interface Sighting {
  region: string
  described?: MemberReading
  /** Why it could not be described, though it was listed. */
  unread?: string
  /** The relatives that name it in their metadata. */
  namedBy: MemberReading[]
}

/** The newer of two; of equally old ones the same one in any order. */
function newer(a: MemberReading, b: MemberReading): MemberReading {
  return (byText(a.asOf, b.asOf) || byText(JSON.stringify(a), JSON.stringify(b))) >= 0 ? a : b
}

const newestOf = (readings: MemberReading[]) => readings.reduce(newer)

interface Named {
  own: KeyArn | null
  /** The primary key and the replica keys, each once. */
  relatives: KeyArn[]
  /** Members of one family share the key id; should a reading ever name another one, that is not lost. */
  otherKeyIds: string[]
}

/** The ARNs in a reading, taken apart once: the same reading takes part in many assemblies. */
const namedIn = new WeakMap<MemberReading, Named>()

function namesIn(member: MemberReading): Named {
  const known = namedIn.get(member)
  if (known) return known
  const arns = new Set([member.primaryArn, ...member.replicaArns])
  const relatives = [...arns].flatMap((arn) => parseKeyArn(arn) ?? [])
  const otherKeyIds = [...new Set(relatives.map(({ keyId }) => keyId))].filter((keyId) => keyId !== member.keyId)
  const named = { own: parseKeyArn(member.arn), relatives, otherKeyIds }
  namedIn.set(member, named)
  return named
}

/** All that was said of one family: by its members, by whoever names one of them, and about those not described. */
interface Told {
  members: MemberReading[]
  unread: { region: string; message: string }[]
}

/** Key id → what was said of it. */
function toldByKey(regions: RegionReading[]): Map<string, Told> {
  const families = new Map<string, Told>()
  const of = (keyId: string): Told => {
    const known = families.get(keyId)
    if (known) return known
    const told: Told = { members: [], unread: [] }
    families.set(keyId, told)
    return told
  }
  for (const { region, members, unread } of regions) {
    for (const member of members) {
      of(member.keyId).members.push(member)
      for (const keyId of namesIn(member).otherKeyIds) of(keyId).members.push(member)
    }
    for (const { keyId, message } of unread) of(keyId).unread.push({ region, message })
  }
  return families
}

/** All members of one family: Region → what is known. */
function sightingsOf(keyId: string, { members, unread }: Told): Map<string, Sighting> {
  const family = new Map<string, Sighting>()
  const at = (region: string): Sighting => {
    const known = family.get(region)
    if (known) return known
    const sighting: Sighting = { region, namedBy: [] }
    family.set(region, sighting)
    return sighting
  }
  for (const member of members) {
    if (member.keyId !== keyId) continue
    const sighting = at(member.region)
    sighting.described = sighting.described ? newer(sighting.described, member) : member
  }
  for (const { region, message } of unread) at(region).unread = message
  for (const member of members) {
    for (const relative of namesIn(member).relatives)
      if (relative.keyId === keyId) at(relative.region).namedBy.push(member)
  }
  return family
}

/** Did the Region answer last time, or has it answered about this member since? */
const answers = (region: RegionReading, { asOf }: MemberReading) =>
  region.status === 'ok' || (region.liveFrom !== undefined && asOf >= region.liveFrom)

/** `live` needs a description from a Region that answers, and no newer failure to describe this key. */
function knownOf({ described, unread }: Sighting, region: RegionReading | undefined): Known {
  if (!described) return 'inferred'
  return region && unread === undefined && answers(region, described) ? 'live' : 'stale'
}

/**
 * A member that only readings from before their Regions' failure name, while its own Region answers and has no
 * such key: it was deleted since, and the Region's own newer word counts.
 */
function isGone(sighting: Sighting, region: RegionReading | undefined, isLive: (reading: MemberReading) => boolean) {
  if (sighting.described || sighting.unread !== undefined || !region || !isRead(region, 'keys')) return false
  const { asOf } = region
  return asOf !== null && sighting.namedBy.every((relative) => !isLive(relative) && relative.asOf < asOf)
}

/**
 * The primary's Region, or null while KMS names none.
 *
 * What a live member says of itself comes first: during a promotion the others lag behind. Where no live member
 * is primary, live relatives say which one is, unless they name a live member that denies it (both are REPLICA
 * for a while during UpdatePrimaryRegion). Members last read before a failure are heard only when nobody else is.
 * `present` are the Regions of all members that still count.
 *
 * Source: KMS Developer Guide, "How multi-Region keys work" and "Change the primary key".
 */
function primaryRegionOf(voices: MemberReading[], present: Set<string>): string | null {
  const primaries = new Set(voices.filter((voice) => voice.role === 'PRIMARY').map((voice) => voice.region))
  if (primaries.size > 0) return primaries.size === 1 ? ([...primaries][0] ?? null) : null

  const denied = new Set(voices.map((voice) => voice.region))
  const named = new Set(
    voices
      .flatMap((voice) => parseKeyArn(voice.primaryArn)?.region ?? [])
      .filter((region) => present.has(region) && !denied.has(region)),
  )
  return named.size === 1 ? ([...named][0] ?? null) : null
}

/** Why a member is not live, in words. */
function reasonOf(sighting: Sighting, known: Known, region: RegionReading | undefined): string | undefined {
  if (known === 'live') return undefined
  if (sighting.unread !== undefined) return sighting.unread
  if (region && !isRead(region, 'keys')) return region.message ?? `${region.region} is ${region.status}`
  const namedBy = inWords([...new Set(sighting.namedBy.map((relative) => relative.region))].sort(byText))
  const named = namedBy ? `named by ${namedBy}, ` : ''
  return region
    ? `${named}not found in ${sighting.region}`
    : `${named}${sighting.region} is not among the Regions that are read`
}

/** Alias names of one key, sorted and each once, and the same as one text to compare. */
interface Names {
  names: string[]
  text: string
}

const namesByKey = new WeakMap<AliasReading[], Map<string, Names>>()

/** Key id → its names; worked out once for each list that a Region told. */
function aliasesByKey(aliases: AliasReading[]): Map<string, Names> {
  const known = namesByKey.get(aliases)
  if (known) return known
  const lists = new Map<string, Set<string>>()
  for (const { name, keyId } of aliases) {
    const names = lists.get(keyId)
    if (names) names.add(name)
    else lists.set(keyId, new Set([name]))
  }
  const byKey = new Map(
    [...lists].map(([keyId, set]) => {
      const names = [...set].sort(byText)
      return [keyId, { names, text: names.join(' ') }]
    }),
  )
  namesByKey.set(aliases, byKey)
  return byKey
}

/** What one assembly knows of all families' surroundings. */
interface Surroundings {
  regions: Map<string, RegionReading>
  /** What of a Region's reading its members depend on, as one text to compare. */
  signatures: Map<string, string>
  partition: string
  account: string | null
  takenAt: string
}

const namesOf = (keyId: string, region: RegionReading | undefined) => region && aliasesByKey(region.aliases).get(keyId)

/** What the Regions of a family say besides its members: with the same readings, its result depends on nothing else. */
const contextOf = (keyId: string, regions: string[], { partition, account, ...around }: Surroundings) => [
  partition,
  account,
  ...regions.map((region) => around.signatures.get(region)),
  ...regions.map((region) => namesOf(keyId, around.regions.get(region))?.text),
]

const sameItems = (a: unknown[], b: unknown[]) => a.length === b.length && a.every((item, index) => item === b[index])

const sameTold = (a: Told, b: Told) =>
  sameItems(a.members, b.members) &&
  a.unread.length === b.unread.length &&
  a.unread.every(({ region, message }, at) => b.unread[at]?.region === region && b.unread[at]?.message === message)

function assembleFamily(
  keyId: string,
  sighted: Sighting[],
  { regions, partition, account, takenAt }: Surroundings,
): Family | null {
  const statusOf = new Map(
    sighted.map((sighting) => [sighting.region, knownOf(sighting, regions.get(sighting.region))]),
  )
  const isLive = (reading: MemberReading) => statusOf.get(reading.region) === 'live'
  const present = sighted
    .filter((sighting) => !isGone(sighting, regions.get(sighting.region), isLive))
    .sort((a, b) => byText(a.region, b.region))
  if (present.length === 0) return null

  const described = present.flatMap((sighting) => sighting.described ?? [])
  const live = described.filter(isLive)
  const primaryRegion = primaryRegionOf(
    live.length > 0 ? live : described,
    new Set(present.map((sighting) => sighting.region)),
  )

  // Key spec, usage and origin never change, so any member's word will do; `described` is sorted by Region.
  const shared = described[0]
  const kind = { keySpec: shared?.keySpec ?? '', keyUsage: shared?.keyUsage ?? '', origin: shared?.origin ?? '' }
  const sharedRotation: Rotation | null = canRotate(kind).automatic
    ? trustedRotation(
        described.map((reading) => ({
          rotation: reading.rotation,
          state: reading.state,
          isLive: isLive(reading),
          isPrimary: reading.region === primaryRegion,
        })),
      )
    : null

  const members = present.map((sighting): Member => {
    const { region, described: reading, namedBy } = sighting
    const regionReading = regions.get(region)
    const known = statusOf.get(region) ?? 'inferred'
    const common = {
      region,
      aliases: namesOf(keyId, regionReading)?.names ?? [],
      aliasesUnread:
        known === 'live' && regionReading && !isRead(regionReading, 'aliases') ? (true as const) : undefined,
      known,
      message: reasonOf(sighting, known, regionReading),
    }
    const roleByOthers: MemberRole = region === primaryRegion ? 'PRIMARY' : 'REPLICA'

    if (!reading) {
      return defined({
        arn: keyArn({ partition, account: account ?? '', region, keyId }),
        role: roleByOthers,
        state: 'Unknown' as const,
        description: '',
        rotation: null,
        asOf: namedBy.length > 0 ? newestOf(namedBy).asOf : (regionReading?.asOf ?? takenAt),
        ...common,
      })
    }
    return defined({
      arn: reading.arn,
      role: known === 'live' || primaryRegion === null ? reading.role : roleByOthers,
      state: reading.state,
      description: reading.description,
      rotation: reading.rotation ?? sharedRotation,
      createdAt: reading.createdAt,
      deletionDate: reading.deletionDate,
      pendingWindowInDays: reading.pendingWindowInDays,
      currentKeyMaterialId: reading.currentKeyMaterialId,
      asOf: reading.asOf,
      ...common,
    })
  })

  return { keyId, primaryRegion, ...kind, members, findings: [] }
}

/** Aliases that belong to no member: they hold their names in their Regions all the same. */
function otherAliasesOf(readings: RegionReading[], families: Family[]): OtherAlias[] {
  const ours = new Map(families.map((family) => [family.keyId, family]))
  const isOurs = (keyId: string, region: string) =>
    ours.get(keyId)?.members.some((member) => member.region === region) ?? false
  const others: OtherAlias[] = []
  for (const { region, aliases } of readings) {
    for (const { name, keyId } of aliases) if (!isOurs(keyId, region)) others.push({ region, name, keyId })
  }
  return others.sort((a, b) => byText(a.region, b.region) || byText(a.name, b.name))
}

/** The account and partition of the first ARN in order of both, whatever the order of readings. */
function homeOf(readings: RegionReading[]): KeyArn | undefined {
  let home: KeyArn | undefined
  for (const { members } of readings) {
    for (const member of members) {
      const { own } = namesIn(member)
      if (!own || (own.account === home?.account && own.partition === home.partition)) continue
      if (!home || (byText(own.account, home.account) || byText(own.partition, home.partition)) < 0) home = own
    }
  }
  return home
}

const signatureOf = ({ status, message, asOf, liveFrom, unreadable }: RegionReading) =>
  JSON.stringify([status, message, asOf, liveFrom, unreadable?.map(({ part }) => part)])

const sameFindings = (a: Finding[], b: Finding[]) =>
  a.length === b.length && (a.length === 0 || JSON.stringify(a) === JSON.stringify(b))

/** A family with what it was made from. */
interface Assembled {
  told: Told
  /** Where its members are, or are said to be. */
  regions: string[]
  context: unknown[]
  /** Without findings; null when no member is left. */
  bare: Family | null
  /** As it was given out last, with the state of the Regions that its findings rest on. */
  whole?: Family
  statuses?: string
}

function assembled(keyId: string, told: Told, around: Surroundings): Assembled {
  const sighted = sightingsOf(keyId, told)
  const regions = [...sighted.keys()]
  const bare = assembleFamily(keyId, [...sighted.values()], around)
  return { told, regions, context: contextOf(keyId, regions, around), bare }
}

/** The time of assembly stands in for that of a reading where there is none: then nothing can be kept. */
const isTimeless = ({ regions, told }: Assembled, around: Surroundings) =>
  told.members.length > 0 || regions.every((region) => around.regions.get(region)?.asOf != null)

/**
 * Joins the readings of all Regions into one topology, again and again: a family of which nothing has been read anew is
 * the same object as last time. With a thousand families that is most of the work.
 *
 * Readings and members may come in any order. Members of one family share the key id, so the key id joins them; each
 * names all its relatives, so one readable member is enough to know of the others (`inferred`), and a Region that stops
 * answering takes nothing off the screen (`stale`).
 *
 * Source: KMS API Reference, MultiRegionConfiguration.
 */
export class Assembler {
  /** By key id, in the order in which they were given out last: nearly that of the next time. */
  #families = new Map<string, Assembled>()

  /** `version` and `takenAt` (ISO time) are the caller's: the model has no clock. */
  assemble(readings: RegionReading[], at: { version: number; takenAt: string }): Topology {
    const regions = new Map(readings.map((reading) => [reading.region, reading]))
    const home = homeOf(readings)
    const [firstRegion = ''] = [...regions.keys()].sort(byText)
    const around: Surroundings = {
      regions,
      signatures: new Map(readings.map((reading) => [reading.region, signatureOf(reading)])),
      partition: home?.partition ?? partitionOf(firstRegion),
      account: home?.account ?? null,
      takenAt: at.takenAt,
    }
    const families = this.#assembleFamilies(readings, around)
    const bare = families.flatMap((family) => family.bare ?? [])
    const topology: Topology = {
      version: at.version,
      takenAt: at.takenAt,
      account: around.account,
      partition: around.partition,
      otherKeys: readings.reduce((sum, reading) => sum + reading.otherKeys, 0),
      regions: readings.map(regionView).sort((a, b) => byText(a.name, b.name)),
      families: bare,
      otherAliases: otherAliasesOf(readings, bare),
    }
    const statuses = JSON.stringify(
      topology.regions.map((region) => [region.name, isRead(region, 'keys'), isRead(region, 'aliases')]),
    )
    return { ...topology, families: families.flatMap((family) => withFindings(family, topology, statuses) ?? []) }
  }

  /** All families in their order, those of which nothing has changed as they were. */
  #assembleFamilies(readings: RegionReading[], around: Surroundings): Assembled[] {
    const told = toldByKey(readings)
    const next = (keyId: string, said: Told): Assembled => {
      const was = this.#families.get(keyId)
      const isSame =
        was !== undefined &&
        isTimeless(was, around) &&
        sameTold(was.told, said) &&
        sameItems(was.context, contextOf(keyId, was.regions, around))
      return isSame ? was : assembled(keyId, said, around)
    }
    const known = [...this.#families.keys()].filter((keyId) => told.has(keyId))
    const added = [...told.keys()].filter((keyId) => !this.#families.has(keyId))
    const families = [...known, ...added].map((keyId) => [keyId, next(keyId, told.get(keyId) ?? NOTHING)] as const)
    families.sort(([, a], [, b]) => (a.bare && b.bare ? compareFamilies(a.bare, b.bare) : a.bare ? -1 : b.bare ? 1 : 0))
    this.#families = new Map(families)
    return families.map(([, family]) => family)
  }
}

const NOTHING: Told = { members: [], unread: [] }

/** Findings that rest on other families, too, are looked for each time; where there are none, none can come about. */
function withFindings(family: Assembled, topology: Topology, statuses: string): Family | null {
  const { bare, whole } = family
  if (!bare) return null
  if (whole && family.statuses === statuses && !whole.findings.some(restsOnOthers)) return whole
  const findings = findingsOf(bare, topology)
  family.statuses = statuses
  if (whole && sameFindings(whole.findings, findings)) return whole
  family.whole = { ...bare, findings }
  return family.whole
}

/** Joins the readings of all Regions into one topology, once. */
export const assembleTopology = (readings: RegionReading[], at: { version: number; takenAt: string }): Topology =>
  new Assembler().assemble(readings, at)
