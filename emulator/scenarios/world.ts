// Puts families and single keys of a scenario into the store. Key ids come from a seed, so that they never change.

import { createHash } from 'node:crypto'
import { defaultKeyPolicy } from '../authorization/key-policy.ts'
import type { Grant } from '../grants/grants.ts'
import {
  DAY_MS,
  type Family,
  type ImportedMaterial,
  type Key,
  type KeyMaterial,
  type KeyState,
  type Origin,
  type Tag,
} from '../keys/family.ts'
import { seededImport, seededMaterial } from '../keys/key-material.ts'
import type { KeySpec, KeyUsage } from '../keys/key-specs.ts'
import { sortedTags } from '../keys/tags.ts'
import type { NewMember, Store } from '../state/store.ts'
import { rootUserOf } from '../wire/credentials.ts'

export type World = { store: Store; account: string; now: number }

export type MemberPlan = {
  region: string
  state?: KeyState
  createdDaysAgo?: number
  description?: string
  tags?: Record<string, string>
  policy?: string
  /** Aliases of this member; without this, those of the family. */
  aliases?: string[]
  /** Grants on this member; without this, those of the family. */
  grants?: GrantPlan[]
  /** For PendingDeletion: when the waiting period ends. */
  deletedInDays?: number
  /** For PendingDeletion and PendingReplicaDeletion: how long it is in all. */
  waitingPeriodDays?: number
  /** Origin EXTERNAL: the versions imported here, by their place in the `imports` of the family; left out, all of them. */
  holds?: number[]
  /** Origin EXTERNAL: when the versions held here expire; left out, never. */
  materialExpiresInDays?: number
  /** When this member last decrypted something; left out, it was never used. */
  lastUsedDaysAgo?: number
}

/** A version of imported material: the first is current, later ones since their rotation, the last perhaps not yet. */
export type ImportPlan = { description?: string } & ({ rotatedDaysAgo?: number } | { pending: true })

/** A grant whose id comes from the key and the place in the list. Its grantee is one of the two. */
export type GrantPlan = Pick<
  Grant,
  | 'granteePrincipal'
  | 'granteeServicePrincipal'
  | 'retiringPrincipal'
  | 'retiringServicePrincipal'
  | 'operations'
  | 'constraints'
> & { name?: string; createdDaysAgo?: number }

export type RotationPlan = { periodInDays?: number; enabledDaysAgo?: number; onDemandDaysAgo?: number[] }

