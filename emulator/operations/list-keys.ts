// ListKeys: every key of the account in this Region, in any state, AWS managed ones included.

import { operation } from '../calls/operation.ts'
import { keyArn } from '../keys/family.ts'
import { limit, marker } from '../wire/members.ts'
import { pageOf } from '../wire/pages.ts'

const input = { Limit: limit(1000), Marker: marker } as const

export const listKeys = operation(input, (request, { store, account, partition, region }) => {
  const { items, ...page } = pageOf('ListKeys', store.keyIds(account, region), (keyId) => keyId, request, 100)
  return { Keys: items.map((KeyId) => ({ KeyId, KeyArn: keyArn(partition, region, account, KeyId) })), ...page }
})
