// Identity policies: what is attached to a user or role, as far as its form goes.

import { isJsonObject, type JsonObject } from '../wire/validation.ts'
import { isTextOrTexts, problemOfConditions } from './policy-form.ts'

/** Whether a value is a policy as it is attached to a user or role. */
export function isIdentityPolicy(value: unknown): value is JsonObject {
  if (!isJsonObject(value)) return false
  const statements: unknown[] = Array.isArray(value.Statement) ? value.Statement : [value.Statement]
  return statements.length > 0 && statements.every(isIdentityStatement)
}

function isIdentityStatement(statement: unknown): boolean {
  if (!isJsonObject(statement)) return false
  const { Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition } = statement
  return (
    (Effect === 'Allow' || Effect === 'Deny') &&
    Principal === undefined &&
    NotPrincipal === undefined &&
    isTextOrTexts(Action ?? NotAction) &&
    isTextOrTexts(Resource ?? NotResource) &&
    problemOfConditions(Condition) === undefined
  )
}
