// The rules of alias names and of what an alias may point to.

import type { Context } from '../calls/operation.ts'
import type { Store } from '../state/store.ts'
import { KmsError, limitExceeded, validationError } from '../wire/errors.ts'
import type { Key } from './family.ts'
import { keyNamed } from './key-lookup.ts'
import { materialOf } from './key-specs.ts'

const MAX_ALIASES_OF_A_KEY = 50

export function requireCustomerAliasName(name: string): void {
  if (!name.startsWith('alias/')) {
    throw validationError(
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    )
  }
  if (name.startsWith('alias/aws/')) throw reservedName()
}

/** Of CreateAlias alone: where an alias is named that has to be there, there is none of such a name. */
export function requireValidAliasName(name: string): void {
  requireCustomerAliasName(name)
  if (name === 'alias/' || name.includes(':')) throw invalidName(name)
}

/** Unconfirmed: the exception other emulators answer for the names of AWS managed keys. */
const reservedName = () => new KmsError('NotAuthorizedException', '')

/** Unconfirmed: the text. */
const invalidName = (name: string) =>
  new KmsError('InvalidAliasNameException', `Alias name '${name}' contains invalid characters.`)

export function targetKeyNamed(context: Context, identifier: string): Key {
  if (identifier.startsWith('alias/') || /^arn:[^:]*:kms:[^:]*:[^:]*:alias\//.test(identifier)) {
    throw aliasOfAlias()
  }
  return keyNamed(context, identifier)
}

/** Unconfirmed: the text, which is that of other emulators. */
const aliasOfAlias = () => validationError('Aliases must refer to keys. Not aliases')

/** Unconfirmed: the text. */
export function requireNoTooManyAliases(store: Store, target: Key): void {
  if (store.aliasesOf(target).length >= MAX_ALIASES_OF_A_KEY) {
    throw limitExceeded(`${target.arn} already has ${MAX_ALIASES_OF_A_KEY} aliases.`)
  }
}

/** Old and new key must be of one type (symmetric, asymmetric or HMAC) and one usage. */
export function requireSameKind(before: Key, after: Key): void {
  if (typeOf(before) !== typeOf(after) || before.family.keyUsage !== after.family.keyUsage)
    throw otherKind(before, after)
}

/** Unconfirmed: the exception and its text. */
const otherKind = (before: Key, after: Key) =>
  validationError(
    `Alias cannot be changed from ${before.arn} to ${after.arn}: key type and key usage must be the same.`,
  )

function typeOf({ family }: Key): 'symmetric' | 'hmac' | 'asymmetric' {
  const { kind } = materialOf(family.keySpec)
  return kind === 'symmetric' || kind === 'hmac' ? kind : 'asymmetric'
}
