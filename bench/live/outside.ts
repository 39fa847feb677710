// Changes that others make to the keys, and how each is seen.

import type { EmulatorDoors } from '../emulator/process.ts'
import type { BenchFamily } from '../product.ts'
import type { Families } from './page.ts'

/** What others have changed: resolves when KMS has answered, with the question whether a page shows it. */
type Change = (given: Given) => Promise<(families: Families) => boolean>

interface Given {
  kms: EmulatorDoors['kms']
  regions: string[]
  /** A family that nobody has changed yet: on no screen, or on the open one. */
  other: () => BenchFamily
  opened: () => BenchFamily
  /** A number that no other change has. */
  number: number
}

const memberIn = (family: BenchFamily | undefined, region: string) =>
  family?.members.find((member) => member.region === region)

const aliasesIn = (families: Families, keyId: string, region: string) =>
  memberIn(families.get(keyId), region)?.aliases ?? []

function regionsOf(family: BenchFamily): { primary: string; replica: string } {
  const primary = family.primaryRegion ?? ''
  const replica = family.members.find(({ region }) => region !== primary)?.region ?? ''
  return { primary, replica }
}

const stateSeen =
  ({ keyId }: BenchFamily, region: string, state: string) =>
  (families: Families) =>
    memberIn(families.get(keyId), region)?.state === state

export const CHANGES: Record<string, Change> = {
  'new key': async ({ kms, regions, number }) => {
    const region = regions[number % regions.length]
    const { KeyMetadata } = (await kms('CreateKey', { MultiRegion: true }, region)) as {
      KeyMetadata: { KeyId: string }
    }
    return (families) => families.has(KeyMetadata.KeyId)
  },
  'new replica key': async ({ kms, regions, other }) => {
    const family = other()
    const region = regions.find((name) => !memberIn(family, name)) ?? ''
    await kms('ReplicateKey', { KeyId: family.keyId, ReplicaRegion: region }, regionsOf(family).primary)
    return (families) => memberIn(families.get(family.keyId), region) !== undefined
  },
  'alias created': async ({ kms, other, number }) => {
    const { keyId, ...family } = other()
    const { replica } = regionsOf({ keyId, ...family })
    const name = `alias/live-${number}`
    await kms('CreateAlias', { AliasName: name, TargetKeyId: keyId }, replica)
    return (families) => aliasesIn(families, keyId, replica).includes(name)
  },
  'alias retargeted': async ({ kms, regions, other }) => {
    const [from, to] = [other(), other()]
    const region = regions.find((name) => memberIn(from, name)?.aliases[0] && memberIn(to, name)) ?? ''
    const name = memberIn(from, region)?.aliases[0] ?? ''
    await kms('UpdateAlias', { AliasName: name, TargetKeyId: to.keyId }, region)
    return (families) => aliasesIn(families, to.keyId, region).includes(name)
  },
  'alias deleted': async ({ kms, other }) => {
    const family = other()
    const { replica } = regionsOf(family)
    const name = memberIn(family, replica)?.aliases[0] ?? ''
    await kms('DeleteAlias', { AliasName: name }, replica)
    return (families) => !aliasesIn(families, family.keyId, replica).includes(name)
  },
  'role changed, on an open screen': async ({ kms, opened }) => {
    const family = opened()
    const { primary, replica } = regionsOf(family)
    await kms('UpdatePrimaryRegion', { KeyId: family.keyId, PrimaryRegion: replica }, primary)
    return (families) => families.get(family.keyId)?.primaryRegion === replica
  },
  'key disabled, on an open screen': async ({ kms, opened }) => {
    const family = opened()
    const { replica } = regionsOf(family)
    await kms('DisableKey', { KeyId: family.keyId }, replica)
    return stateSeen(family, replica, 'Disabled')
  },
  'deletion scheduled, on an open screen': async ({ kms, opened }) => {
    const family = opened()
    const { replica } = regionsOf(family)
    await kms('ScheduleKeyDeletion', { KeyId: family.keyId, PendingWindowInDays: 7 }, replica)
    return stateSeen(family, replica, 'PendingDeletion')
  },
}

/** Keys that are deleted one after another: families of a single member, every `everyMs` from `from` on (ms since 1970). */
export function vanishingFamilies(count: number, regions: string[], from: number, everyMs: number) {
  return Array.from({ length: count }, (_, index) => {
    const region = regions[index % regions.length] ?? ''
    const deletionDate = new Date(from + index * everyMs).toISOString()
    const member = { region, role: 'PRIMARY', state: 'PendingDeletion', description: '', aliases: [], deletionDate }
    return {
      keyId: `mrk-${index.toString(16).padStart(32, 'd')}`,
      primaryRegion: region,
      keySpec: 'SYMMETRIC_DEFAULT',
      keyUsage: 'ENCRYPT_DECRYPT',
      origin: 'AWS_KMS',
      members: [member],
      deletionDate,
    }
  })
}
