// When each key was last used: noted for every cryptographic operation that succeeds, told by GetKeyLastUsage.

import { randomUUID } from 'node:crypto'
import type { Context } from '../calls/operation.ts'
import type { Key } from './family.ts'

/**
 * To be called when the operation has succeeded. ReEncrypt is one event that counts for both of its keys; CloudTrail
 * gives an event of its own only to the owner of a key in another account.
 *
 * Source: KMS API Reference, GetKeyLastUsage; KMS Developer Guide, "Determine past usage of a KMS key".
 */
export function noteUse({ store, operation, requestId, now, usedKeys }: Context): void {
  if (usedKeys.size === 0) return
  const usage = { operation, at: now, requestId, cloudTrailEventId: randomUUID() }
  for (const key of usedKeys) store.noteUse(key, usage)
}

/**
 * Unconfirmed: the day on which KMS began to keep track. A published example tells of a key made on 2026-03-11 that was
 * tracked from its creation on, so it was no later than that.
 */
const TRACKING_BEGAN_AT = Date.parse('2026-03-11T00:00:00Z')

/** The day KMS began to keep track of keys, or that on which the key was made, whichever is later. Epoch milliseconds. */
export const trackedSince = ({ createdAt }: Key) => Math.max(TRACKING_BEGAN_AT, createdAt)
