// UpdateKeyDescription: each related key has its own description.

import { operation } from '../calls/operation.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { keyId } from '../wire/members.ts'

const input = { KeyId: keyId, Description: { type: 'string', required: true, maxLength: 8192 } } as const

export const updateKeyDescription = operation(input, (request, context) => {
  const key = admit(context, 'UpdateKeyDescription', keyNamed(context, request.KeyId))
  key.description = request.Description
  context.store.save(key.family)
  return undefined
})
