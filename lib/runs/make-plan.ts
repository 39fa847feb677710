// Make plan: a request becomes a plan, as KMS stands now. Nothing is stored.

import type { InventoryReads } from '@/lib/inventory/inventory'
import { inventory } from '@/lib/inventory/live'
import type { Answer } from '@/lib/plans/answer'
import type { Plan } from '@/lib/plans/plan'
import { needsOf, parseRequest, planFor } from '@/lib/plans/planner'

/** The plan for a request, with what its planner needs read live from this inventory. */
export async function makePlanFrom(source: InventoryReads, data: unknown): Promise<Answer<Plan>> {
  const parsed = parseRequest(data)
  if (!parsed.ok) return { ok: false, error: { code: 'invalid', message: parsed.message, fields: parsed.fields } }
  const { request } = parsed
  await source.ready()
  // A key that was made a moment ago, by whomever, may not be in the snapshot yet.
  if ('keyId' in request) await source.findFamily(request.keyId)
  const facts = await source.readFacts(needsOf(source.topology(), request))
  const answer = planFor(source.topology(), request, facts)
  if (!answer.ok) return { ok: false, error: { code: answer.code, message: answer.message } }
  return { ok: true, value: answer.plan }
}

export const makePlan = (data: unknown): Promise<Answer<Plan>> => makePlanFrom(inventory(), data)
