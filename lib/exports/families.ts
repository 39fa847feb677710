// Export of families: CSV with one line a member, for spreadsheets; JSON as `GET /api/topology` spells it.

import { type BlindSpot, blindSpotMeans, blindSpotTitle, hidesFamilies } from '@/lib/topology/blind-spots'
import { familyName } from '@/lib/topology/family'
import { rotationStatus } from '@/lib/topology/rotation-status'
import type { Family, Member } from '@/lib/topology/topology'
import { csv } from './csv'

const columns = [
  'family',
  'key id',
  'Region',
  'role',
  'key state',
  'reading',
  'as of',
  'aliases',
  'primary Region',
  'key spec',
  'key usage',
  'origin',
  'rotation',
  'rotation period in days',
  'next rotation',
  'description',
  'ARN',
  'findings',
  'not read',
] as const

/** What of a member could not be read, and why: what its line leaves empty may be there all the same. */
const notRead = ({ keyId }: Family, { region }: Member, spots: readonly BlindSpot[]): string =>
  spots
    .filter((spot) => spot.region === region && spot.families.includes(keyId))
    .map(({ part, message }) => `${partNames[part]}: ${message}`)
    .join(' ')

const partNames: Record<BlindSpot['part'], string> = {
  region: 'Region',
  keys: 'key',
  aliases: 'aliases',
  descriptions: 'key',
  rotation: 'rotation',
}

/** A line that stands for families that nobody knows of. */
const lineOf = (spot: BlindSpot): string[] =>
  columns.map((column) => {
    if (column === 'Region') return spot.region
    if (column === 'reading') return 'not read'
    if (column === 'as of') return spot.asOf ?? ''
    if (column === 'not read') return `${blindSpotTitle(spot)}: ${spot.message} ${blindSpotMeans(spot)}`
    return ''
  })

/**
 * One line a member: what differs between Regions is what people look for. Findings stand with the Regions they are about.
 * `spots` are the blind spots of the whole topology: each line says what of it could not be read, and a Region that may
 * hold further families gets a line of its own at the end.
 */
export function familiesAsCsv(families: readonly Family[], spots: readonly BlindSpot[]): string {
  const lines = families.flatMap((family) =>
    family.members.map((member) => [
      familyName(family),
      family.keyId,
      member.region,
      member.role,
      member.state,
      member.known,
      member.asOf,
      member.aliases.join(' '),
      family.primaryRegion ?? '',
      family.keySpec,
      family.keyUsage,
      family.origin,
      rotationStatus(family),
      String(member.rotation?.periodInDays ?? ''),
      member.rotation?.nextRotationDate ?? '',
      member.description,
      member.arn,
      family.findings
        .filter(({ regions }) => regions.includes(member.region))
        .map(({ severity, message }) => `${severity}: ${message}`)
        .join(' '),
      notRead(family, member, spots),
    ]),
  )
  return csv([columns, ...lines, ...spots.filter(hidesFamilies).map(lineOf)])
}

/** The families as the topology has them, and what could not be read of them or may hide others. */
export function familiesAsJson(families: readonly Family[], spots: readonly BlindSpot[]): string {
  const keyIds = new Set(families.map(({ keyId }) => keyId))
  const blindSpots = spots
    .map((spot) => ({ ...spot, families: spot.families.filter((keyId) => keyIds.has(keyId)) }))
    .filter((spot) => spot.families.length > 0 || hidesFamilies(spot))
  return `${JSON.stringify({ families, blindSpots }, null, 2)}\n`
}
