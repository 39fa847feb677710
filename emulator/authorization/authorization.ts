// The step before an operation while authorization is on: whether key policies, identity policies and grants allow it.

import type { Context } from '../calls/operation.ts'
import { readEnvelope } from '../crypto/symmetric.ts'
import type { Caller } from '../doors/callers.ts'
import { grantNamed, grantOfToken } from '../grants/grant-rules.ts'
import {
  GRANT_OPERATIONS,
  type Grant,
  type GrantConstraints,
  type GrantOperation,
  grantAllowing,
  mayDelegate,
  mayRetire,
} from '../grants/grants.ts'
import { aliasArn, type Key, keyArn, type Tag } from '../keys/family.ts'
import { aliasNamed, keyNamed, keyOfCiphertext, keyOrAliasNamed } from '../keys/key-lookup.ts'
import { rootUserOf } from '../wire/credentials.ts'
import { accessDenied, ciphertextOfKeyNotAllowed, KmsError, notAuthorized } from '../wire/errors.ts'
import type { JsonObject } from '../wire/validation.ts'
import {
  type ConditionKeys,
  encryptionContextOf,
  type KeyTraits,
  keysOfCaller,
  keysOfKey,
  keysOfMoment,
  keysOfRequest,
  traitsOf,
} from './condition-keys.ts'
import { defaultKeyPolicy } from './key-policy.ts'
import { PERMISSIONS, type Permission } from './permissions.ts'
import { type Denial, denialOf, type Question } from './policy-evaluator.ts'

/** One thing to be allowed, with what the policies may ask about it. */
type Need = {
  action: string
  region: string
  account: string
  arn?: string
  keyPolicy?: string
  key?: Key
  /** The one to be retired. */
  grant?: Grant
  traits?: KeyTraits
  /** What the refusal says after "on resource: ", where it says it. */
  shownAs?: string
  requestAlias?: string
  /** The key is that of a ciphertext and was not named, so that the refusal tells nothing of it. */
  unnamed?: true
}

/** The context of a caller whose every request has to be allowed. */
export function withAuthorization(context: Context, caller: Caller): Context {
  const authorized: Context = {
    ...context,
    authorize: (request) => requirePermissions(authorized, caller, request),
    mayPutKeyPolicy: (policy, request) => mayPutKeyPolicy(authorized, caller, policy, request),
  }
  return authorized
}

/** Throws AccessDeniedException for the first need that is not allowed. */
function requirePermissions(context: Context, caller: Caller, request: JsonObject): void {
  const needs = needsOf(context, request)
  const [from, to] = needs
  const sameKey: ConditionKeys =
    from?.action === 'ReEncryptFrom' ? { 'kms:ReEncryptOnSameKey': String(from.key === to?.key) } : {}
  for (const need of needs) {
    const denial = denialDespiteGrants(context, caller, need, request, sameKey)
    if (denial) throw refusal(caller, need, denial)
  }
}

function denialDespiteGrants(
  context: Context,
  caller: Caller,
  need: Need,
  request: JsonObject,
  more: ConditionKeys,
): Denial | undefined {
  const denial = denialOf(questionOf(context, caller, need, request, more))
  if (denial?.explicit) return denial
  if (need.grant) return denialOfRetirement(context, caller, need.grant, denial)
  return denial && grantAllows(context, need, request) ? undefined : denial
}

/** Who may retire a grant is for the grant to say; its accounts may leave it to their policies. */
function denialOfRetirement(
  { partition }: Context,
  { arn, account }: Caller,
  grant: Grant,
  denial: Denial | undefined,
): Denial | undefined {
  if (mayRetire(grant, arn)) return undefined
  if (!denial && mayRetire(grant, rootUserOf(partition, account))) return undefined
  return denial ?? { by: 'resource-based', explicit: false }
}

/**
 * A grant makes up for policies that do not allow, not for those that deny. Unconfirmed: that it is enough for a
 * caller of another account as well, who would otherwise need an identity policy too.
 */
function grantAllows({ store, caller }: Context, { action, key }: Need, request: JsonObject): boolean {
  const operation = GRANT_OPERATIONS.find((each) => each === action)
  if (!key || !operation) return false
  const grants = store.grantsOf(key)
  if (operation === 'CreateGrant') return grants.some((grant) => mayDelegate(grant, caller, grantAskedFor(request)))
  const encryptionContext = encryptionContextOf(action, request)
  return grantAllowing(grants, { principal: caller, operation, encryptionContext }) !== undefined
}

