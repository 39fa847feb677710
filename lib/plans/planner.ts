// Planner: the registry of all kinds; parses a request, says what must be read for it, and makes the plan.

import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { FactNeed, Facts } from '@/lib/topology/facts'
import { byText } from '@/lib/topology/family'
import { fingerprintText } from '@/lib/topology/fingerprint'
import type { Topology } from '@/lib/topology/topology'
import type { FamilyCheck } from './checks/verdicts'
import { cliContext, cliFor } from './cli'
import { createPrimaryNeeds, createPrimaryRequest, planCreatePrimary } from './create-primary'
import { evacuateNeeds, evacuateRequest, planEvacuate } from './evacuate'
import { failBackNeeds, failBackRequest, planFailBack } from './fail-back'
import { fieldMessages } from './field-messages'
import type { Plan, PlanDraft, PlanPart } from './plan'
import { planPromote, promoteNeeds, promoteRequest } from './promote'
import { planReplicate, replicateNeeds, replicateRequest } from './replicate'
import { planRotateNow, rotateNowNeeds, rotateNowRequest } from './rotate-now'
import { planSetAliases, setAliasesNeeds, setAliasesRequest } from './set-aliases'
import { planSetRotation, setRotationNeeds, setRotationRequest } from './set-rotation'

interface Kind<Request> {
  schema: z.ZodType<Request>
  /** What has to be read before the plan can be made; some of it depends on how the Regions have answered probes. */
  needs: (topology: Topology, request: Request, facts?: Pick<Facts, 'probes'>) => FactNeed[]
  /** Null when the family is not known. */
  plan: (topology: Topology, request: Request, facts: Facts) => PlanDraft | null
}

const kind = <Request>(definition: Kind<Request>) => definition

/** Every kind of plan, by the `kind` of its request. A new operation is one more line. */
const kinds = {
  'create-primary': kind({ schema: createPrimaryRequest, needs: createPrimaryNeeds, plan: planCreatePrimary }),
  replicate: kind({ schema: replicateRequest, needs: replicateNeeds, plan: planReplicate }),
  'set-aliases': kind({ schema: setAliasesRequest, needs: setAliasesNeeds, plan: planSetAliases }),
  'set-rotation': kind({ schema: setRotationRequest, needs: setRotationNeeds, plan: planSetRotation }),
  'rotate-now': kind({ schema: rotateNowRequest, needs: rotateNowNeeds, plan: planRotateNow }),
  promote: kind({ schema: promoteRequest, needs: promoteNeeds, plan: planPromote }),
  evacuate: kind({ schema: evacuateRequest, needs: evacuateNeeds, plan: planEvacuate }),
  'fail-back': kind({ schema: failBackRequest, needs: failBackNeeds, plan: planFailBack }),
}

type KindName = keyof typeof kinds
type Requests = { [K in KindName]: z.infer<(typeof kinds)[K]['schema']> }

/** A request of any kind, parsed. */
export type PlanRequest = Requests[KindName]

/** The compiler cannot see that a request and the kind it names belong together; `parseRequest` makes it so. */
const kindOf = (request: PlanRequest) => kinds[request.kind] as unknown as Kind<PlanRequest>

const isKind = (name: unknown): name is KindName => typeof name === 'string' && Object.hasOwn(kinds, name)

export type ParsedRequest =
  | { ok: true; request: PlanRequest }
  /** `fields` are messages by path, e.g. `changes.0.name`. */
  | { ok: false; fields: Record<string, string>; message: string }

/** Parses what a form or a script sent; the first message of each field is the one to show. */
export function parseRequest(data: unknown): ParsedRequest {
  const name = typeof data === 'object' && data !== null && 'kind' in data ? data.kind : undefined
  if (!isKind(name)) {
    const message = `The kind of a request is one of ${Object.keys(kinds).join(', ')}`
    return { ok: false, fields: { kind: message }, message }
  }
  const parsed = (kinds[name].schema as z.ZodType<PlanRequest>).safeParse(data)
  if (parsed.success) return { ok: true, request: parsed.data }
  const fields = fieldMessages(parsed.error)
  const messages = Object.values(fields)
  const [first = 'The request is not valid'] = messages
  const more = messages.length > 1 ? ` (and ${messages.length - 1} more)` : ''
  return { ok: false, fields, message: `${first}${more}` }
}

/** What the planner of this request wants to know beyond the snapshot; asked again once probes have been made. */
export const needsOf = (topology: Topology, request: PlanRequest, facts?: Pick<Facts, 'probes'>): FactNeed[] =>
  kindOf(request).needs(topology, request, facts)

/** The families that the request names. */
export function keyIdsOf(request: PlanRequest): string[] {
  if ('keyId' in request) return [request.keyId]
  if ('moves' in request) return request.moves.map(({ keyId }) => keyId)
  return 'keyIds' in request ? (request.keyIds ?? []) : []
}

/** JSON with sorted keys and without undefined: equal for equal values. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => byText(a, b)))
      : part,
  )
}

/**
 * Hex SHA-256 of what the plan rests on: its families and the facts read, the request, and what follows from both.
 * Steps and verdicts are in it because they also depend on what is no part of the families, such as an alias that
 * a key outside them holds; messages are not, as they may tell the same thing differently.
 */
function fingerprintOf(topology: Topology, request: PlanRequest, facts: Facts, draft: PlanDraft): string {
  return createHash('sha256')
    .update(fingerprintText(topology, draft.families, facts))
    .update('\n')
    .update(canonical(request))
    .update('\n')
    .update(canonical([draft.steps, draft.checks.map(({ id, verdict, families }) => [id, verdict, families ?? null])]))
    .digest('hex')
}

/** Of a plan that names no parts, the whole. */
const wholePlan = (request: PlanRequest, { title, steps }: PlanDraft): PlanPart => ({
  keyId: 'keyId' in request ? request.keyId : null,
  title,
  wave: 1,
  firstStep: 1,
  lastStep: steps.length,
})

export type PlanAnswer = { ok: true; plan: Plan } | { ok: false; code: 'not-found'; message: string }

/** The plan for a request, as the topology and the facts stand; it calls nothing and can be stored and sent. */
export function planFor(topology: Topology, request: PlanRequest, facts: Facts): PlanAnswer {
  const draft = kindOf(request).plan(topology, request, facts)
  if (!draft) {
    const [keyId = ''] = keyIdsOf(request)
    return { ok: false, code: 'not-found', message: `No key family ${keyId} is known in the Regions that are read` }
  }
  const context = cliContext(topology, draft.steps)
  return {
    ok: true,
    plan: {
      ...draft,
      checks: draft.checks.map(({ among: _, ...check }: FamilyCheck) => check),
      parts: draft.parts ?? [wholePlan(request, draft)],
      maxFailures: draft.maxFailures ?? 0,
      request,
      fingerprint: fingerprintOf(topology, request, facts, draft),
      steps: draft.steps.map((step, index) => ({ ...step, cli: cliFor(step, index + 1, context) })),
    },
  }
}
