// ListAliases: the aliases of the account in this Region, or those of one key.

import { type Context, operation } from '../calls/operation.ts'
import type { Alias } from '../keys/family.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { limit, marker, optionalKeyId } from '../wire/members.ts'
import { pageOf } from '../wire/pages.ts'

const input = { KeyId: optionalKeyId, Limit: limit(100), Marker: marker } as const

export const listAliases = operation(input, (request, context) => {
  const names = request.KeyId === undefined ? allNames(context) : namesOf(context, request.KeyId)
  const { items, ...page } = pageOf('ListAliases', names, (name) => name, request, 50)
  const { store, account, region } = context
  return { Aliases: items.flatMap((name) => store.alias(account, region, name) ?? []).map(entry), ...page }
})

const allNames = ({ store, account, region }: Context) => store.aliasNames(account, region)

function namesOf(context: Context, keyId: string): string[] {
  const key = admit(context, 'ListAliases', keyNamed(context, keyId))
  return context.store.aliasesOf(key).map(({ name }) => name)
}

const entry = ({ name, arn, targetKeyId, createdAt, updatedAt }: Alias) => ({
  AliasName: name,
  AliasArn: arn,
  TargetKeyId: targetKeyId,
  CreationDate: targetKeyId === undefined ? undefined : new Date(createdAt),
  LastUpdatedDate: targetKeyId === undefined ? undefined : new Date(updatedAt),
})
