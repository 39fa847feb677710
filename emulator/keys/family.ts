// The model: a family holds what its members share, a key what it owns alone. A single-Region key is a family of one.

import { isSymmetric, type KeySpec, type KeyUsage } from './key-specs.ts'

export type KeyState =
  | 'Enabled'
  | 'Disabled'
  | 'PendingDeletion'
  | 'PendingReplicaDeletion'
  | 'PendingImport'
  | 'Unavailable'
  | 'Creating'
  | 'Updating'

export type Origin = 'AWS_KMS' | 'EXTERNAL'
export type Tag = { TagKey: string; TagValue: string }

/** One version of the key material. Moments are epoch milliseconds throughout. */
export type KeyMaterial = {
  id: string
  /** Bytes, or a PKCS #8 key pair; absent until first use where making one is slow. */
  secret?: Buffer
  /** What a key pair that is not there yet will be made from; without one, it comes by chance. */
  seed?: string
  /** How this version came to be current; absent for the first one. */
  rotation?: { at: number; type: 'AUTOMATIC' | 'ON_DEMAND' }
  /** Imported only: what was said about it when it was imported. */
  description?: string
  /** Imported only: the public half of a key pair (SubjectPublicKeyInfo), known after the bytes are gone. */
  publicKey?: Buffer
  /** Imported only: not current before a rotation on demand. At most one version is, the newest. */
  pending?: boolean
}

/** The copy that one member has of a version of imported material. */
export type ImportedMaterial = {
  id: string
  /** Bytes or PKCS #8; absent when the key was loaded instead of imported: then the family has them. */
  secret?: Buffer
  /** When it expires; absent when it does not. */
  validTo?: number
}

export type Rotation = {
  enabled: boolean
  periodInDays: number
  nextAt?: number
  onDemandCount: number
  /** With imported material: the version that becomes current. */
  onDemand?: { startedAt: number; endsAt: number; materialId?: string }
}

/** An UpdatePrimaryRegion under way; which Region is primary changes hands at two thirds of it. */
export type Promotion = { from: string; to: string; startedAt: number; endsAt: number }

export type Family = {
  account: string
  partition: string
  keyId: string
  keyManager: 'CUSTOMER' | 'AWS'
  keySpec: KeySpec
  keyUsage: KeyUsage
  origin: Origin
  multiRegion: boolean
  primaryRegion: string
  promotion?: Promotion
  /** Oldest first; the last is current, unless it is pending. Of imported material each member has its own copies. */
  materials: KeyMaterial[]
  rotation: Rotation
  members: Map<string, Key>
}

/** The last cryptographic operation of a key that succeeded. */
export type LastUsage = { operation: string; at: number; requestId: string; cloudTrailEventId: string }

export type Key = {
  family: Family
  region: string
  arn: string
  createdAt: number
  keyState: KeyState
  description: string
  policy: string
  tags: Tag[]
  /** A state that ends by itself. */
  settles?: { at: number; to: KeyState }
  deletionAt?: number
  pendingWindowInDays?: number
  lastUsage?: LastUsage
  /** Origin EXTERNAL: the versions of the material that are imported here. */
  imported?: ImportedMaterial[]
  /** Origin EXTERNAL: seals the import tokens of this key, in hex; made with the first token. */
  importTokenSecret?: string
}

export type Alias = {
  account: string
  region: string
  name: string
  arn: string
  /** Absent for a predefined alias of a service that was never used. */
  targetKeyId?: string
  createdAt: number
  updatedAt: number
}

export const DAY_MS = 86_400_000

export const keyArn = (partition: string, region: string, account: string, keyId: string) =>
  `arn:${partition}:kms:${region}:${account}:key/${keyId}`

export const aliasArn = (partition: string, region: string, account: string, name: string) =>
  `arn:${partition}:kms:${region}:${account}:${name}`

export const isPrimary = (key: Key) => key.family.multiRegion && key.family.primaryRegion === key.region

export const primaryOf = (family: Family) => family.members.get(family.primaryRegion)

/** The members that are not the primary, in the order of their Regions. */
export function replicasOf(family: Family): Key[] {
  return [...family.members.values()]
    .filter((key) => key.region !== family.primaryRegion)
    .sort((a, b) => (a.region < b.region ? -1 : 1))
}

export const currentMaterial = (family: Family) => family.materials.findLast(({ pending }) => !pending)

/** Automatic and on-demand rotation exist for symmetric encryption keys only. */
export const canRotate = (family: Family) => isSymmetric(family.keySpec)

export const swapsAt = ({ startedAt, endsAt }: Promotion) => startedAt + ((endsAt - startedAt) * 2) / 3

/**
 * The role a key reports. For the middle third of a promotion both the old and the new
 * primary say REPLICA, as KMS may show it while they are Updating.
 */
export function roleSeen(key: Key, now: number): 'PRIMARY' | 'REPLICA' {
  const { promotion } = key.family
  if (promotion) {
    const third = (promotion.endsAt - promotion.startedAt) / 3
    if (now >= promotion.startedAt + third && now < swapsAt(promotion)) return 'REPLICA'
  }
  return isPrimary(key) ? 'PRIMARY' : 'REPLICA'
}
