// UntagResource: removes tags from one key; a tag it does not have is passed over in silence.

import { operation } from '../calls/operation.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { requireNotReserved } from '../keys/tags.ts'
import { keyId, tagKeys } from '../wire/members.ts'

const input = { KeyId: keyId, TagKeys: tagKeys } as const

export const untagResource = operation(input, (request, context) => {
  const key = admit(context, 'UntagResource', keyNamed(context, request.KeyId))
  requireNotReserved(request.TagKeys)
  key.tags = key.tags.filter(({ TagKey }) => !request.TagKeys.includes(TagKey))
  context.store.save(key.family)
  return undefined
})
