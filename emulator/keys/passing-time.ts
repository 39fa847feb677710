// What the passing of time does to a family. Nothing waits on a timer: whatever is due is caught up with at the next
// look, so that a clock in a test, or a restart after a week, gives the same result.

import { randomBytes } from 'node:crypto'
import { canRotate, DAY_MS, type Family, type Key, primaryOf, swapsAt } from './family.ts'
import { loseMaterial, makeCurrent } from './imported-material.ts'

type Due = { at: number; happen: () => void }

/** When something happens to this family next, or Infinity. */
export function nextDue(family: Family): number {
  return Math.min(Infinity, ...dueOf(family, noRemoval).map(({ at }) => at))
}

/** Lets everything happen that is due by `now`, in order; tells whether anything did. */
export function passTime(family: Family, now: number, removeMember: (key: Key) => void): boolean {
  let changed = false
  for (;;) {
    const due = dueOf(family, removeMember)
      .filter(({ at }) => at <= now)
      .sort((a, b) => a.at - b.at)[0]
    if (!due) return changed
    due.happen()
    changed = true
  }
}

const noRemoval = () => {}

function dueOf(family: Family, removeMember: (key: Key) => void): Due[] {
  const members = [...family.members.values()].flatMap((key) => dueOfMember(key, removeMember))
  return [...members, ...dueOfPromotion(family), ...dueOfRotation(family)]
}

function dueOfMember(key: Key, removeMember: (key: Key) => void): Due[] {
  const due: Due[] = []
  const { settles, deletionAt } = key
  if (settles) {
    due.push({
      at: settles.at,
      happen: () => {
        key.keyState = settles.to
        delete key.settles
      },
    })
  }
  if (key.keyState === 'PendingDeletion' && deletionAt !== undefined) {
    due.push({
      at: deletionAt,
      happen: () => {
        removeMember(key)
        startWaitingPeriodOfLonePrimary(key.family, deletionAt)
      },
    })
  }
  for (const { id, validTo } of key.imported ?? []) {
    if (validTo !== undefined) due.push({ at: validTo, happen: () => loseMaterial(key, id) })
  }
  return due
}

/** The waiting period of a primary key begins when its last replica key is really gone. */
function startWaitingPeriodOfLonePrimary(family: Family, now: number): void {
  const primary = primaryOf(family)
  if (primary?.keyState !== 'PendingReplicaDeletion' || family.members.size > 1) return
  primary.keyState = 'PendingDeletion'
  primary.deletionAt = now + (primary.pendingWindowInDays ?? 30) * DAY_MS
}

function dueOfPromotion(family: Family): Due[] {
  const { promotion } = family
  if (!promotion) return []
  if (family.primaryRegion !== promotion.to) {
    return [{ at: swapsAt(promotion), happen: () => setPrimaryRegion(family, promotion.to) }]
  }
  return [{ at: promotion.endsAt, happen: () => delete family.promotion }]
}

/** Unconfirmed: that automatic rotation keeps its next date when another key becomes the primary key. */
function setPrimaryRegion(family: Family, region: string): void {
  family.primaryRegion = region
}

function dueOfRotation(family: Family): Due[] {
  const { rotation } = family
  const due: Due[] = []
  if (rotation.onDemand) {
    const { startedAt, endsAt, materialId } = rotation.onDemand
    due.push({
      at: endsAt,
      happen: () => {
        delete rotation.onDemand
        if (materialId === undefined) addMaterial(family, 'ON_DEMAND', startedAt)
        else makeCurrent(family, materialId, startedAt)
      },
    })
  }
  const primary = primaryOf(family)
  const rotates = primary?.keyState === 'Enabled' || primary?.keyState === 'Updating'
  if (rotation.enabled && rotation.nextAt !== undefined && rotates && canRotate(family)) {
    const at = rotation.nextAt
    due.push({
      at,
      happen: () => {
        rotation.nextAt = at + rotation.periodInDays * DAY_MS
        addMaterial(family, 'AUTOMATIC', at)
      },
    })
  }
  return due
}

function addMaterial(family: Family, type: 'AUTOMATIC' | 'ON_DEMAND', at: number): void {
  family.materials.push({ id: randomBytes(32).toString('hex'), secret: randomBytes(32), rotation: { at, type } })
}
