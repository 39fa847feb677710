// EnableKey: makes a disabled key usable again. A rotation that fell due meanwhile happens at once.

import { isPrimary } from '../family.ts'
import { admit, keyNamed } from '../key-lookup.ts'
import { keyId } from '../members.ts'
import { operation } from '../operation.ts'

export const enableKey = operation({ KeyId: keyId }, (request, context) => {
  const key = admit(context, 'EnableKey', keyNamed(context, request.KeyId))
  const { rotation, multiRegion } = key.family
  key.keyState = 'Enabled'
  if ((isPrimary(key) || !multiRegion) && rotation.nextAt !== undefined) {
    rotation.nextAt = Math.max(rotation.nextAt, context.now)
  }
  context.store.save(key.family)
  return undefined
})
