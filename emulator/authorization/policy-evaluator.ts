// The one place that knows the library which evaluates IAM policies. It is big, under another licence (AGPL-3.0-or-later)
// and optional: it is loaded when somebody first switches authorization on, and never otherwise.

import type { Simulation } from '@cloud-copilot/iam-simulate'
import type { Caller } from '../doors/callers.ts'
import { isJsonObject, type JsonObject } from '../wire/validation.ts'
import type { ConditionKeys } from './condition-keys.ts'

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
  const { caller, action, arn } = question
  const keyPolicy = question.keyPolicy === undefined ? undefined : readyKeyPolicy(question.keyPolicy)
  const answers = keyPolicy?.isConditional ? undefined : answersFor(caller.policies)
  const name = `${caller.arn} ${action} ${arn} ${keyPolicy?.number}`
  const known = answers?.get(name)
  if (known) return known.denial
  const denial = newDenialOf(question, keyPolicy)
  if (answers && answers.size >= MAX_ANSWERS) answers.clear()
  answers?.set(name, { denial })
  return denial
}

function newDenialOf(question: Question, keyPolicy: ReadyPolicy | undefined): Denial | undefined {
  const result = simulated(question, question.caller.policies, keyPolicy)
  if (result === 'Allowed') return undefined
  // Asked once more for a caller who may everything, it is the key policy that denies.
  const withoutLimits = simulated(question, ALL_ALLOWED, keyPolicy)
  const explicit = result === 'ExplicitlyDenied'
  const byKeyPolicy = withoutLimits === 'ExplicitlyDenied' || (!explicit && withoutLimits !== 'Allowed')
  return { by: byKeyPolicy && keyPolicy ? 'resource-based' : 'identity-based', explicit }
}

const ALL_ALLOWED: readonly JsonObject[] = [{ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }]

/** The library throws at patterns it cannot read, which KMS would not have taken: such a policy allows nothing. */
function simulated(question: Question, policies: readonly JsonObject[], keyPolicy: ReadyPolicy | undefined) {
  if (!simulate) throw new Error(`${POLICY_LIBRARY.name} is not loaded`)
  try {
    return simulate(simulationOf(question, policies, keyPolicy), {})
  } catch {
    return 'ImplicitlyDenied'
  }
}

function simulationOf(
  { caller, action, account, arn, conditionKeys }: Question,
  policies: readonly JsonObject[],
  keyPolicy: ReadyPolicy | undefined,
): Simulation {
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
    ...(keyPolicy ? { resourcePolicy: keyPolicy.validated } : {}),
  }
}

/** Not even `*` as the library would take it: of all the forms of Resource only "*" may match an action without one. */
const NO_RESOURCE = ''

/** A key policy as the library takes it. Conditional is one whose answer may change with the condition keys. */
type ReadyPolicy = { number: number; isConditional: boolean; validated: unknown }

const MAX_READY_POLICIES = 5_000
const readyPolicies = new Map<string, ReadyPolicy>()
let lastNumber = 0

/** The same text is read once: the members of a thousand families have a handful of policies between them. */
function readyKeyPolicy(text: string): ReadyPolicy {
  const known = readyPolicies.get(text)
  if (known) return known
  if (readyPolicies.size >= MAX_READY_POLICIES) readyPolicies.clear()
  const policyDocument = { ...(JSON.parse(text) as JsonObject) }
  policyDocument.Statement = [policyDocument.Statement].flat().filter(hasEffect)
  // The form in which the library takes a policy that was checked before; a bare document it cannot name, and fails.
  const validated = { __validated: true, policyDocument, metadata: { name: 'key policy' }, errors: [] }
  lastNumber += 1
  const ready = { number: lastNumber, isConditional: isConditional(policyDocument), validated }
  readyPolicies.set(text, ready)
  return ready
}

/** KMS takes a statement without Action or Resource, which then has no effect. */
function hasEffect(statement: unknown): boolean {
  if (!isJsonObject(statement)) return false
  const { Action, NotAction, Resource, NotResource } = statement
  return (Action ?? NotAction) !== undefined && (Resource ?? NotResource) !== undefined
}

/** Whether a policy has conditions, or variables that are filled from condition keys. */
function isConditional(policies: unknown): boolean {
  const text = JSON.stringify(policies)
  return text.includes('"Condition":') || text.includes('${')
}

type Answers = Map<string, { denial: Denial | undefined }>

const MAX_ANSWERS = 50_000
const answersByPolicies = new WeakMap<readonly JsonObject[], Answers | 'conditional'>()

/** The answers given before to whoever has these identity policies, unless those are conditional. */
function answersFor(policies: readonly JsonObject[]): Answers | undefined {
  const known = answersByPolicies.get(policies) ?? (isConditional(policies) ? 'conditional' : new Map())
  answersByPolicies.set(policies, known)
  return known === 'conditional' ? undefined : known
}
