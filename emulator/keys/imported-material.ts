// Imported key material: a family knows its versions by their ids, each member has copies of its own that may expire.
// Source: KMS Developer Guide, "Importing key material for AWS KMS keys" and "Importing key material into multi-Region keys".

import { createHash } from 'node:crypto'
import { currentMaterial, type Family, type ImportedMaterial, type Key, type KeyMaterial } from './family.ts'

/**
 * The id of imported material, 64 hex digits. It depends on the key id and the bytes alone, so that the same bytes
 * have the same id in every related key and another one in any other key.
 */
export const importedMaterialId = (keyId: string, bytes: Buffer) =>
  createHash('sha256').update(`${keyId} imported key material `).update(bytes).digest('hex')

/** The copy that this member has of a version, if it is imported here. */
export const importedCopy = ({ imported }: Key, id: string) => imported?.find((copy) => copy.id === id)

export const pendingMaterial = (family: Family) => family.materials.find(({ pending }) => pending)

/** A single-Region key, or the primary key: where new material can be imported. */
export const takesNewMaterial = ({ family, region }: Key) => family.primaryRegion === region

/** Whether every version that is permanently associated with the key, one at least, is imported into this member. */
export function hasAllMaterial(key: Key): boolean {
  const permanent = key.family.materials.filter(({ pending }) => !pending)
  return permanent.length > 0 && permanent.every(({ id }) => importedCopy(key, id))
}

export function materialState(family: Family, material: KeyMaterial) {
  if (!material.pending) return material === currentMaterial(family) ? 'CURRENT' : 'NON_CURRENT'
  const everywhere = [...family.members.values()].every((key) => importedCopy(key, material.id))
  return everywhere ? 'PENDING_ROTATION' : 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION'
}

/** What DescribeKey and ListKeyRotations say about copies of imported material: nothing where there is none. */
export function expirationOf(copies: readonly ImportedMaterial[]) {
  const expiries = copies.flatMap(({ validTo }) => validTo ?? [])
  if (expiries.length > 0) return { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: new Date(Math.min(...expiries)) }
  return copies.length > 0 ? { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' } : {}
}

/** The copies here of what is permanently associated with the key. */
export function permanentCopies(key: Key): ImportedMaterial[] {
  return key.family.materials.filter(({ pending }) => !pending).flatMap(({ id }) => importedCopy(key, id) ?? [])
}

/** Takes a copy in, in place of an earlier one of the same version. */
export function holdMaterial(key: Key, copy: ImportedMaterial): void {
  key.imported = [...(key.imported ?? []).filter(({ id }) => id !== copy.id), copy]
  followMaterial(key)
}

/**
 * Deletes a copy, when asked to or because it expired. A pending version that goes from the primary key, or from a
 * single-Region key, is gone from all related keys; any other copy goes from this member alone.
 */
export function loseMaterial(key: Key, id: string): void {
  const { family } = key
  const pending = pendingMaterial(family)
  const forgotten = pending?.id === id && takesNewMaterial(key)
  if (forgotten) family.materials = family.materials.filter((material) => material !== pending)
  for (const member of forgotten ? family.members.values() : [key]) {
    if (member.imported) member.imported = member.imported.filter((copy) => copy.id !== id)
    followMaterial(member)
  }
}

/** Makes the pending version current at the end of a rotation on demand, unless it was deleted meanwhile. */
export function makeCurrent(family: Family, id: string, at: number): void {
  const material = family.materials.find((each) => each.id === id)
  if (!material) return
  delete material.pending
  material.rotation = { at, type: 'ON_DEMAND' }
  for (const key of family.members.values()) followMaterial(key)
}

/**
 * Puts a key without all of its material into PendingImport, and makes it Enabled once all is back. Unconfirmed: that a
 * Disabled key stays so when material that it has is imported again.
 */
function followMaterial(key: Key): void {
  const complete = hasAllMaterial(key)
  if (key.keyState === 'PendingImport' && complete) key.keyState = 'Enabled'
  if ((key.keyState === 'Enabled' || key.keyState === 'Disabled') && !complete) key.keyState = 'PendingImport'
  if (key.keyState === 'Updating' && key.settles) key.settles.to = complete ? 'Enabled' : 'PendingImport'
}
