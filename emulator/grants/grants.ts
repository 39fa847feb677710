// Grants: what a grant allows to whom, who may retire it, and the tokens that stand for it.
// Source: KMS Developer Guide, "Grants in AWS KMS", and the API Reference, GrantConstraints.

import { createHash, randomBytes } from 'node:crypto'

/** Every operation that a grant can allow; ReEncrypt is two, one for each of its keys. */
export const GRANT_OPERATIONS = [
  'Decrypt',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'ReEncryptFrom',
  'ReEncryptTo',
  'Sign',
  'Verify',
  'GetPublicKey',
  'CreateGrant',
  'RetireGrant',
  'DescribeKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateMac',
  'VerifyMac',
  'DeriveSharedSecret',
  'Encapsulate',
  'Decapsulate',
] as const

export type GrantOperation = (typeof GRANT_OPERATIONS)[number]

export type GrantConstraints = {
  EncryptionContextEquals?: Record<string, string>
  EncryptionContextSubset?: Record<string, string>
  SourceArn?: string
}

/** A grant is for one key in one Region; related keys have grants of their own. */
export type Grant = {
  /** 64 hex digits. */
  id: string
  keyArn: string
  region: string
  /** Empty when none was given. */
  name: string
  granteePrincipal?: string
  granteeServicePrincipal?: string
  retiringPrincipal?: string
  retiringServicePrincipal?: string
  /** The ARN of the root of the account that made the grant. */
  issuingAccount: string
  operations: GrantOperation[]
  constraints?: GrantConstraints
  createdAt: number
}

/** What someone wants to do with a key. */
export type UseOfKey = {
  /** The ARN of who asks, or the name of a service. */
  principal: string
  operation: GrantOperation
  encryptionContext?: Record<string, string> | undefined
  /** The resource on whose behalf a service asks. */
  sourceArn?: string | undefined
}

/**
 * The first of the grants of a key that allows this use of it, if any. Grant tokens change nothing here: a token only
 * helps until its grant is known everywhere, and here every grant is from the start.
 */
export function grantAllowing(grants: Iterable<Grant>, use: UseOfKey): Grant | undefined {
  for (const grant of grants) if (allows(grant, use)) return grant
  return undefined
}

function allows(grant: Grant, { principal, operation, encryptionContext = {}, sourceArn }: UseOfKey): boolean {
  return (
    grant.operations.includes(operation) &&
    isGrantee(grant, principal) &&
    contextFits(grant.constraints, operation, encryptionContext) &&
    sourceFits(grant.constraints, operation, sourceArn)
  )
}

const isGrantee = ({ granteePrincipal, granteeServicePrincipal }: Grant, principal: string) =>
  granteeServicePrincipal === principal || (granteePrincipal !== undefined && standsFor(granteePrincipal, principal))

/**
 * Who may retire a grant is for the grant to say: its retiring principal, its grantee when it allows RetireGrant, and
 * the accounts that issued it and that own the key.
 */
export function mayRetire(grant: Grant, principal: string): boolean {
  const { retiringPrincipal, retiringServicePrincipal, operations } = grant
  return (
    retiringServicePrincipal === principal ||
    (retiringPrincipal !== undefined && standsFor(retiringPrincipal, principal)) ||
    (operations.includes('RetireGrant') && isGrantee(grant, principal)) ||
    principal === grant.issuingAccount ||
    (isAccount(principal) && accountIn(principal) === accountIn(grant.keyArn))
  )
}

/**
 * Whether a grant lets `principal` make another one: that may allow only what this one allows, and must be as strict.
 * Does not hold for principals who may create grants by a policy.
 */
export function mayDelegate(
  parent: Grant,
  principal: string,
  child: Pick<Grant, 'operations' | 'constraints'>,
  sourceArn?: string,
): boolean {
  return (
    allows(parent, { principal, operation: 'CreateGrant', sourceArn }) &&
    child.operations.every((operation) => parent.operations.includes(operation)) &&
    isAsStrict(child.constraints ?? {}, parent.constraints ?? {})
  )
}

