// ListResourceTags: the tags of one key, in the order of their keys.

import { operation } from '../calls/operation.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { keyId, limit, marker } from '../wire/members.ts'
import { pageOf } from '../wire/pages.ts'

const input = { KeyId: keyId, Limit: limit(50), Marker: marker } as const

export const listResourceTags = operation(input, (request, context) => {
  const key = admit(context, 'ListResourceTags', keyNamed(context, request.KeyId))
  const { items, ...page } = pageOf('ListResourceTags', key.tags, ({ TagKey }) => TagKey, request, 50)
  return { Tags: items, ...page }
})
