// Start run: plans afresh, and starts only what a person has seen and KMS still stands for.

import type { z } from 'zod'
import type { InventoryReads } from '@/lib/inventory/inventory'
import { inventory } from '@/lib/inventory/live'
import type { Answer, Refusal } from '@/lib/plans/answer'
import type { Plan } from '@/lib/plans/plan'
import type { startRunRequest } from '@/lib/plans/start-run'
import { runs } from './live'
import { makePlanFrom } from './make-plan'
import { heldBy, type Runs } from './runs'

type StartRun = z.output<typeof startRunRequest>

const refused = (error: Refusal): { ok: false; error: Refusal } => ({ ok: false, error })

/** What a dangerous plan asks of the person who starts it. */
function unconfirmed(plan: Plan, { confirmation, reason }: StartRun): Refusal | null {
  if (plan.confirmation === null) return null
  const fields = {
    ...(confirmation?.trim() !== plan.confirmation && { confirmation: `Type ${plan.confirmation} to confirm` }),
    ...(reason === '' && { reason: 'Say why: it is kept with the run' }),
  }
  const [message] = Object.values(fields)
  return message === undefined ? null : { code: 'invalid', message, fields }
}

/** Starts the plan of a request with these rooms; refused with what the person can do about it. */
export async function startRunIn(
  rooms: { inventory: InventoryReads; runs: Runs },
  start: StartRun,
  actor: string,
): Promise<Answer<{ id: string }>> {
  const answer = await makePlanFrom(rooms, start.request)
  if (!answer.ok) return answer
  const plan = answer.value
  // First: a run that is at work on the family is also why the plan would be stale or blocked.
  const holder = await rooms.runs.holderOf(plan.families)
  if (holder) return refused(heldBy(holder))
  if (plan.fingerprint !== start.fingerprint) {
    return refused({ code: 'stale', message: 'The plan is stale: review it again' })
  }
  const block = plan.checks.find(({ verdict }) => verdict === 'block')
  if (block) return refused({ code: 'blocked', message: block.message })
  const missing = unconfirmed(plan, start)
  if (missing) return refused(missing)
  return rooms.runs.add(plan, { actor, reason: start.reason })
}

export const startRun = (start: StartRun, actor: string): Promise<Answer<{ id: string }>> =>
  startRunIn({ inventory: inventory(), runs: runs() }, start, actor)
