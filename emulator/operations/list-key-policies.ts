// ListKeyPolicies: a key has one policy, and its name is "default".

import { operation } from '../calls/operation.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { keyId, limit, marker } from '../wire/members.ts'
import { pageOf } from '../wire/pages.ts'

const input = { KeyId: keyId, Limit: limit(1000), Marker: marker } as const

export const listKeyPolicies = operation(input, (request, context) => {
  admit(context, 'ListKeyPolicies', keyNamed(context, request.KeyId))
  const { items, ...page } = pageOf('ListKeyPolicies', ['default'], (name) => name, request, 100)
  return { PolicyNames: items, ...page }
})
