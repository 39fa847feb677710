// From the identifier in a request to the key in this Region, or to the refusal KMS gives.

import { accessDenied, aliasNotFound, arnOfAnotherRegion, invalidArn, invalidKeyId, keyNotFound } from './errors.ts'
import { type Alias, aliasArn, type Key, keyArn } from './family.ts'
import { type OperationOnKey, requireUsable } from './key-states.ts'
import type { Context } from './operation.ts'

const KEY_ID = /^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** For the operations that take a key ID or a key ARN only. */
export function keyNamed(context: Context, identifier: string): Key {
  const resource = resourceNamed(context, identifier)
  const keyId = resource.startsWith('key/') ? resource.slice('key/'.length) : resource
  if (!KEY_ID.test(keyId)) throw invalidKeyId(identifier)
  const key = context.store.key(context.account, context.region, keyId)
  if (!key) throw keyNotFound(keyArn(context.partition, context.region, context.account, keyId))
  return key
}

/** For DescribeKey and the cryptographic operations, which take alias names and alias ARNs too. */
export function keyOrAliasNamed(context: Context, identifier: string): Key {
  const resource = resourceNamed(context, identifier)
  if (!resource.startsWith('alias/')) return keyNamed(context, identifier)
  const alias = aliasNamed(context, resource)
  const key = alias.targetKeyId && context.store.key(context.account, context.region, alias.targetKeyId)
  if (!key) throw aliasNotFound(alias.arn)
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
    throw notAuthorized(context, operation, arn)
  }
}

function notAuthorized({ caller }: Context, operation: string, resource: string) {
  return accessDenied(
    `User: ${caller} is not authorized to perform: kms:${operation} on resource: ${resource} because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access`,
  )
}

/** Takes an ARN apart; any other identifier comes back as it is. */
function resourceNamed(context: Context, identifier: string): string {
  if (!identifier.startsWith('arn:')) return identifier
  const [, partition, service, region, account, ...rest] = identifier.split(':')
  const resource = rest.join(':')
  if (service !== 'kms' || !region || !account || !/^(key|alias)\/./.test(resource)) throw invalidArn(identifier)
  if (region !== context.region) throw arnOfAnotherRegion(region)
  if (partition !== context.partition) throw invalidArn(identifier)
  if (account !== context.account) throw notAuthorized(context, context.operation, identifier)
  return resource
}
