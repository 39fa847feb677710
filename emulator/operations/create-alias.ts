// CreateAlias: gives a customer managed key a name in this Region.

import { operation } from '../calls/operation.ts'
import { requireNoTooManyAliases, requireValidAliasName, targetKeyNamed } from '../keys/alias-rules.ts'
import { aliasArn } from '../keys/family.ts'
import { admit } from '../keys/key-lookup.ts'
import { KmsError } from '../wire/errors.ts'
import { aliasName, keyId } from '../wire/members.ts'

const input = { AliasName: aliasName, TargetKeyId: keyId } as const

export const createAlias = operation(input, (request, context) => {
  const { store, account, partition, region, now } = context
  const name = request.AliasName
  requireValidAliasName(name)
  const target = admit(context, 'CreateAlias', targetKeyNamed(context, request.TargetKeyId))
  if (store.alias(account, region, name)) throw aliasExists(aliasArn(partition, region, account, name))
  requireNoTooManyAliases(store, target)
  store.addAlias(partition, { account, region, name, targetKeyId: target.family.keyId, createdAt: now, updatedAt: now })
  return undefined
})

const aliasExists = (arn: string) =>
  new KmsError('AlreadyExistsException', `An alias with the name ${arn} already exists`)
