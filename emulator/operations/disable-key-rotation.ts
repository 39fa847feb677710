// DisableKeyRotation: no more automatic rotations; versions already made stay usable.

import { admit, keyNamed } from '../key-lookup.ts'
import { keyId } from '../members.ts'
import { operation } from '../operation.ts'
import { requireAutomaticRotation } from '../rotation-rules.ts'

export const disableKeyRotation = operation({ KeyId: keyId }, (request, context) => {
  const key = admit(context, 'DisableKeyRotation', keyNamed(context, request.KeyId))
  requireAutomaticRotation(key)
  key.family.rotation.enabled = false
  delete key.family.rotation.nextAt
  context.store.save(key.family)
  return undefined
})
