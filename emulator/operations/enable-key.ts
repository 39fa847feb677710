// EnableKey: makes a disabled key usable again. A rotation that fell due meanwhile happens at once.

import { operation } from '../calls/operation.ts'
import { isPrimary } from '../keys/family.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { keyId } from '../wire/members.ts'

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
