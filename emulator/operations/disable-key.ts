// DisableKey: keeps one key from being used; its related keys are not affected.

import { operation } from '../calls/operation.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { keyId } from '../wire/members.ts'

export const disableKey = operation({ KeyId: keyId }, (request, context) => {
  const key = admit(context, 'DisableKey', keyNamed(context, request.KeyId))
  key.keyState = 'Disabled'
  context.store.save(key.family)
  return undefined
})