/** The request has been checked by now. */
function grantAskedFor({ Operations, Constraints }: JsonObject): Pick<Grant, 'operations' | 'constraints'> {
  const operations = Operations as GrantOperation[]
  return Constraints === undefined ? { operations } : { operations, constraints: Constraints as GrantConstraints }
}

function questionOf(
  { now }: Context,
  caller: Caller,
  { action, region, account, arn, keyPolicy, traits, requestAlias, grant }: Need,
  request: JsonObject,
  more: ConditionKeys = {},
): Question {
  const conditionKeys: ConditionKeys = {
    ...keysOfCaller(caller),
    ...keysOfMoment(now, region),
    ...keysOfRequest(action, grant ? { Constraints: grant.constraints } : request),
    ...(traits ? keysOfKey(action, traits) : {}),
    ...(arn === undefined ? {} : { 'aws:ResourceAccount': account }),
    ...(requestAlias === undefined ? {} : { 'kms:RequestAlias': requestAlias }),
    ...more,
  }
  return { caller, action: `kms:${action}`, account, arn, keyPolicy, conditionKeys }
}

/**
 * The new key policy is asked about the next change of itself, by the same caller.
 * Source: KMS API Reference, PutKeyPolicy, BypassPolicyLockoutSafetyCheck.
 */
function mayPutKeyPolicy(context: Context, caller: Caller, keyPolicy: string, request: JsonObject): boolean {
  const need =
    context.operation === 'PutKeyPolicy'
      ? needOnKey(context, 'PutKeyPolicy', keyNamed(context, textIn(request, 'KeyId') ?? ''))
      : needOnMadeKey(context, request)
  return denialOf(questionOf(context, caller, { ...need, keyPolicy }, {})) === undefined
}

/** What the request needs, or nothing when it names what is not there: then the operation itself has the answer. */
function needsOf(context: Context, request: JsonObject): Need[] {
  try {
    return (PERMISSIONS[context.operation] ?? [])
      .filter(({ onlyWith }) => onlyWith === undefined || request[onlyWith] !== undefined)
      .flatMap((permission) => needOf(context, request, permission) ?? [])
  } catch (error) {
    if (error instanceof KmsError && error.name !== 'AccessDeniedException') return []
    throw error
  }
}

function needOf(context: Context, request: JsonObject, { action, on }: Permission): Need | undefined {
  const region = 'in' in on && on.in !== undefined ? textIn(request, on.in) : context.region
  if (region === undefined) return undefined
  switch (on.kind) {
    case 'account':
      return needOnAccount(context, request, action, region)
    case 'new key':
      return needOnNewKey(context, request, action, region)
    case 'alias':
      return needOnAlias(context, request, action)
    case 'key of the alias': {
      const name = textIn(request, 'AliasName')
      const keyId = name === undefined ? undefined : aliasNamed(context, name).targetKeyId
      return keyId === undefined ? undefined : needOnKey(context, action, keyNamed(context, keyId))
    }
    case 'related key': {
      const key = keyNamed(context, textIn(request, 'KeyId') ?? '').family.members.get(region)
      return key && needOnKey(context, action, key)
    }
    case 'key': {
      const identifier = textIn(request, on.named)
      return identifier === undefined ? undefined : needOnKey(context, action, keyNamed(context, identifier))
    }
    case 'key or alias':
      return needOnKeyOrAlias(context, request, action, on.named)
    case 'key of the ciphertext':
      return needOnKeyOrAlias(context, request, action, on.named) ?? needOnKeyOfCiphertext(context, request, action)
    case 'grant':
      return needOnGrant(context, request, action)
  }
}

function needOnAccount(context: Context, request: JsonObject, action: string, region: string): Need {
  const need = { action, region, account: context.account, shownAs: '*' }
  return action === 'CreateKey' ? { ...need, traits: traitsOfNewKey(context, request) } : need
}

function needOnKey(context: Context, action: string, key: Key): Need {
  return {
    action,
    region: key.region,
    account: key.family.account,
    arn: key.arn,
    shownAs: key.arn,
    key,
    keyPolicy: key.policy,
    traits: traitsIn(context, key),
  }
}

function traitsIn({ store, now }: Context, key: Key): KeyTraits {
  return traitsOf(
    key,
    store.aliasesOf(key).map(({ name }) => name),
    now,
  )
}

function needOnKeyOrAlias(context: Context, request: JsonObject, action: string, named: string): Need | undefined {
  const identifier = textIn(request, named)
  if (identifier === undefined) return undefined
  const [, alias] = /^(?:arn:[^/]*:)?(alias\/.*)$/.exec(identifier) ?? []
  const need = needOnKey(context, action, keyOrAliasNamed(context, identifier))
  return alias === undefined ? need : { ...need, requestAlias: alias }
}

