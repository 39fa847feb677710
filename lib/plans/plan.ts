// A plan is data: what would be done, in which order, what speaks against it and how to go back.

import type { KeyState, RequestData } from '@/lib/topology/topology'

/** A value that is born in an earlier step: `{ step: 1, field: 'keyId' }` is the key id made by step 1 (counted from 1). */
export interface Ref {
  step: number
  field: 'keyId'
}
/** A key id, or a reference to the step that makes it. */
export type KeyRef = string | Ref

/**
 * The state of the world that a step brings about. `isDone` (done.ts) compares it with what is live,
 * so that a run can be resumed at any point without a change being made twice.
 */
export type Outcome =
  /** A multi-Region primary key tagged `atlas:step` = the run's mark for this step exists in the Region. */
  | { is: 'key-created'; region: string }
  /** The member exists and its state is one of these; `Creating` and `Updating` are in progress. */
  | { is: 'member-state'; keyId: KeyRef; region: string; states: KeyState[] }
  /** A member exists in the Region, in whatever state. */
  | { is: 'member-exists'; keyId: KeyRef; region: string }
  /** Both Regions agree that `to` is primary and `from` a replica, and both are Enabled. `from` and `to` are Regions. */
  | { is: 'primary'; keyId: KeyRef; from: string; to: string }
  /** The alias points to this key in the Region; `keyId: null` means that the alias is gone. */
  | { is: 'alias'; region: string; name: string; keyId: KeyRef | null }
  | { is: 'rotation'; keyId: KeyRef; region: string; enabled: boolean; periodInDays?: number }
  /** The current key material in the Region is another one than `materialBefore`. */
  | { is: 'rotated'; keyId: KeyRef; region: string; materialBefore: string | null }
  /** The proof was made and recorded; live metadata cannot tell. */
  | { is: 'proven' }

/** The KMS operations that plans may call; names as in the KMS API. */
export type CallOperation =
  | 'CreateKey'
  | 'ReplicateKey'
  | 'CreateAlias'
  | 'UpdateAlias'
  | 'DeleteAlias'
  | 'EnableKeyRotation'
  | 'DisableKeyRotation'
  | 'RotateKeyOnDemand'
  | 'UpdatePrimaryRegion'

/** Input of a call in the KMS API's own spelling; a `Ref` is filled in when the earlier step has run. */
export type CallInput = Record<string, string | number | boolean | Ref | { TagKey: string; TagValue: string }[]>

interface StepBase {
  title: string
  /** The Region whose endpoint is called, or the first one that is waited for. */
  region: string
  done: Outcome
  /** The `aws` CLI text of this step, ready to paste; ids born earlier are shell variables. */
  cli: string
}

export interface CallStep extends StepBase {
  does: 'call'
  operation: CallOperation
  input: CallInput
}

export interface WaitStep extends StepBase {
  does: 'wait'
  /** Minutes after which the run says "still waiting"; it is not a failure. */
  deadlineMinutes: number
}

/**
 * Proves interoperability by key usage: encrypt here and decrypt there, sign and verify, equal MACs.
 * Without `baseline` the step makes the proof in `region` and tries it in every Region of `inRegions`;
 * with `baseline` it tries the ciphertext, signature or MAC that step made before the change as well.
 */
export interface ProveStep extends StepBase {
  does: 'prove'
  keyId: KeyRef
  keyUsage: string
  keySpec: string
  inRegions: string[]
  baseline?: number
}

export type Step = CallStep | WaitStep | ProveStep

/** `unproven`: nothing speaks against it, but what was read cannot prove it. That is no pass, and it stops nothing. */
export type Verdict = 'pass' | 'unproven' | 'warn' | 'block'

/** The request of a plan, and the words on its button. */
export interface Offer {
  label: string
  request: RequestData
}

/** A preflight finding. A block says whether KMS itself would refuse, or a house rule does. */
export interface Check {
  id: string
  verdict: Verdict
  blockedBy?: 'kms' | 'house rule'
  message: string
  /** Key ids of the families that it is about, in a plan over several; absent where it is about the plan as a whole. */
  families?: string[]
  /** Another plan that mends it. */
  remedy?: Offer
  /** The plans that mend it, one a family, by key id; families without one have to be mended elsewhere. */
  remedies?: Record<string, Offer>
  /** This same request, changed so that the check passes: the person chooses one. */
  choices?: Offer[]
}

/** One family's share of a plan: its steps stand together, in order. A plan that can start has at least one part. */
export interface PlanPart {
  /** Null for a key that is yet to be made. */
  keyId: string | null
  /** `alias/orders: us-east-1 → eu-west-1` */
  title: string
  /** Counted from 1. The first wave of a plan over many families is one canary family, and a barrier. */
  wave: number
  /** Numbers of its first and last step, counted from 1 over the whole plan; of a part without steps, 1 and 0. */
  firstStep: number
  lastStep: number
}

/** What a planner returns; the registry adds fingerprint and CLI texts, and the one part of a plan that names none. */
export interface PlanDraft {
  title: string
  /** Key ids of the families that it changes; empty for a key that is yet to be made. */
  families: string[]
  checks: Check[]
  parts?: PlanPart[]
  /** More failed parts than this stop the next wave; 0 where there is one part. */
  maxFailures?: number
  steps: (Omit<CallStep, 'cli'> | Omit<WaitStep, 'cli'> | Omit<ProveStep, 'cli'>)[]
  /** Sentences: what changes, and what stays as it is. */
  changes: string[]
  stays: string[]
  undo: Offer | { sentence: string }
  /** What must be typed to start it (an alias or key id), or null when nothing must. */
  confirmation: string | null
  /** Seconds: the floor that the request quotas set, and what it usually takes. */
  minimumSeconds: number
  typicalSeconds: number
}

export interface Plan extends Omit<PlanDraft, 'steps'> {
  parts: PlanPart[]
  maxFailures: number
  request: RequestData
  /** Hex SHA-256 of what the plan was computed from. */
  fingerprint: string
  steps: Step[]
}

export const isBlocked = (plan: Pick<Plan, 'checks'>) => plan.checks.some((check) => check.verdict === 'block')

/** What a plan does to each of its families, in a word: `promoted`. */
export function deedOf({ steps }: Pick<Plan, 'steps'>): string {
  const calls = new Set(steps.map((step) => (step.does === 'call' ? step.operation : null)))
  if (calls.has('UpdatePrimaryRegion')) return 'promoted'
  return calls.has('ReplicateKey') ? 'replicated' : 'done'
}
