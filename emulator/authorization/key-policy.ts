// Key policies: the default one, and what a new one must look like before KMS takes it.

import type { Context } from '../calls/operation.ts'
import { KmsError, limitExceeded } from '../wire/errors.ts'
import { isJsonObject, type JsonObject } from '../wire/validation.ts'
import { isTextOrTexts, problemOfConditions } from './policy-form.ts'

const MAX_POLICY_LENGTH = 32_768

export function defaultKeyPolicy(partition: string, account: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  })
}

/** Unconfirmed: the text, which is that of other emulators. The only name a key policy can have is `default`. */
export function requireDefaultPolicyName(name: string | undefined): void {
  if (name !== undefined && name !== 'default') throw new KmsError('NotFoundException', 'No such policy exists')
}

type PolicyRequest = JsonObject & { BypassPolicyLockoutSafetyCheck: boolean | undefined }

/**
 * Length, form, and unless bypassed the lockout check: with authorization on, whether the caller may change the policy
 * again; with authorization off, whether someone of the account may.
 */
export function requireAcceptablePolicy(policy: string, request: PolicyRequest, context: Context): void {
  if (policy.length > MAX_POLICY_LENGTH) throw policyTooLong()
  const statements = statementsOf(policy)
  if (request.BypassPolicyLockoutSafetyCheck) return
  const mayPutAgain =
    context.mayPutKeyPolicy?.(policy, request) ?? mayPutKeyPolicy(statements, context.account, context.caller)
  if (!mayPutAgain) {
    throw malformed('The new key policy will not allow you to update the key policy in the future.')
  }
}

/** Unconfirmed: what KMS answers between the documented 32,768 and the model's 131,072 characters. */
function policyTooLong(): KmsError {
  return limitExceeded(`The key policy is longer than ${MAX_POLICY_LENGTH} characters.`)
}

/** Unconfirmed: the texts but for that of the lockout check. */
function malformed(message: string): KmsError {
  return new KmsError('MalformedPolicyDocumentException', message)
}

function statementsOf(policy: string): JsonObject[] {
  let document: unknown
  try {
    document = JSON.parse(policy)
  } catch {
    throw malformed('Policy is not valid JSON')
  }
  if (!isJsonObject(document)) throw malformed('Policy must be a JSON object')
  const { Version, Statement } = document
  if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17') {
    throw malformed('Policy has an unknown Version')
  }
  const statements: unknown[] = Array.isArray(Statement) ? Statement : [Statement]
  if (statements.length === 0) throw malformed('Policy has no Statement')
  return statements.map(requireStatement)
}

function requireStatement(statement: unknown): JsonObject {
  if (!isJsonObject(statement)) throw malformed('A statement must be a JSON object')
  const { Effect, Principal, NotPrincipal } = statement
  if (Effect !== 'Allow' && Effect !== 'Deny') throw malformed('A statement must have the Effect Allow or Deny')
  const principal = Principal ?? NotPrincipal
  if (principal !== '*' && !isPrincipalMap(principal)) throw malformed('A statement must have a principal')
  for (const member of ['Action', 'NotAction', 'Resource', 'NotResource']) {
    const value = statement[member]
    if (value !== undefined && !isTextOrTexts(value)) throw malformed(`${member} must be a string or a list of strings`)
  }
  const problem = problemOfConditions(statement.Condition)
  if (problem !== undefined) throw malformed(problem)
  return statement
}

const PRINCIPAL_KINDS = ['AWS', 'Service', 'Federated', 'CanonicalUser']

function isPrincipalMap(value: unknown): value is Record<string, string | string[]> {
  if (!isJsonObject(value)) return false
  const entries = Object.entries(value)
  return entries.length > 0 && entries.every(([kind, who]) => PRINCIPAL_KINDS.includes(kind) && isTextOrTexts(who))
}

/** Conditions are taken as fulfilled for Allow and as not fulfilled for Deny: the check only stops certain lockouts. */
function mayPutKeyPolicy(statements: JsonObject[], account: string, caller: string): boolean {
  const concerns = (statement: JsonObject) =>
    namesAction(statement, 'kms:PutKeyPolicy') && namesCaller(statement, account, caller)
  if (statements.some((each) => each.Effect === 'Deny' && each.Condition === undefined && concerns(each))) return false
  return statements.some((each) => each.Effect === 'Allow' && concerns(each))
}

function namesAction({ Action, NotAction, Resource, NotResource }: JsonObject, action: string): boolean {
  if (Resource === undefined && NotResource === undefined) return false
  if (Action !== undefined) return textsOf(Action).some((pattern) => matches(pattern, action))
  return NotAction !== undefined && !textsOf(NotAction).some((pattern) => matches(pattern, action))
}

function namesCaller({ Principal, NotPrincipal }: JsonObject, account: string, caller: string): boolean {
  const isCaller = (who: string) =>
    who === '*' || who === account || who === caller || who.endsWith(`::${account}:root`)
  if (Principal !== undefined) return awsPrincipals(Principal).some(isCaller)
  return !awsPrincipals(NotPrincipal).some(isCaller)
}

const awsPrincipals = (principal: unknown) =>
  principal === '*' ? ['*'] : isPrincipalMap(principal) ? textsOf(principal.AWS) : []

const textsOf = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : isTextOrTexts(value) ? [...value] : []

function matches(pattern: string, action: string): boolean {
  const expression = pattern
    .toLowerCase()
    .split(/\*+/)
    .map((part) => part.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\?/g, '.'))
    .join('.*')
  return new RegExp(`^${expression}$`).test(action.toLowerCase())
}
