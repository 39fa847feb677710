// Rotation in words: the setting of a family or member, and what its history says.

import type { Read, RotationEntry, RotationFacts } from './facts'
import { rotationOf } from './family'
import { canRotate } from './key-spec'
import type { Family, Rotation } from './topology'

/** Rotations on demand in the life of a key, not adjustable (KMS Developer Guide, "Resource quotas"). */
export const MAX_ON_DEMAND = 25

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** `12 Mar 2027`, by UTC; no locale data, so that the server and every browser say the same. */
export function dayInWords(iso: string): string {
  const day = new Date(iso)
  return `${day.getUTCDate()} ${months[day.getUTCMonth()]} ${day.getUTCFullYear()}`
}

/** The setting alone: `every 365 days`, `off`; null where it was not read. */
export function settingInWords(rotation: Rotation | null): string | null {
  if (!rotation) return null
  if (!rotation.enabled) return 'off'
  return rotation.periodInDays === undefined ? 'on' : `every ${rotation.periodInDays} days`
}

/** The family's rotation, for the head of its page. */
export function rotationInWords(family: Family): string {
  const { automatic, onDemand } = canRotate(family)
  if (!automatic) {
    if (onDemand) return 'imported key material, rotated on demand only'
    return family.keySpec === '' ? 'rotation not read yet' : 'KMS does not rotate this kind'
  }
  const rotation = rotationOf(family)
  const setting = settingInWords(rotation)
  if (!rotation || setting === null) return 'rotation not read yet'
  if (!rotation.enabled) {
    // A key that is pending deletion says so whatever was set (KMS API Reference, GetKeyRotationStatus).
    const isGoing = family.members.every(
      ({ state }) => state === 'PendingDeletion' || state === 'PendingReplicaDeletion',
    )
    return isGoing ? 'no rotation while it is pending deletion' : 'automatic rotation is off'
  }
  const next = rotation.nextRotationDate ? `, next ${dayInWords(rotation.nextRotationDate)}` : ''
  return `${setting === 'on' ? 'rotates automatically' : `rotates ${setting}`}${next}`
}

/** How many rotations on demand are left; null where the history could not be read. */
export const onDemandLeft = (read: Read<RotationFacts> | undefined): number | null =>
  read?.ok ? Math.max(0, MAX_ON_DEMAND - read.value.history.filter(({ type }) => type === 'ON_DEMAND').length) : null

/** What brought this key material about. */
export function originInWords({ type, date, state }: RotationEntry): string {
  if (type === 'AUTOMATIC') return 'Automatic rotation'
  if (type === 'ON_DEMAND') return 'Rotation on demand'
  if (state?.startsWith('PENDING')) return 'Imported, not used yet'
  return date === undefined ? 'First key material' : 'Rotation'
}

const stateWords: Readonly<Record<string, string>> = {
  CURRENT: 'encrypts and decrypts',
  NON_CURRENT: 'decrypts what it encrypted',
  PENDING_ROTATION: 'waits for a rotation on demand',
  PENDING_MULTI_REGION_IMPORT_AND_ROTATION: 'not imported into every member yet',
}

export const materialStateInWords = (state: string | undefined): string =>
  state === undefined ? 'not told' : Object.hasOwn(stateWords, state) ? (stateWords[state] ?? state) : state

export interface MaterialRow extends RotationEntry {
  /** Members whose history shows it. */
  seenIn: string[]
}

/**
 * The history of all members as one list, newest first: what one member shows and another does not is the material
 * that has not been copied everywhere yet.
 */
export function materialHistory(read: { region: string; rotations: Read<RotationFacts> | undefined }[]): MaterialRow[] {
  const rows = new Map<string, MaterialRow>()
  for (const { region, rotations } of read) {
    for (const entry of rotations?.ok ? rotations.value.history : []) {
      const key = entry.keyMaterialId ?? `${entry.date} ${entry.type}`
      const row = rows.get(key)
      if (row) row.seenIn.push(region)
      else rows.set(key, { ...entry, seenIn: [region] })
    }
  }
  const age = ({ date, state }: MaterialRow) =>
    state?.startsWith('PENDING') ? Number.POSITIVE_INFINITY : date ? Date.parse(date) : Number.NEGATIVE_INFINITY
  return [...rows.values()].sort((a, b) => (age(a) === age(b) ? 0 : age(b) > age(a) ? 1 : -1))
}