export type FamilyPlan = {
  /** What the key id is derived from; usually the alias. */
  seed: string
  aliases?: string[]
  /** The first is the primary key. */
  members: [MemberPlan, ...MemberPlan[]]
  multiRegion?: boolean
  keySpec?: KeySpec
  keyUsage?: KeyUsage
  keyManager?: 'CUSTOMER' | 'AWS'
  origin?: Origin
  /** Origin EXTERNAL: every version of the material, oldest first; left out, nothing was ever imported. */
  imports?: ImportPlan[]
  createdDaysAgo?: number
  description?: string
  tags?: Record<string, string>
  policy?: string
  grants?: GrantPlan[]
  /** Left out: no automatic rotation. */
  rotation?: RotationPlan | undefined
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex')

export const multiRegionKeyId = (seed: string) => `mrk-${hash(seed).slice(0, 32)}`

/** In the form of a UUID; also the key ID of a single-Region key. */
function uuidFrom(seed: string): string {
  const digits = hash(seed)
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `a${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-')
}

export function addFamily(world: World, plan: FamilyPlan): void {
  const { store, account, now } = world
  const multiRegion = plan.multiRegion ?? true
  const keySpec = plan.keySpec ?? 'SYMMETRIC_DEFAULT'
  const createdAt = now - (plan.createdDaysAgo ?? 400) * DAY_MS
  const keyId = multiRegion ? multiRegionKeyId(plan.seed) : uuidFrom(plan.seed)
  const [first, ...others] = plan.members
  const { materials, rotation } = historyOf(plan, keyId, keySpec, now)
  const primary = store.addFamily(
    {
      account,
      partition: 'aws',
      keyId,
      keyManager: plan.keyManager ?? 'CUSTOMER',
      keySpec,
      keyUsage: plan.keyUsage ?? 'ENCRYPT_DECRYPT',
      origin: plan.origin ?? 'AWS_KMS',
      multiRegion,
      materials,
      rotation,
    },
    newMember(world, plan, materials, first, createdAt),
  )
  addAliases(world, primary, first.aliases ?? plan.aliases ?? [])
  addGrants(world, primary, first.grants ?? plan.grants ?? [])
  for (const [index, member] of others.entries()) {
    const replicatedAt = createdAt + (index + 1) * 3_600_000
    const replica = store.addMember(primary.family, newMember(world, plan, materials, member, replicatedAt))
    addAliases(world, replica, member.aliases ?? plan.aliases ?? [])
    addGrants(world, replica, member.grants ?? plan.grants ?? [])
  }
}

function newMember(
  { account, now }: World,
  plan: FamilyPlan,
  materials: KeyMaterial[],
  member: MemberPlan,
  createdAt: number,
): NewMember {
  const imported = plan.origin === 'EXTERNAL' ? copiesOf(member, materials, now) : undefined
  const keyState = member.state ?? (imported && lacksMaterial(imported, materials) ? 'PendingImport' : 'Enabled')
  return {
    region: member.region,
    createdAt: member.createdDaysAgo === undefined ? createdAt : now - member.createdDaysAgo * DAY_MS,
    keyState,
    description: member.description ?? plan.description ?? '',
    policy: member.policy ?? plan.policy ?? defaultKeyPolicy('aws', account),
    tags: tagsOf(member.tags ?? plan.tags ?? {}),
    ...waitingPeriodOf(member, keyState, now),
    ...(imported ? { imported } : {}),
    ...lastUsageOf(plan, member, now),
  }
}

function lastUsageOf({ seed }: FamilyPlan, { region, lastUsedDaysAgo }: MemberPlan, now: number) {
  if (lastUsedDaysAgo === undefined) return {}
  const idOf = (what: string) => uuidFrom(`${seed} ${region} ${what}`)
  return {
    lastUsage: {
      operation: 'Decrypt',
      at: now - lastUsedDaysAgo * DAY_MS,
      requestId: idOf('request'),
      cloudTrailEventId: idOf('event'),
    },
  }
}

function copiesOf({ holds, materialExpiresInDays: days }: MemberPlan, materials: KeyMaterial[], now: number) {
  const held = materials.filter((_, index) => !holds || holds.includes(index))
  return held.map(({ id }): ImportedMaterial => ({ id, ...(days ? { validTo: now + days * DAY_MS } : {}) }))
}

const lacksMaterial = (imported: ImportedMaterial[], materials: KeyMaterial[]) =>
  materials.length === 0 || materials.some(({ id, pending }) => !pending && !imported.some((copy) => copy.id === id))

function waitingPeriodOf({ deletedInDays, waitingPeriodDays = 30 }: MemberPlan, keyState: KeyState, now: number) {
  if (keyState === 'PendingReplicaDeletion') return { pendingWindowInDays: waitingPeriodDays }
  if (keyState !== 'PendingDeletion') return {}
  return { pendingWindowInDays: waitingPeriodDays, deletionAt: now + (deletedInDays ?? waitingPeriodDays) * DAY_MS }
}

const tagsOf = (tags: Record<string, string>): Tag[] =>
  sortedTags(Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })))

function addAliases({ store, account }: World, key: Key, names: string[]): void {
  for (const name of names) {
    store.addAlias('aws', {
      account,
      region: key.region,
      name,
      targetKeyId: key.family.keyId,
      createdAt: key.createdAt,
      updatedAt: key.createdAt,
    })
  }
}

function addGrants({ store, account, now }: World, key: Key, grants: GrantPlan[]): void {
  for (const [index, { name = '', createdDaysAgo, ...plan }] of grants.entries()) {
    store.addGrant({
      ...plan,
      id: hash(`${key.arn} grant ${index}`),
      keyArn: key.arn,
      region: key.region,
      name,
      issuingAccount: rootUserOf('aws', account),
      createdAt: createdDaysAgo === undefined ? key.createdAt : now - createdDaysAgo * DAY_MS,
    })
  }
}

type History = Pick<Family, 'materials' | 'rotation'>

/** The material versions a key of that age and rotation would have. */
function historyOf(plan: FamilyPlan, keyId: string, keySpec: KeySpec, now: number): History {
  const off = { enabled: false, periodInDays: 365, onDemandCount: 0 }
  if (plan.origin === 'EXTERNAL') {
    const materials = (plan.imports ?? []).map((each, index) => importedVersion(each, keyId, keySpec, index, now))
    return { materials, rotation: { ...off, onDemandCount: materials.filter(({ rotation }) => rotation).length } }
  }
  const version = (number: number, rotation?: KeyMaterial['rotation']): KeyMaterial => ({
    ...seededMaterial(keySpec, `${keyId} material ${number}`),
    ...(rotation ? { rotation } : {}),
  })
  if (!plan.rotation) return { materials: [version(0)], rotation: off }

  const { periodInDays = 365, enabledDaysAgo = plan.createdDaysAgo ?? 400, onDemandDaysAgo = [] } = plan.rotation
  const enabledAt = now - enabledDaysAgo * DAY_MS
  const automatic = Math.floor(enabledDaysAgo / periodInDays)
  const rotations = [
    ...Array.from({ length: automatic }, (_, index) => ({
      at: enabledAt + (index + 1) * periodInDays * DAY_MS,
      type: 'AUTOMATIC' as const,
    })),
    ...onDemandDaysAgo.map((days) => ({ at: now - days * DAY_MS, type: 'ON_DEMAND' as const })),
  ].sort((a, b) => a.at - b.at)
  return {
    materials: [version(0), ...rotations.map((rotation, index) => version(index + 1, rotation))],
    rotation: {
      enabled: true,
      periodInDays,
      nextAt: enabledAt + (automatic + 1) * periodInDays * DAY_MS,
      onDemandCount: onDemandDaysAgo.length,
    },
  }
}

function importedVersion(plan: ImportPlan, keyId: string, keySpec: KeySpec, index: number, now: number): KeyMaterial {
  const material = seededImport(keySpec, keyId, index)
  if (plan.description !== undefined) material.description = plan.description
  if ('pending' in plan) material.pending = true
  else if (index > 0) material.rotation = { at: now - (plan.rotatedDaysAgo ?? 0) * DAY_MS, type: 'ON_DEMAND' }
  return material
}

/** Points an alias of one Region to another family's key. */
export function pointAliasTo({ store, account, now }: World, region: string, name: string, seed: string): void {
  const before = store.alias(account, region, name)
  const targetKeyId = multiRegionKeyId(seed)
  if (before) store.retargetAlias(before, targetKeyId, now - 30 * DAY_MS)
  else {
    const at = now - 30 * DAY_MS
    store.addAlias('aws', { account, region, name, targetKeyId, createdAt: at, updatedAt: at })
  }
}

/** The keys AWS services keep in an account, and the predefined aliases of services never used. */
export function addAwsManagedKeys(world: World, regions: string[]): void {
  const { store, account, now } = world
  for (const region of regions) {
    for (const service of ['s3', 'ebs', 'rds']) {
      addFamily(world, {
        seed: `${region} alias/aws/${service}`,
        aliases: [`alias/aws/${service}`],
        multiRegion: false,
        keyManager: 'AWS',
        createdDaysAgo: 900,
        description: AWS_MANAGED_DESCRIPTIONS[service] ?? '',
        policy: awsManagedPolicy(account, region, service),
        rotation: {},
        members: [{ region }],
      })
    }
    for (const service of ['dynamodb', 'lambda', 'redshift']) {
      store.addAlias('aws', { account, region, name: `alias/aws/${service}`, createdAt: now, updatedAt: now })
    }
  }
}

const AWS_MANAGED_DESCRIPTIONS: Record<string, string> = {
  s3: 'Default key that protects my S3 objects when no other key is defined',
  ebs: 'Default key that protects my EBS volumes when no other key is defined',
  rds: 'Default key that protects my RDS database volumes when no other key is defined',
}

function awsManagedPolicy(account: string, region: string, service: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: `auto-${service}-2`,
    Statement: [
      {
        Sid: `Allow access through ${service} for all principals in the account that are authorized to use it`,
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        Resource: '*',
        Condition: {
          StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': `${service}.${region}.amazonaws.com` },
        },
      },
      {
        Sid: 'Allow direct access to key metadata to the account',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:RevokeGrant'],
        Resource: '*',
      },
    ],
  })
}
