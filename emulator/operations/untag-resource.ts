// UntagResource: removes tags from one key; a tag it does not have is passed over in silence.

import { admit, keyNamed } from '../key-lookup.ts'
import { keyId, tagKeys } from '../members.ts'
import { operation } from '../operation.ts'
import { requireNotReserved } from '../tags.ts'

const input = { KeyId: keyId, TagKeys: tagKeys } as const

export const untagResource = operation(input, (request, context) => {
  const key = admit(context, 'UntagResource', keyNamed(context, request.KeyId))
  requireNotReserved(request.TagKeys)
  key.tags = key.tags.filter(({ TagKey }) => !request.TagKeys.includes(TagKey))
  context.store.save(key.family)
  return undefined
})
