// The one place that knows the library which evaluates IAM policies. It is big, under another licence (AGPL-3.0-or-later)
// and optional: it is loaded when somebody first switches authorization on, and never otherwise.

import type { Simulation } from '@cloud-copilot/iam-simulate'
import type { Caller } from './callers.ts'
import type { ConditionKeys } from './condition-keys.ts'
import { isJsonObject, type JsonObject } from './validation.ts'

/** The name and the version that this was written for. */
export const POLICY_LIBRARY = { name: '@cloud-copilot/iam-simulate', version: '0.1.173' }

type Simulate = typeof import('@cloud-copilot/iam-simulate').runUnsafeSimulation

let simulate: Simulate | undefined

/** Loads the library; answers whether it is installed. */
export async function loadPolicyEvaluator(): Promise<boolean> {
  try {
    simulate ??= (await import('@cloud-copilot/iam-simulate')).runUnsafeSimulation
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return false
    throw error
  }
}

export type Question = {
  caller: Caller
  /** With the prefix "kms:". */
  action: string
  /** The account that owns the resource, and its ARN where there is one. */
  account: string
  arn: string | undefined
  /** The key policy as it was put, where the resource is a key. */
  keyPolicy: string | undefined
  conditionKeys: ConditionKeys
}

/** Who denies: the policies of the caller or the key policy; explicitly by a Deny, or by allowing nothing. */
export type Denial = { by: 'identity-based' | 'resource-based'; explicit: boolean }

/** Answers nothing when the policies allow it. */
export function denialOf(question: Question): Denial | undefined {
  const result = simulated(question, question.caller.policies)
  if (result === 'Allowed') return undefined
  // Asked once more for a caller who may everything, it is the key policy that denies.
  const withoutLimits = simulated(question, ALL_ALLOWED)
  const explicit = result === 'ExplicitlyDenied'
  const byKeyPolicy = withoutLimits === 'ExplicitlyDenied' || (!explicit && withoutLimits !== 'Allowed')
  return { by: byKeyPolicy && question.keyPolicy !== undefined ? 'resource-based' : 'identity-based', explicit }
}

const ALL_ALLOWED: readonly JsonObject[] = [{ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }]

/** The library throws at patterns it cannot read, which KMS would not have taken: such a policy allows nothing. */
function simulated(question: Question, policies: readonly JsonObject[]) {
  if (!simulate) throw new Error(`${POLICY_LIBRARY.name} is not loaded`)
  try {
    return simulate(simulationOf(question, policies), {})
  } catch {
    return 'ImplicitlyDenied'
  }
}

function simulationOf(question: Question, policies: readonly JsonObject[]): Simulation {
  const { caller, action, account, arn, keyPolicy, conditionKeys } = question
  return {
    request: {
      principal: caller.arn,
      action,
      resource: { resource: arn ?? NO_RESOURCE, accountId: account },
      contextVariables: conditionKeys,
    },
    identityPolicies: policies.map((policy, index) => ({ name: `${index}`, policy })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(keyPolicy === undefined ? {} : { resourcePolicy: readyKeyPolicy(keyPolicy) }),
  }
}

/** Not even `*` as the library would take it: of all the forms of Resource only "*" may match an action without one. */
const NO_RESOURCE = ''

const MAX_READY_POLICIES = 5_000
const readyPolicies = new Map<string, unknown>()

/** The same text is read once: the members of a thousand families have a handful of policies between them. */
function readyKeyPolicy(text: string): unknown {
  const ready = readyPolicies.get(text)
  if (ready !== undefined) return ready
  if (readyPolicies.size >= MAX_READY_POLICIES) readyPolicies.clear()
  const policyDocument = { ...(JSON.parse(text) as JsonObject) }
  policyDocument.Statement = [policyDocument.Statement].flat().filter(hasEffect)
  // The form in which the library takes a policy that was checked before; a bare document it cannot name, and fails.
  const validated = { __validated: true, policyDocument, metadata: { name: 'key policy' }, errors: [] }
  readyPolicies.set(text, validated)
  return validated
}

/** KMS takes a statement without Action or Resource, which then has no effect. */
function hasEffect(statement: unknown): boolean {
  if (!isJsonObject(statement)) return false
  const { Action, NotAction, Resource, NotResource } = statement
  return (Action ?? NotAction) !== undefined && (Resource ?? NotResource) !== undefined
}
