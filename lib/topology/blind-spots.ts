// Blind spots: what could not be read, by Region and part, with the families that it touches. Nothing of it is dropped.

import { byText } from './family'
import { inWords } from './in-words'
import { isReadable, regionDoes } from './region-trouble'
import { rotationStatus } from './rotation-status'
import type { Family, Member, RegionPart, RegionStatus, RegionView, UnreadablePart } from './topology'

/** `region`: nothing of it can be read. */
type BlindPart = 'region' | RegionPart

export interface BlindSpot {
  region: string
  part: BlindPart
  /** `being read` for the first time since the start; `not scanned` for a Region that only members name. */
  status: RegionStatus | 'being read' | 'not scanned'
  /** Why, in words; of several reasons one. */
  message: string
  /** ISO time since when, as far as that is known. */
  since?: string
  /** ISO time of the oldest reading that is shown in its place; absent when nothing is. */
  asOf?: string
  /** Key ids of the families that it touches, in the order of the topology. */
  families: string[]
}

interface Placed {
  family: Family
  member: Member
}

interface Told {
  families: readonly Family[]
  regions: readonly RegionView[]
}

const order: readonly BlindPart[] = ['region', 'keys', 'aliases', 'descriptions', 'rotation']

/** Region → members there, in the order of their families. */
function placedIn(families: readonly Family[]): Map<string, Placed[]> {
  const placed = families.flatMap((family) => family.members.map((member) => ({ family, member })))
  return Map.groupBy(placed, ({ member }) => member.region)
}

/** The oldest description among those that are shown; members that nobody described have none. */
const oldestOf = (placed: Placed[]): string | undefined =>
  placed
    .filter(({ member }) => member.known === 'stale')
    .map(({ member }) => member.asOf)
    .sort(byText)[0]

function spotOf(
  { name, status }: { name: string; status: BlindSpot['status'] },
  part: BlindPart,
  placed: Placed[],
  told: { message: string | undefined; since?: string | undefined; asOf?: string | null | undefined },
): BlindSpot {
  const { message = 'No reason was given', since, asOf = oldestOf(placed) } = told
  return {
    region: name,
    part,
    status,
    message,
    ...(since !== undefined && { since }),
    ...(typeof asOf === 'string' && { asOf }),
    families: placed.map(({ family }) => family.keyId),
  }
}

/** Members that are not live, those apart whose own description failed: with them it is not the list that is to blame. */
function unreadMembers(view: RegionView, placed: Placed[], descriptions: UnreadablePart | undefined) {
  const unread = placed.filter(({ member }) => member.known !== 'live')
  const failed = new Set(descriptions?.keyIds)
  const isUnlisted = ({ family }: Placed) =>
    !failed.has(family.keyId) && (view.unreadable ?? []).some(({ part }) => part === 'keys')
  return { unlisted: unread.filter(isUnlisted), undescribed: unread.filter((each) => !isUnlisted(each)) }
}

function spotsOf(view: RegionView, placed: Placed[]): BlindSpot[] {
  const { status, message, since, asOf, unreadable = [] } = view
  if (!isReadable(view)) {
    const whole = { name: view.name, status: view.awaited ? ('being read' as const) : status }
    return [spotOf(whole, 'region', placed, { message: message ?? status, since, asOf })]
  }

  const [keys, aliases, descriptions, rotation] = (['keys', 'aliases', 'descriptions', 'rotation'] as const).map(
    (part) => unreadable.find((each) => each.part === part),
  )
  const { unlisted, undescribed } = unreadMembers(view, placed, descriptions)
  const [first] = undescribed
  const unrotatedKeys = new Set(rotation?.keyIds)
  const unrotated = placed.filter(
    ({ family }) => unrotatedKeys.has(family.keyId) && rotationStatus(family) === 'not read',
  )
  return [
    ...(keys ? [spotOf(view, 'keys', unlisted, keys)] : []),
    ...(aliases ? [spotOf(view, 'aliases', placed, aliases)] : []),
    ...(first ? [spotOf(view, 'descriptions', undescribed, descriptions ?? { message: first.member.message })] : []),
    ...(rotation && unrotated.length > 0 ? [spotOf(view, 'rotation', unrotated, rotation)] : []),
  ]
}

