// Export of families: CSV with one line a member, for spreadsheets; JSON as `GET /api/topology` spells it.

import { familyName } from '@/lib/topology/family'
import { rotationStatus } from '@/lib/topology/rotation-status'
import type { Family } from '@/lib/topology/topology'
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
] as const

/** One line a member: what differs between Regions is what people look for. Findings stand with the Regions they are about. */
export function familiesAsCsv(families: readonly Family[]): string {
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
    ]),
  )
  return csv([columns, ...lines])
}

export const familiesAsJson = (families: readonly Family[]): string => `${JSON.stringify({ families }, null, 2)}\n`
