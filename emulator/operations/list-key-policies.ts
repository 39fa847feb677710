// ListKeyPolicies: a key has one policy, and its name is "default".

import { admit, keyNamed } from '../key-lookup.ts'
import { keyId, limit, marker } from '../members.ts'
import { operation } from '../operation.ts'
import { pageOf } from '../pages.ts'

const input = { KeyId: keyId, Limit: limit(1000), Marker: marker } as const

export const listKeyPolicies = operation(input, (request, context) => {
  admit(context, 'ListKeyPolicies', keyNamed(context, request.KeyId))
  const { items, ...page } = pageOf('ListKeyPolicies', ['default'], (name) => name, request, 100)
  return { PolicyNames: items, ...page }
})
