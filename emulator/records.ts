// How families, aliases and grants are written to the state file and read from it.

import type { Alias, Family, Key, KeyMaterial } from './family.ts'
import type { Grant } from './grants.ts'

type KeyRecord = Omit<Key, 'family'>
type MaterialRecord = Omit<KeyMaterial, 'secret'> & { secret?: string }
type FamilyRecord = Omit<Family, 'members' | 'materials'> & { members: KeyRecord[]; materials: MaterialRecord[] }

export type StateRecord =
  | { family: FamilyRecord }
  | { familyGone: { account: string; keyId: string } }
  | { alias: Alias }
  | { aliasGone: { account: string; region: string; name: string } }
  | { grant: Grant }
  | { grantGone: { region: string; id: string } }
  /** All grants of a key that was deleted. */
  | { grantsGone: { keyArn: string } }

export function familyRecord(family: Family): StateRecord {
  const members = [...family.members.values()].map(({ family: _, ...key }) => key)
  const materials = family.materials.map(({ secret, ...material }) =>
    secret ? { ...material, secret: secret.toString('base64') } : material,
  )
  return { family: { ...family, members, materials } }
}

export function familyFrom(record: FamilyRecord): Family {
  const materials = record.materials.map(({ secret, ...material }) =>
    secret === undefined ? material : { ...material, secret: Buffer.from(secret, 'base64') },
  )
  const family: Family = { ...record, materials, members: new Map() }
  for (const key of record.members) family.members.set(key.region, { ...key, family })
  return family
}
