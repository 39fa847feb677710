// DeleteAlias: takes a name away; the key stays as it is.

import { requireCustomerAliasName } from '../alias-rules.ts'
import { admit, aliasNamed } from '../key-lookup.ts'
import { aliasName } from '../members.ts'
import { operation } from '../operation.ts'

export const deleteAlias = operation({ AliasName: aliasName }, (request, context) => {
  requireCustomerAliasName(request.AliasName)
  const alias = aliasNamed(context, request.AliasName)
  const target = alias.targetKeyId && context.store.key(context.account, context.region, alias.targetKeyId)
  if (target) admit(context, 'DeleteAlias', target)
  context.store.removeAlias(alias)
  return undefined
})
