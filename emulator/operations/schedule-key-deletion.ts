// ScheduleKeyDeletion: begins the waiting period of a key; a primary key with replica keys waits for those first.

import { operation } from '../calls/operation.ts'
import { DAY_MS, isPrimary } from '../keys/family.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { keyId } from '../wire/members.ts'

/** 7 to 30 as documented; the API model would allow 1 to 365. */
const input = { KeyId: keyId, PendingWindowInDays: { type: 'integer', min: 7, max: 30 } } as const

export const scheduleKeyDeletion = operation(input, (request, context) => {
  const key = admit(context, 'ScheduleKeyDeletion', keyNamed(context, request.KeyId))
  const days = request.PendingWindowInDays ?? 30
  const waitsForReplicas = isPrimary(key) && key.family.members.size > 1

  delete key.settles
  key.pendingWindowInDays = days
  key.keyState = waitsForReplicas ? 'PendingReplicaDeletion' : 'PendingDeletion'
  if (!waitsForReplicas) key.deletionAt = context.now + days * DAY_MS
  context.store.save(key.family)

  return {
    KeyId: key.arn,
    KeyState: key.keyState,
    PendingWindowInDays: days,
    DeletionDate: key.deletionAt === undefined ? undefined : new Date(key.deletionAt),
  }
})
