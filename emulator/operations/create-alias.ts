// CreateAlias: gives a customer managed key a name in this Region.

import { requireNoTooManyAliases, requireValidAliasName, targetKeyNamed } from '../alias-rules.ts'
import { KmsError } from '../errors.ts'
import { aliasArn } from '../family.ts'
import { admit } from '../key-lookup.ts'
import { aliasName, keyId } from '../members.ts'
import { operation } from '../operation.ts'

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
