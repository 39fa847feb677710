// DisableKey: keeps one key from being used; its related keys are not affected.

import { admit, keyNamed } from '../key-lookup.ts'
import { keyId } from '../members.ts'
import { operation } from '../operation.ts'

export const disableKey = operation({ KeyId: keyId }, (request, context) => {
  const key = admit(context, 'DisableKey', keyNamed(context, request.KeyId))
  key.keyState = 'Disabled'
  context.store.save(key.family)
  return undefined
})