/**
 * Everything that could not be read, by Region, the whole Region before its parts. Each member that is not live stands in
 * one spot of its Region: in that of the Region, of the list of keys, or of the descriptions.
 */
export function blindSpotsOf({ families, regions }: Told): BlindSpot[] {
  const placed = placedIn(families)
  const scanned = new Set(regions.map(({ name }) => name))
  const named = [...placed].filter(([region]) => !scanned.has(region))
  return [
    ...regions.flatMap((view) => spotsOf(view, placed.get(view.name) ?? [])),
    ...named.map(([name, members]) =>
      spotOf({ name, status: 'not scanned' }, 'region', members, {
        message: `${name} is not among the Regions that are read`,
      }),
    ),
  ].sort((a, b) => byText(a.region, b.region) || order.indexOf(a.part) - order.indexOf(b.part))
}

const number = (many: number) => many.toLocaleString('en-US')
const counted = (many: number, one: string, more: string) => `${number(many)} ${many === 1 ? one : more}`

/** Could there be families that nobody knows of, because they are only there? */
export const hidesFamilies = ({ part, status }: BlindSpot): boolean =>
  part === 'keys' || (part === 'region' && status !== 'not scanned')

/** Is what is shown of a family in doubt? Not for a rotation setting, which stands as "not read" where it would be. */
export const isDoubt = ({ part }: BlindSpot): boolean => part !== 'rotation'

/** `the aliases of eu-west-1 could not be read`: to go on a sentence. */
export function blindSpotInWords({ region, part, status, families }: BlindSpot): string {
  const many = families.length
  switch (part) {
    case 'region':
      if (status === 'not scanned') return `${region} is not among the Regions that are read`
      return `${region} ${regionDoes(status === 'being read' ? { status: 'ok', awaited: true } : { status })}`
    case 'keys':
      return `the keys of ${region} could not be listed`
    case 'aliases':
      return `the aliases of ${region} could not be read`
    case 'descriptions':
      return `${counted(many, 'key', 'keys')} in ${region} could not be read`
    case 'rotation':
      return `the rotation of ${counted(many, 'family', 'families')} could not be read in ${region}`
  }
}

/** The same as the beginning of a sentence; a Region's id stays as it is. */
export function blindSpotTitle(spot: BlindSpot): string {
  const words = blindSpotInWords(spot)
  return words.startsWith(spot.region) ? words : words.charAt(0).toUpperCase() + words.slice(1)
}

/** What that means for what is shown, as a sentence. */
export function blindSpotMeans(spot: BlindSpot): string {
  switch (spot.part) {
    case 'region':
      if (spot.status === 'not scanned') return 'Its keys are known from other members.'
      return spot.asOf === undefined
        ? `Families that are only there are missing${spot.status === 'being read' ? ' until then' : ''}.`
        : 'What was made or changed there since is not shown.'
    case 'keys':
      return 'Families that are only there may be missing; keys that other Regions name are read.'
    case 'aliases':
      return 'Aliases there may be missing or old, and nothing is said about their drift.'
    case 'descriptions':
      return 'What is shown of them is old, or known from other members.'
    case 'rotation':
      return 'Whether they rotate is not known; everything else of them is.'
  }
}

/** Key ids of families of which more than the rotation is in doubt. */
export const familiesInDoubt = (spots: readonly BlindSpot[]): Set<string> =>
  new Set(spots.filter(isDoubt).flatMap(({ families }) => families))

/**
 * What "all" of these families leaves out: families that nobody knows of, and those of which something could not be read.
 * Sentences, none when nothing is left out; the spots themselves say why.
 */
export function leftOutOfAll(spots: readonly BlindSpot[], chosen: readonly Pick<Family, 'keyId'>[]): string[] {
  const hiding = spots.filter(hidesFamilies).map(({ region }) => region)
  const doubtful = familiesInDoubt(spots)
  const inDoubt = chosen.filter(({ keyId }) => doubtful.has(keyId)).length
  return [
    ...(hiding.length > 0 ? [`Families that are only in ${inWords(hiding)} may be missing.`] : []),
    ...(inDoubt > 0
      ? [`${number(inDoubt)} of ${number(chosen.length)} ${inDoubt === 1 ? 'was' : 'were'} read in part only.`]
      : []),
  ]
}