function isAsStrict(child: GrantConstraints, parent: GrantConstraints): boolean {
  if (parent.SourceArn !== undefined && child.SourceArn !== parent.SourceArn) return false
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset } = parent
  if (equals) return child.EncryptionContextEquals !== undefined && samePairs(child.EncryptionContextEquals, equals)
  if (subset) return includesPairs(child.EncryptionContextEquals ?? child.EncryptionContextSubset ?? {}, subset)
  return true
}

/** The operations of a grant whose requests have no encryption context to hold against a constraint. */
const WITHOUT_CONTEXT: readonly GrantOperation[] = ['DescribeKey', 'RetireGrant', 'CreateGrant']

function contextFits(
  { EncryptionContextEquals: equals, EncryptionContextSubset: subset }: GrantConstraints = {},
  operation: GrantOperation,
  context: Record<string, string>,
): boolean {
  if (WITHOUT_CONTEXT.includes(operation)) return true
  return (!equals || samePairs(context, equals)) && (!subset || includesPairs(context, subset))
}

/**
 * Unconfirmed: the guide says that this constraint is evaluated only when a service asks, the API Reference that it
 * allows nothing else. Here it allows nothing to who does not ask on behalf of that resource, but retiring the grant.
 */
function sourceFits({ SourceArn }: GrantConstraints = {}, operation: GrantOperation, sourceArn: string | undefined) {
  return SourceArn === undefined || operation === 'RetireGrant' || SourceArn === sourceArn
}

const samePairs = (context: Record<string, string>, pairs: Record<string, string>) =>
  Object.keys(context).length === Object.keys(pairs).length && includesPairs(context, pairs)

/**
 * Unconfirmed: the API Reference compares the keys of a constraint without regard to case, the guide with it; values
 * are case-sensitive in both. Here as in the API Reference.
 */
function includesPairs(context: Record<string, string>, pairs: Record<string, string>): boolean {
  const present = new Set(Object.entries(context).map(pairText))
  return Object.entries(pairs).every((pair) => present.has(pairText(pair)))
}

const pairText = ([key, value]: [string, string]) => JSON.stringify([key.toLowerCase(), value])

/** Whether someone named in a grant is who asks: the same, a session of that role, or anyone of that account. */
function standsFor(named: string, principal: string): boolean {
  if (named === principal) return true
  if (isAccount(named)) return accountIn(named) === accountIn(principal)
  const [, account, role] = /^arn:[^:]+:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(principal) ?? []
  return role !== undefined && accountIn(named) === account && named.endsWith(`/${role}`) && named.includes(':role/')
}

const isAccount = (principal: string) => /^(\d{12}|arn:[^:]+:iam::\d{12}:root)$/.test(principal)

const accountIn = (arn: string) => (arn.startsWith('arn:') ? arn.split(':')[4] : arn)

/** How a real token begins: with the id of its grant. */
const TOKEN_START = Buffer.from([0x01, 0x0a, 0x40])
const ID_END = TOKEN_START.length + 64
const NONCE_BYTES = 16

/** A new token for a grant; all tokens of a grant are as good as each other, so none has to be kept. */
export function newGrantToken(grantId: string): string {
  const body = Buffer.concat([TOKEN_START, Buffer.from(grantId, 'latin1'), randomBytes(NONCE_BYTES)])
  return Buffer.concat([body, digestOf(body)]).toString('base64url')
}

/** The grant that a token was made for, or nothing when it is no token. */
export function grantIdOfToken(token: string): string | undefined {
  const bytes = Buffer.from(token, 'base64url')
  const body = bytes.subarray(0, ID_END + NONCE_BYTES)
  const isToken = bytes.subarray(0, TOKEN_START.length).equals(TOKEN_START)
  const isWhole = bytes.subarray(body.length).equals(digestOf(body)) && bytes.toString('base64url') === token
  if (!isToken || !isWhole) return undefined
  return body.subarray(TOKEN_START.length, ID_END).toString('latin1')
}

const digestOf = (body: Buffer) => createHash('sha256').update('grant token').update(body).digest()
