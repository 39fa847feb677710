// How families, aliases and grants are written to the state file and read from it.

import type { Grant } from '../grants/grants.ts'
import type { Alias, Family, ImportedMaterial, Key, KeyMaterial } from '../keys/family.ts'

/** Bytes are written in base64. */
type Written<T> = { [K in keyof T]: T[K] extends Buffer | undefined ? string | undefined : T[K] }
type KeyRecord = Omit<Key, 'family' | 'imported'> & { imported?: Written<ImportedMaterial>[] }
type FamilyRecord = Omit<Family, 'members' | 'materials'> & { members: KeyRecord[]; materials: Written<KeyMaterial>[] }

export type StateRecord =
  | { family: FamilyRecord }
  | { familyGone: { account: string; keyId: string } }
  | { alias: Alias }
  | { aliasGone: { account: string; region: string; name: string } }
  | { grant: Grant }
  | { grantGone: { region: string; id: string } }
  /** All grants of a key that was deleted. */
  | { grantsGone: { keyArn: string } }

const base64 = (bytes: Buffer | undefined) => bytes?.toString('base64')
const bytesOf = (text: string | undefined) => (text === undefined ? undefined : Buffer.from(text, 'base64'))

export function familyRecord(family: Family): StateRecord {
  const members = [...family.members.values()].map(({ family: _, imported, ...key }) => ({
    ...key,
    ...(imported ? { imported: imported.map((copy) => ({ ...copy, secret: base64(copy.secret) })) } : {}),
  }))
  const materials = family.materials.map((material) => ({
    ...material,
    secret: base64(material.secret),
    publicKey: base64(material.publicKey),
  }))
  return { family: { ...family, members, materials } }
}

export function familyFrom(record: FamilyRecord): Family {
  const materials = record.materials.map((material) => ({
    ...material,
    secret: bytesOf(material.secret),
    publicKey: bytesOf(material.publicKey),
  }))
  const family: Family = { ...record, materials, members: new Map() }
  for (const { imported, ...key } of record.members) {
    const copies = imported?.map((copy) => ({ ...copy, secret: bytesOf(copy.secret) }))
    family.members.set(key.region, { ...key, family, ...(copies ? { imported: copies } : {}) })
  }
  return family
}
