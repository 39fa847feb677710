// Loads the families of another place from the JSON of the dashboard's GET /api/topology: metadata only, fresh material.

import { defaultKeyPolicy } from '../authorization/key-policy.ts'
import { DAY_MS, type KeyMaterial, type KeyState, type Origin } from '../keys/family.ts'
import { newMaterial, seededImport } from '../keys/key-material.ts'
import { algorithmsFor, isKeySpec, isSymmetric, type KeySpec, type KeyUsage } from '../keys/key-specs.ts'
import { looksLikeRegion, partitionOf } from '../keys/partitions.ts'
import type { Store } from '../state/store.ts'
import { isJsonObject, type JsonObject } from '../wire/validation.ts'

type MemberOfTopology = {
  region: string
  state: KeyState
  description: string
  aliases: string[]
  /** Of a key pending deletion, where the topology tells it. */
  deletionAt?: number
}

type FamilyOfTopology = {
  keyId: string
  keySpec: KeySpec
  keyUsage: KeyUsage
  origin: Origin
  primaryRegion: string
  members: MemberOfTopology[]
  rotation: { enabled: boolean; periodInDays: number; nextAt?: number }
}

export type Topology = { account: string; families: FamilyOfTopology[] }

/** The states that a loaded key can keep; a passing one is taken as over. */
const LASTING_STATES: Record<string, KeyState> = {
  Enabled: 'Enabled',
  Disabled: 'Disabled',
  PendingDeletion: 'PendingDeletion',
  PendingReplicaDeletion: 'PendingReplicaDeletion',
  PendingImport: 'PendingImport',
  Creating: 'Enabled',
  Updating: 'Enabled',
}

const WAITING_PERIOD_DAYS = 30

/** Reads the JSON, or says what is wrong with it. */
export function familiesOfTopology(body: JsonObject, defaultAccount: string): Topology | { problem: string } {
  const account = body.account ?? defaultAccount
  if (typeof account !== 'string' || !/^\d{12}$/.test(account)) return { problem: 'account must be 12 digits.' }
  if (!Array.isArray(body.families)) return { problem: 'families must be a list.' }
  const families: FamilyOfTopology[] = []
  const seen = new Set<string>()
  for (const [index, each] of (body.families as unknown[]).entries()) {
    const family = isJsonObject(each) ? readFamily(each) : 'it must be an object'
    if (typeof family === 'string') return { problem: `families[${index}]: ${family}.` }
    if (seen.has(family.keyId)) return { problem: `families[${index}]: ${family.keyId} is there twice.` }
    seen.add(family.keyId)
    families.push(family)
  }
  return { account, families }
}

function readFamily(each: JsonObject): FamilyOfTopology | string {
  const { keyId, keySpec, keyUsage, origin } = each
  if (typeof keyId !== 'string' || !/^mrk-[0-9a-f]{32}$/.test(keyId)) return 'keyId must be mrk- and 32 hex digits'
  if (typeof keySpec !== 'string' || !isKeySpec(keySpec)) return 'keySpec is not one that this emulator has'
  if (typeof keyUsage !== 'string' || algorithmsFor(keySpec, keyUsage as KeyUsage).length === 0) {
    return 'keyUsage does not fit keySpec'
  }
  if (origin !== 'AWS_KMS' && origin !== 'EXTERNAL') return 'origin must be AWS_KMS or EXTERNAL'
  if (!Array.isArray(each.members) || each.members.length === 0) return 'members must be a list with someone in it'
  const members: MemberOfTopology[] = []
  let primaryRegion = each.primaryRegion
  let rotation: FamilyOfTopology['rotation'] = { enabled: false, periodInDays: 365 }
  for (const member of each.members as unknown[]) {
    if (!isJsonObject(member)) return 'a member must be an object'
    const read = readMember(member, origin)
    if (typeof read === 'string') return read
    if (members.some(({ region }) => region === read.region)) return `${read.region} is there twice`
    if (members[0] && partitionOf(members[0].region) !== partitionOf(read.region))
      return 'its Regions are of two partitions'
    members.push(read)
    if (typeof primaryRegion !== 'string' && member.role === 'PRIMARY') primaryRegion = read.region
    if (isJsonObject(member.rotation) && !rotation.enabled) rotation = readRotation(member.rotation)
  }
  const primary = members.find(({ region }) => region === primaryRegion) ?? members[0]
  return {
    keyId,
    keySpec,
    keyUsage: keyUsage as KeyUsage,
    origin,
    primaryRegion: primary?.region ?? '',
    members,
    rotation,
  }
}