function needOnKeyOfCiphertext(context: Context, { CiphertextBlob }: JsonObject, action: string): Need | undefined {
  const envelope = CiphertextBlob instanceof Buffer ? readEnvelope(CiphertextBlob) : undefined
  return envelope && { ...needOnKey(context, action, keyOfCiphertext(context, envelope.keyId)), unnamed: true }
}

/** Named by its token alone, or by its id and its key; the operation refuses anything else. */
function needOnGrant(context: Context, request: JsonObject, action: string): Need | undefined {
  const [token, keyId, grantId] = ['GrantToken', 'KeyId', 'GrantId'].map((name) => textIn(request, name))
  if (token === undefined && keyId !== undefined && grantId !== undefined) {
    const key = keyNamed(context, keyId)
    return { ...needOnKey(context, action, key), grant: grantNamed(context, key, grantId) }
  }
  if (token === undefined || keyId !== undefined || grantId !== undefined) return undefined
  const grant = grantOfToken(context, token)
  return { ...needOnKey(context, action, keyNamed(context, grant.keyArn)), grant }
}

/** A name that the operation will refuse is no matter of permissions. */
function needOnAlias({ partition, region, account }: Context, request: JsonObject, action: string): Need | undefined {
  const name = textIn(request, 'AliasName')
  if (name === undefined || !name.startsWith('alias/') || name.startsWith('alias/aws/')) return undefined
  const arn = aliasArn(partition, region, account, name)
  return { action, region, account, arn, shownAs: arn }
}

/** Tags of a key that is still to be made are a matter of identity policies: no key policy speaks for it yet. */
function needOnNewKey(context: Context, request: JsonObject, action: string, region: string): Need {
  const { partition, account } = context
  return {
    action,
    region,
    account,
    arn: keyArn(partition, region, account, NEW_KEY_ID),
    keyPolicy: defaultKeyPolicy(partition, account),
    traits: traitsOfNewKey(context, request),
  }
}

/** The key once it is there, with its tags. */
function needOnMadeKey(context: Context, request: JsonObject): Need {
  const need = needOnNewKey(context, request, 'PutKeyPolicy', textIn(request, 'ReplicaRegion') ?? context.region)
  const tags = Array.isArray(request.Tags) ? (request.Tags as Tag[]) : []
  return { ...need, traits: { ...traitsOfNewKey(context, request), tags } }
}

/** Stands in the ARN of a key that has no key ID yet; a policy can name it by `key/*` only. */
const NEW_KEY_ID = 'new'

/** Of the key that CreateKey or ReplicateKey asks for. */
function traitsOfNewKey(context: Context, request: JsonObject): KeyTraits {
  if (context.operation === 'ReplicateKey') {
    const { keySpec, keyUsage, origin } = keyNamed(context, textIn(request, 'KeyId') ?? '').family
    return { keySpec, keyUsage, origin, multiRegion: true, isPrimary: false, tags: [], aliases: [] }
  }
  return {
    keySpec: textIn(request, 'KeySpec') ?? textIn(request, 'CustomerMasterKeySpec') ?? 'SYMMETRIC_DEFAULT',
    keyUsage: textIn(request, 'KeyUsage') ?? 'ENCRYPT_DECRYPT',
    origin: textIn(request, 'Origin') ?? 'AWS_KMS',
    multiRegion: request.MultiRegion === true,
    isPrimary: true,
    tags: [],
    aliases: [],
  }
}

function textIn(request: JsonObject, name: string): string | undefined {
  const value = request[name]
  return typeof value === 'string' ? value : undefined
}

/**
 * The texts of users' reports. To a caller of another account KMS does not tell a key that is not there from a key
 * policy that denies.
 */
function refusal(caller: Caller, need: Need, { by, explicit }: Denial): KmsError {
  if (need.unnamed) return ciphertextOfKeyNotAllowed()
  const action = `kms:${need.action}`
  if (by === 'resource-based' && need.account !== caller.account) {
    return notAuthorized(caller.arn, need.action, need.arn ?? '*')
  }
  const on = need.shownAs === undefined ? '' : ` on resource: ${need.shownAs}`
  const article = by === 'identity-based' ? 'an' : 'a'
  const why = explicit
    ? `with an explicit deny in ${article} ${by} policy`
    : `because no ${by} policy allows the ${action} action`
  return accessDenied(`User: ${caller.arn} is not authorized to perform: ${action}${on} ${why}`)
}
