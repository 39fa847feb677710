// Assembly: joins what the Regions said into key families, without losing a member or inventing one.

import { byText, compareFamilies, keyArn, parseKeyArn, trustedRotation } from './family'
import { findingsOf } from './findings/all'
import { inWords } from './in-words'
import { canRotate } from './key-spec'
import type { MemberReading, RegionReading } from './readings'
import { partitionOf } from './regions'
import type { Family, Known, Member, MemberRole, OtherAlias, RegionView, Rotation, Topology } from './topology'

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

/** All members of all families: key id → Region → what is known. */
function sightings(regions: RegionReading[]): Map<string, Map<string, Sighting>> {
  const families = new Map<string, Map<string, Sighting>>()
  const at = (keyId: string, region: string): Sighting => {
    const family = families.get(keyId) ?? new Map<string, Sighting>()
    families.set(keyId, family)
    const sighting = family.get(region) ?? { region, namedBy: [] }
    family.set(region, sighting)
    return sighting
  }

  for (const reading of regions) {
    for (const member of reading.members) {
      const sighting = at(member.keyId, member.region)
      sighting.described = sighting.described ? newer(sighting.described, member) : member
    }
    for (const { keyId, message } of reading.unread) at(keyId, reading.region).unread = message
  }
  for (const member of regions.flatMap((reading) => reading.members)) {
    for (const arn of new Set([member.primaryArn, ...member.replicaArns])) {
      const relative = parseKeyArn(arn)
      if (relative) at(relative.keyId, relative.region).namedBy.push(member)
    }
  }
  return families
}

/** `live` needs a description from a Region that answered last time, and no newer failure to describe this key. */
function knownOf(sighting: Sighting, region: RegionReading | undefined): Known {
  if (!sighting.described) return 'inferred'
  return region?.status === 'ok' && sighting.unread === undefined ? 'live' : 'stale'
}

/**
 * A member that only readings from before their Regions' failure name, while its own Region answers and has no
 * such key: it was deleted since, and the Region's own newer word counts.
 */
function isGone(sighting: Sighting, region: RegionReading | undefined, isLive: (reading: MemberReading) => boolean) {
  if (sighting.described || sighting.unread !== undefined || region?.status !== 'ok') return false
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
  if (region && region.status !== 'ok') return region.message ?? `${region.region} is ${region.status}`
  const namedBy = inWords([...new Set(sighting.namedBy.map((relative) => relative.region))].sort(byText))
  const named = namedBy ? `named by ${namedBy}, ` : ''
  return region
    ? `${named}not found in ${sighting.region}`
    : `${named}${sighting.region} is not among the Regions that are read`
}

const place = (region: string, keyId: string) => `${region}/${keyId}`

/** Alias names by the place of the key that they point to. */
function aliasesByPlace(readings: RegionReading[]): Map<string, string[]> {
  const names = new Map<string, string[]>()
  for (const { region, aliases } of readings) {
    for (const { name, keyId } of aliases) {
      const here = names.get(place(region, keyId)) ?? []
      here.push(name)
      names.set(place(region, keyId), here)
    }
  }
  return names
}

/** The given fields without those that are undefined, so that equal things are equal as JSON too. */
function defined<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}

function assembleFamily(
  keyId: string,
  sighted: Sighting[],
  regions: Map<string, RegionReading>,
  aliases: Map<string, string[]>,
  home: { partition: string; account: string | null; takenAt: string },
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
      aliases: [...new Set(aliases.get(place(region, keyId)))].sort(byText),
      known,
      message: reasonOf(sighting, known, regionReading),
    }
    const roleByOthers: MemberRole = region === primaryRegion ? 'PRIMARY' : 'REPLICA'

    if (!reading) {
      return defined({
        arn: keyArn({ partition: home.partition, account: home.account ?? '', region, keyId }),
        role: roleByOthers,
        state: 'Unknown' as const,
        description: '',
        rotation: null,
        asOf: namedBy.length > 0 ? newestOf(namedBy).asOf : (regionReading?.asOf ?? home.takenAt),
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

function viewOf(reading: RegionReading): RegionView {
  const { region, status, asOf, message, since, unread } = reading
  const keys = unread.length === 1 ? 'One multi-Region key' : `${unread.length} multi-Region keys`
  const [first] = unread.map((key) => key.message).sort(byText)
  const partial = first === undefined ? undefined : `${keys} could not be described: ${first}`
  return defined({ name: region, status, asOf, message: message ?? partial, since })
}

/** Aliases that belong to no member: they hold their names in their Regions all the same. */
function otherAliasesOf(readings: RegionReading[], families: Family[]): OtherAlias[] {
  const ours = new Set(families.flatMap(({ keyId, members }) => members.map((member) => place(member.region, keyId))))
  return readings
    .flatMap(({ region, aliases }) => aliases.map(({ name, keyId }) => ({ region, name, keyId })))
    .filter((alias) => !ours.has(place(alias.region, alias.keyId)))
    .sort((a, b) => byText(a.region, b.region) || byText(a.name, b.name))
}

/**
 * Joins the readings of all Regions into one topology. Readings and members may come in any order.
 *
 * Members of one family share the key id, so the key id joins them; each names all its relatives, so one readable
 * member is enough to know of the others (`inferred`), and a Region that stops answering takes nothing off the
 * screen (`stale`). `version` and `takenAt` (ISO time) are the caller's: the model has no clock.
 *
 * Source: KMS API Reference, MultiRegionConfiguration.
 */
export function assembleTopology(readings: RegionReading[], at: { version: number; takenAt: string }): Topology {
  const regions = new Map(readings.map((reading) => [reading.region, reading]))
  const [arn] = readings
    .flatMap((reading) => reading.members)
    .flatMap((member) => parseKeyArn(member.arn) ?? [])
    .sort((a, b) => byText(a.account, b.account) || byText(a.partition, b.partition))
  const [firstRegion = ''] = [...regions.keys()].sort(byText)
  const partition = arn?.partition ?? partitionOf(firstRegion)
  const account = arn?.account ?? null

  const aliases = aliasesByPlace(readings)

  const families = [...sightings(readings)]
    .flatMap(
      ([keyId, members]) =>
        assembleFamily(keyId, [...members.values()], regions, aliases, { partition, account, takenAt: at.takenAt }) ??
        [],
    )
    .sort(compareFamilies)

  const topology: Topology = {
    version: at.version,
    takenAt: at.takenAt,
    account,
    partition,
    otherKeys: readings.reduce((sum, reading) => sum + reading.otherKeys, 0),
    regions: readings.map(viewOf).sort((a, b) => byText(a.name, b.name)),
    families,
    otherAliases: otherAliasesOf(readings, families),
  }
  return { ...topology, families: families.map((family) => ({ ...family, findings: findingsOf(family, topology) })) }
}
