// TagResource: adds tags to one key, or replaces the values of those it has.

import { operation } from '../calls/operation.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { mergedTags, requireValidTags } from '../keys/tags.ts'
import { keyId, tags } from '../wire/members.ts'

const input = { KeyId: keyId, Tags: { ...tags, required: true } } as const

export const tagResource = operation(input, (request, context) => {
  const key = admit(context, 'TagResource', keyNamed(context, request.KeyId))
  requireValidTags(request.Tags)
  key.tags = mergedTags(key.tags, request.Tags)
  context.store.save(key.family)
  return undefined
})
