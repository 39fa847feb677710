// TagResource: adds tags to one key, or replaces the values of those it has.

import { admit, keyNamed } from '../key-lookup.ts'
import { keyId, tags } from '../members.ts'
import { operation } from '../operation.ts'
import { mergedTags, requireValidTags } from '../tags.ts'

const input = { KeyId: keyId, Tags: { ...tags, required: true } } as const

export const tagResource = operation(input, (request, context) => {
  const key = admit(context, 'TagResource', keyNamed(context, request.KeyId))
  requireValidTags(request.Tags)
  key.tags = mergedTags(key.tags, request.Tags)
  context.store.save(key.family)
  return undefined
})
