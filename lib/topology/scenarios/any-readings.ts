// Readings for property tests: any set of families over some Regions, with Regions and keys that failed to answer.

import fc from 'fast-check'
import type { RegionReading } from '../readings'
import type { KeyState, RegionStatus } from '../topology'
import { givenKeyId, givenMember, READ_AT } from './given-readings'

const REGIONS = ['ap-south-1', 'ca-central-1', 'eu-central-1', 'eu-west-1', 'us-east-1', 'us-west-2']
const ALIASES = ['alias/billing', 'alias/sessions', 'alias/orders', 'alias/backup']
const STATES: KeyState[] = [
  'Enabled',
  'Enabled',
  'Disabled',
  'Creating',
  'Updating',
  'PendingImport',
  'PendingDeletion',
]
const STATUSES: RegionStatus[] = ['ok', 'ok', 'ok', 'unreachable', 'denied', 'throttled', 'disabled']
const SINGLE_REGION_KEY = '1234abcd-12ab-34cd-56ef-1234567890ab'

/** In the middle of the times below. */
const LIVE_FROM = '2026-11-23T22:30:00.000Z'

const anyTime = fc
  .integer({ min: 0, max: 59 })
  .map((minute) => `2026-11-23T22:${String(minute).padStart(2, '0')}:00.000Z`)

const anyMember = fc.record({
  region: fc.constantFrom(...REGIONS),
  seen: fc.constantFrom('described', 'described', 'described', 'unread', 'stale', 'absent'),
  state: fc.constantFrom(...STATES),
  role: fc.constantFrom('as it is', 'as it is', 'as it is', 'PRIMARY', 'REPLICA'),
  rotation: fc.option(fc.boolean().map((enabled) => ({ enabled }))),
  rotationUnread: fc.option(fc.constant({ message: 'AccessDeniedException', since: READ_AT }), { nil: undefined }),
  asOf: anyTime,
})

const anyFamily = fc.record({
  keyId: fc.integer({ min: 0, max: 9 }).map((digit) => givenKeyId(`a${digit}`)),
  keySpec: fc.constantFrom('SYMMETRIC_DEFAULT', 'SYMMETRIC_DEFAULT', 'RSA_2048', 'HMAC_256'),
  members: fc.uniqueArray(anyMember, { minLength: 1, maxLength: 5, selector: (member) => member.region }),
})

/** Alias names are unique in a Region, as KMS keeps them. */
const anyAlias = fc.record({
  region: fc.constantFrom(...REGIONS),
  name: fc.constantFrom(...ALIASES),
  key: fc.option(fc.nat({ max: 9 })),
})

const anyRegion = fc.record({
  status: fc.constantFrom(...STATUSES),
  asOf: anyTime,
  scanned: fc.boolean(),
  /** Of a Region that is denied: what alone is. */
  denied: fc.subarray(['keys', 'aliases'] as const),
})

export const anyReadings: fc.Arbitrary<RegionReading[]> = fc
  .record({
    families: fc.uniqueArray(anyFamily, { maxLength: 8, selector: (family) => family.keyId }),
    aliases: fc.uniqueArray(anyAlias, { maxLength: 16, selector: ({ region, name }) => `${region} ${name}` }),
    regions: fc.tuple(...REGIONS.map(() => anyRegion)),
  })
  .map(({ families, aliases, regions }) =>
    REGIONS.flatMap((region, index): RegionReading[] => {
      const { status = 'ok', asOf = READ_AT, scanned = true, denied = [] } = regions[index] ?? {}
      const inPart = status === 'denied' && denied.length > 0
      if (!scanned && index % 2 === 0) return []
      const here = families.flatMap((family) => {
        const [primary, ...replicas] = family.members.map((member) => member.region)
        const member = family.members.find((each) => each.region === region)
        if (!primary || !member) return []
        const { seen, state, rotation, rotationUnread, asOf: readAt } = member
        const { keyId, keySpec } = family
        // Only keys whose material is imported ever wait for it.
        const isImported = family.members.some((each) => each.state === 'PendingImport')
        const origin = isImported ? 'EXTERNAL' : 'AWS_KMS'
        const reading = givenMember({ keyId, primary, replicas }, region)
        const role = member.role === 'as it is' ? reading.role : member.role
        const unrotated = rotation === null && rotationUnread ? { rotationUnread } : {}
        return [{ seen, reading: { ...reading, keySpec, origin, role, state, rotation, asOf: readAt, ...unrotated } }]
      })
      return [
        {
          region,
          status,
          ...(status !== 'ok' && { message: `${region} failed`, since: READ_AT }),
          ...(inPart && {
            liveFrom: LIVE_FROM,
            unreadable: denied.map((part) => ({ part, message: 'AccessDeniedException', since: READ_AT })),
          }),
          asOf,
          members: here.filter(({ seen }) => seen === 'described' || seen === 'stale').map(({ reading }) => reading),
          unread: here
            .filter(({ seen }) => seen === 'unread' || seen === 'stale')
            .map(({ reading }) => ({ keyId: reading.keyId, message: 'AccessDeniedException' })),
          aliases: aliases
            .filter((alias) => alias.region === region)
            .map(({ name, key }) => ({ name, keyId: key === null ? SINGLE_REGION_KEY : givenKeyId(`a${key}`) })),
          otherKeys: index,
        },
      ]
    }),
  )

/** The same readings with Regions, members, relatives, unread keys and aliases in any other order. */
export const shuffled = (readings: RegionReading[]): fc.Arbitrary<RegionReading[]> =>
  fc.infiniteStream(fc.nat({ max: 1_000_000 })).map((numbers) => {
    const mixed = <T>(items: T[]): T[] =>
      items
        .map((item) => ({ item, at: numbers.next().value ?? 0 }))
        .sort((a, b) => a.at - b.at)
        .map(({ item }) => item)
    return mixed(readings).map((reading) => ({
      ...reading,
      members: mixed(reading.members).map((member) => ({ ...member, replicaArns: mixed(member.replicaArns) })),
      unread: mixed(reading.unread),
      ...(reading.unreadable && { unreadable: mixed(reading.unreadable) }),
      aliases: mixed(reading.aliases),
    }))
  })
