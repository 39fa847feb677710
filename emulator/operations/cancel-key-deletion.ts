// CancelKeyDeletion: takes a key back out of its waiting period. It is then Disabled, never Enabled.

import { operation } from '../calls/operation.ts'
import type { Key, KeyState } from '../keys/family.ts'
import { hasAllMaterial } from '../keys/imported-material.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { keyId } from '../wire/members.ts'

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
