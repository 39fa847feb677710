// UpdateAlias: points an existing alias to another key of the same kind.

import { operation } from '../calls/operation.ts'
import {
  requireCustomerAliasName,
  requireNoTooManyAliases,
  requireSameKind,
  targetKeyNamed,
} from '../keys/alias-rules.ts'
import type { Key } from '../keys/family.ts'
import { admit, aliasNamed } from '../keys/key-lookup.ts'
import { aliasName, keyId } from '../wire/members.ts'

const input = { AliasName: aliasName, TargetKeyId: keyId } as const

export const updateAlias = operation(input, (request, context) => {
  const { store, account, region, now } = context
  requireCustomerAliasName(request.AliasName)
  const alias = aliasNamed(context, request.AliasName)
  const target = admit(context, 'UpdateAlias', targetKeyNamed(context, request.TargetKeyId))
  const before = alias.targetKeyId === undefined ? undefined : store.key(account, region, alias.targetKeyId)
  if (before) requireSameKind(before, target)
  if (!isTheSame(before, target)) requireNoTooManyAliases(store, target)
  store.retargetAlias(alias, target.family.keyId, now)
  return undefined
})

/** Unconfirmed: that an alias may be pointed to the key it has already; here that succeeds and is an update like any. */
const isTheSame = (before: Key | undefined, target: Key) => before === target
