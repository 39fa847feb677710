// Readings for tests: what the Regions would say about families that are described in one line each.

import { keyArn } from '../family'
import type { MemberReading, RegionReading } from '../readings'

export const ACCOUNT = '111122223333'
export const READ_AT = '2026-11-23T22:10:00.000Z'

/** A well-formed multi-Region key id that ends in the given hex digits. */
export const givenKeyId = (digits: string) => `mrk-${digits.padStart(32, '0')}`

export const givenArn = (region: string, keyId: string) => keyArn({ partition: 'aws', region, account: ACCOUNT, keyId })

export interface GivenFamily {
  keyId: string
  primary: string
  replicas?: string[]
  /** Alias names, in every Region of the family. */
  aliases?: string[]
  /** What differs from a healthy key, for all members. */
  all?: Partial<MemberReading>
  /** What differs in one Region. */
  in?: Record<string, Partial<MemberReading>>
}

/** One member as a healthy key with rotation on would describe itself. */
export function givenMember(family: GivenFamily, region: string): MemberReading {
  const { keyId, primary, replicas = [] } = family
  return {
    arn: givenArn(region, keyId),
    keyId,
    region,
    role: region === primary ? 'PRIMARY' : 'REPLICA',
    state: 'Enabled',
    description: '',
    keySpec: 'SYMMETRIC_DEFAULT',
    keyUsage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    primaryArn: givenArn(primary, keyId),
    replicaArns: replicas.map((replica) => givenArn(replica, keyId)).sort(),
    createdAt: '2026-02-03T09:00:00.000Z',
    rotation: { enabled: true, periodInDays: 365, nextRotationDate: '2027-02-03T09:00:00.000Z' },
    asOf: READ_AT,
    ...family.all,
    ...family.in?.[region],
  }
}

/** Readable Regions that hold the members and aliases of the families, as KMS would list them. */
export function givenReadings(regions: string[], families: GivenFamily[] = []): RegionReading[] {
  return regions.map((region) => {
    const here = families.filter((family) => [family.primary, ...(family.replicas ?? [])].includes(region))
    return {
      region,
      status: 'ok',
      asOf: READ_AT,
      members: here.map((family) => givenMember(family, region)),
      unread: [],
      aliases: here.flatMap(({ keyId, aliases = [] }) => aliases.map((name) => ({ name, keyId }))),
      otherKeys: 0,
    }
  })
}

/** The readings with one Region changed. */
export const withRegion = (
  readings: RegionReading[],
  region: string,
  change: (reading: RegionReading) => Partial<RegionReading>,
): RegionReading[] =>
  readings.map((reading) => (reading.region === region ? { ...reading, ...change(reading) } : reading))

/** The readings of a Region that denies one of its lists, and lets everything else be read. */
export const withoutPart = (readings: RegionReading[], region: string, part: 'keys' | 'aliases'): RegionReading[] =>
  withRegion(readings, region, ({ asOf, aliases }) => {
    const message = `AccessDeniedException: not authorized to list the ${part}`
    return {
      status: 'denied',
      message,
      since: READ_AT,
      unreadable: [{ part, message, since: READ_AT }],
      ...(asOf !== null && { liveFrom: asOf }),
      aliases: part === 'aliases' ? [] : aliases,
    }
  })
