// CancelKeyDeletion: takes a key back out of its waiting period. It is then Disabled, never Enabled.

import type { Key, KeyState } from '../family.ts'
import { hasAllMaterial } from '../imported-material.ts'
import { admit, keyNamed } from '../key-lookup.ts'
import { keyId } from '../members.ts'
import { operation } from '../operation.ts'

export const cancelKeyDeletion = operation({ KeyId: keyId }, (request, context) => {
  const key = admit(context, 'CancelKeyDeletion', keyNamed(context, request.KeyId))
  key.keyState = stateAfterCancelling(key)
  delete key.deletionAt
  delete key.pendingWindowInDays
  context.store.save(key.family)
  return { KeyId: key.arn }
})

/** Unconfirmed for a key that lacks imported material: taken as back to waiting for its import. */
function stateAfterCancelling(key: Key): KeyState {
  return key.family.origin === 'EXTERNAL' && !hasAllMaterial(key) ? 'PendingImport' : 'Disabled'
}
