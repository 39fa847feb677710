// DeleteAlias: takes a name away; the key stays as it is.

import { operation } from '../calls/operation.ts'
import { requireCustomerAliasName } from '../keys/alias-rules.ts'
import { admit, aliasNamed } from '../keys/key-lookup.ts'
import { aliasName } from '../wire/members.ts'

export const deleteAlias = operation({ AliasName: aliasName }, (request, context) => {
  requireCustomerAliasName(request.AliasName)
  const alias = aliasNamed(context, request.AliasName)
  const target = alias.targetKeyId && context.store.key(context.account, context.region, alias.targetKeyId)
  if (target) admit(context, 'DeleteAlias', target)
  context.store.removeAlias(alias)
  return undefined
})