function readMember(member: JsonObject, origin: Origin): MemberOfTopology | string {
  const { region, state, description, aliases, deletionDate } = member
  if (typeof region !== 'string' || !looksLikeRegion(region))
    return 'the region of a member must be the name of a Region'
  const names = Array.isArray(aliases) ? (aliases as unknown[]) : []
  const wrong = names.find((name) => typeof name !== 'string' || !/^alias\/[a-zA-Z0-9/_-]{1,250}$/.test(name))
  if (wrong !== undefined) return 'an alias must begin with alias/'
  const lasting = typeof state === 'string' && Object.hasOwn(LASTING_STATES, state) ? LASTING_STATES[state] : undefined
  const deletionAt = typeof deletionDate === 'string' ? Date.parse(deletionDate) : Number.NaN
  return {
    region,
    ...(Number.isNaN(deletionAt) ? {} : { deletionAt }),
    state: !lasting || (lasting === 'PendingImport' && origin !== 'EXTERNAL') ? 'Enabled' : lasting,
    description: typeof description === 'string' ? description.slice(0, 8192) : '',
    aliases: names as string[],
  }
}

function readRotation({ enabled, periodInDays, nextRotationDate }: JsonObject): FamilyOfTopology['rotation'] {
  const nextAt = typeof nextRotationDate === 'string' ? Date.parse(nextRotationDate) : Number.NaN
  return {
    enabled: enabled === true,
    periodInDays:
      typeof periodInDays === 'number' && periodInDays >= 90 && periodInDays <= 2560 ? Math.trunc(periodInDays) : 365,
    ...(Number.isNaN(nextAt) ? {} : { nextAt }),
  }
}

/** Replaces all keys by these. */
export function loadTopology({ account, families }: Topology, store: Store, now: number): void {
  store.clear()
  for (const family of families) addFamily(family, account, store, now)
}

function addFamily(family: FamilyOfTopology, account: string, store: Store, now: number): void {
  const partition = partitionOf(family.primaryRegion)
  const [primary, ...replicas] = [...family.members].sort(
    (a, b) => Number(b.region === family.primaryRegion) - Number(a.region === family.primaryRegion),
  )
  if (!primary) return
  const rotates = family.rotation.enabled && isSymmetric(family.keySpec) && family.origin === 'AWS_KMS'
  const { periodInDays } = family.rotation
  const nextAt = Math.max(family.rotation.nextAt ?? 0, now + DAY_MS)
  const materials = materialsOf(family)
  const member = ({ region, state, description, deletionAt }: MemberOfTopology) => {
    const keyState = stateOf(state, replicas.length > 0 && region === primary.region)
    return {
      region,
      createdAt: now,
      keyState,
      description,
      policy: defaultKeyPolicy(partition, account),
      tags: [],
      ...(keyState === 'PendingDeletion' ? { deletionAt: deletionAt ?? now + WAITING_PERIOD_DAYS * DAY_MS } : {}),
      ...(keyState.endsWith('Deletion') ? { pendingWindowInDays: WAITING_PERIOD_DAYS } : {}),
      ...(family.origin === 'EXTERNAL' && state !== 'PendingImport'
        ? { imported: materials.map(({ id }) => ({ id })) }
        : {}),
    }
  }
  const key = store.addFamily(
    {
      account,
      partition,
      keyId: family.keyId,
      keyManager: 'CUSTOMER',
      keySpec: family.keySpec,
      keyUsage: family.keyUsage,
      origin: family.origin,
      multiRegion: true,
      materials,
      rotation: { enabled: rotates, periodInDays, onDemandCount: 0, ...(rotates ? { nextAt } : {}) },
    },
    member(primary),
  )
  for (const replica of replicas) store.addMember(key.family, member(replica))
  for (const { region, aliases } of family.members) {
    for (const name of aliases) {
      const taken = store.alias(account, region, name)
      if (!taken)
        store.addAlias(partition, { account, region, name, targetKeyId: family.keyId, createdAt: now, updatedAt: now })
    }
  }
}

/** Imported material is there as soon as one member is not PendingImport, and then in all that are not. */
function materialsOf({ keyId, keySpec, origin, members }: FamilyOfTopology): KeyMaterial[] {
  if (origin === 'AWS_KMS') return [newMaterial(keySpec)]
  return members.some(({ state }) => state !== 'PendingImport') ? [seededImport(keySpec, keyId, 0)] : []
}

/** Only a primary key with replica keys can be waiting for them. */
function stateOf(state: KeyState, primaryWithReplicas: boolean): KeyState {
  if (state === 'PendingReplicaDeletion' && !primaryWithReplicas) return 'Disabled'
  if (state === 'PendingDeletion' && primaryWithReplicas) return 'PendingReplicaDeletion'
  return state
}
