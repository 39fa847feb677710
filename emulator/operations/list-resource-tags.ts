// ListResourceTags: the tags of one key, in the order of their keys.

import { admit, keyNamed } from '../key-lookup.ts'
import { keyId, limit, marker } from '../members.ts'
import { operation } from '../operation.ts'
import { pageOf } from '../pages.ts'

const input = { KeyId: keyId, Limit: limit(50), Marker: marker } as const

export const listResourceTags = operation(input, (request, context) => {
  const key = admit(context, 'ListResourceTags', keyNamed(context, request.KeyId))
  const { items, ...page } = pageOf('ListResourceTags', key.tags, ({ TagKey }) => TagKey, request, 50)
  return { Tags: items, ...page }
})
