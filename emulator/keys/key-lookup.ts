// From the identifier in a request to the key in this Region, or to the refusal KMS gives.

import { reachesOtherAccounts } from '../authorization/permissions.ts'
import type { Context } from '../calls/operation.ts'
import {
  aliasNotFound,
  arnOfAnotherRegion,
  ciphertextOfKeyNotAllowed,
  invalidArn,
  invalidKeyId,
  keyNotFound,
  notAuthorized,
} from '../wire/errors.ts'
import { type Alias, aliasArn, type Key, keyArn } from './family.ts'
import { type OperationOnKey, requireUsable } from './key-states.ts'

const KEY_ID = /^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** For the operations that take a key ID or a key ARN only. */
export function keyNamed(context: Context, identifier: string): Key {
  const { account, resource } = resourceNamed(context, identifier)
  const keyId = resource.startsWith('key/') ? resource.slice('key/'.length) : resource
  if (!KEY_ID.test(keyId)) throw invalidKeyId(identifier)
  const key = context.store.key(account, context.region, keyId)
  if (key) return key
  if (account !== context.account) throw notAuthorized(context.caller, context.operation, identifier)
  throw keyNotFound(keyArn(context.partition, context.region, account, keyId))
}

/** For DescribeKey and the cryptographic operations, which take alias names and alias ARNs too. */
export function keyOrAliasNamed(context: Context, identifier: string): Key {
  const { account, resource } = resourceNamed(context, identifier)
  if (!resource.startsWith('alias/')) return keyNamed(context, identifier)
  if (account !== context.account) return keyOfForeignAlias(context, account, resource)
  const alias = aliasNamed(context, resource)
  const key = alias.targetKeyId && context.store.key(account, context.region, alias.targetKeyId)
  if (!key) throw aliasNotFound(alias.arn)
  return key
}

function keyOfForeignAlias(
  { store, partition, region, caller, operation }: Context,
  account: string,
  name: string,
): Key {
  const keyId = store.alias(account, region, name)?.targetKeyId
  const key = keyId === undefined ? undefined : store.key(account, region, keyId)
  if (!key) throw notAuthorized(caller, operation, aliasArn(partition, region, account, name))
  return key
}

/** A symmetric ciphertext names its key by the key ID alone. */
export function keyOfCiphertext({ store, account, region, authorize }: Context, keyId: string): Key {
  const key = store.key(account, region, keyId) ?? (authorize ? store.keyOfAnyAccount(region, keyId) : undefined)
  if (!key) throw ciphertextOfKeyNotAllowed()
  return key
}

export function aliasNamed({ store, partition, account, region }: Context, name: string): Alias {
  const alias = store.alias(account, region, name)
  if (!alias) throw aliasNotFound(aliasArn(partition, region, account, name))
  return alias
}

/** The one door to a key: whether the caller may, then whether the state of the key allows it. */
export function admit(context: Context, operation: OperationOnKey, key: Key): Key {
  requireAllowed(context, operation, key)
  requireUsable(operation, key)
  return key
}

const READS_OF_AWS_MANAGED_KEYS: readonly OperationOnKey[] = [
  'DescribeKey',
  'GetKeyPolicy',
  'ListKeyPolicies',
  'ListAliases',
  'ListResourceTags',
  'GetKeyRotationStatus',
  'ListKeyRotations',
  'GetKeyLastUsage',
  'ListGrants',
]

/** A key that a service manages can be looked at, never changed or used by the account itself. */
function requireAllowed(context: Context, operation: OperationOnKey, { family, arn }: Key): void {
  if (family.keyManager === 'AWS' && !READS_OF_AWS_MANAGED_KEYS.includes(operation)) {
    throw notAuthorized(context.caller, operation, arn)
  }
}

/** Takes an ARN apart; any other identifier comes back as it is. */
function resourceNamed(context: Context, identifier: string): { account: string; resource: string } {
  if (!identifier.startsWith('arn:')) return { account: context.account, resource: identifier }
  const [, partition, service, region, account, ...rest] = identifier.split(':')
  const resource = rest.join(':')
  if (service !== 'kms' || !region || !account || !/^(key|alias)\/./.test(resource)) throw invalidArn(identifier)
  if (region !== context.region) throw arnOfAnotherRegion(region)
  if (partition !== context.partition) throw invalidArn(identifier)
  // Where no policies are evaluated, nobody can be let in from another account.
  if (account !== context.account && !(context.authorize && reachesOtherAccounts(context.operation))) {
    throw notAuthorized(context.caller, context.operation, identifier)
  }
  return { account, resource }
}
