// DisableKeyRotation: no more automatic rotations; versions already made stay usable.

import { operation } from '../calls/operation.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { requireAutomaticRotation } from '../keys/rotation-rules.ts'
import { keyId } from '../wire/members.ts'

export const disableKeyRotation = operation({ KeyId: keyId }, (request, context) => {
  const key = admit(context, 'DisableKeyRotation', keyNamed(context, request.KeyId))
  requireAutomaticRotation(key)
  key.family.rotation.enabled = false
  delete key.family.rotation.nextAt
  context.store.save(key.family)
  return undefined
})
