// Make plan: a request becomes a plan, as KMS stands now. Nothing is stored.

import type { InventoryReads } from '@/lib/inventory/inventory'
import { inventory } from '@/lib/inventory/live'
import type { Answer } from '@/lib/plans/answer'
import { troubleIn } from '@/lib/plans/checks/region-answers'
import type { Plan } from '@/lib/plans/plan'
import { keyIdsOf, needsOf, type PlanRequest, parseRequest, planFor } from '@/lib/plans/planner'
import { type FactNeed, type Facts, factKey, type Read } from '@/lib/topology/facts'
import { runs } from './live'
import type { Runs } from './runs'

export interface PlanRooms {
  inventory: InventoryReads
  runs: Pick<Runs, 'recentPromotions'>
}

const isProbe = ({ need }: FactNeed) => need === 'probe' || need === 'region'

/** The failed probe of a Region that does not answer: whatever else it were asked for would time out as well. */
function silenceOf(region: string, { probes }: Facts): Read<never> | null {
  const trouble = troubleIn(region, { regions: [] }, { probes })?.trouble
  const probe = probes[region]
  return probe?.ok === false && (trouble === 'unreachable' || trouble === 'disabled') ? probe : null
}

/** The answers to these needs, each the same: the Region was not asked. */
function unasked(needs: { need: FactNeed; silence: Read<never> }[]): Pick<Facts, 'policies' | 'tags' | 'rotations'> {
  const of = (name: FactNeed['need']) =>
    Object.fromEntries(
      needs.flatMap(({ need, silence }) =>
        need.need === name && 'keyId' in need && 'region' in need ? [[factKey(need.region, need.keyId), silence]] : [],
      ),
    )
  return { policies: of('policy'), tags: of('tags'), rotations: of('rotations') }
}

/**
 * What the planner needs to know, in two rounds: how the Regions and the members of the families are, and then what
 * depends on that, such as the policies of the keys that could take over.
 */
async function readFacts({ inventory: source, runs: promoted }: PlanRooms, request: PlanRequest): Promise<Facts> {
  const first = needsOf(source.topology(), request).filter(isProbe)
  const probed = await source.readFacts(first)
  const known = new Set(first.map((need) => JSON.stringify(need)))
  const rest = needsOf(source.topology(), request, probed).filter((need) => !known.has(JSON.stringify(need)))
  const silent = rest.flatMap((need) => {
    const silence = 'region' in need && !isProbe(need) ? silenceOf(need.region, probed) : null
    return silence ? [{ need, silence }] : []
  })
  const isSilent = new Set(silent.map(({ need }) => need))
  const [read, recentPromotions] = await Promise.all([
    source.readFacts(rest.filter((need) => !isSilent.has(need))),
    promoted.recentPromotions(rest.flatMap((need) => (need.need === 'recent-promotions' ? need.keyId : []))),
  ])
  const { policies, tags, rotations } = unasked(silent)
  return {
    ...read,
    probes: { ...probed.probes, ...read.probes },
    policies: { ...policies, ...read.policies },
    tags: { ...tags, ...read.tags },
    rotations: { ...rotations, ...read.rotations },
    recentPromotions,
  }
}

/** The plan for a request, with what its planner needs read live from these rooms. */
export async function makePlanFrom(rooms: PlanRooms, data: unknown): Promise<Answer<Plan>> {
  const parsed = parseRequest(data)
  if (!parsed.ok) return { ok: false, error: { code: 'invalid', message: parsed.message, fields: parsed.fields } }
  const { request } = parsed
  const { inventory: source } = rooms
  await source.ready()
  // A key that was made a moment ago, by whomever, may not be in the snapshot yet.
  await Promise.all(keyIdsOf(request).map((keyId) => source.findFamily(keyId)))
  const facts = await readFacts(rooms, request)
  const answer = planFor(source.topology(), request, facts)
  if (!answer.ok) return { ok: false, error: { code: answer.code, message: answer.message } }
  return { ok: true, value: answer.plan }
}

export const makePlan = (data: unknown): Promise<Answer<Plan>> =>
  makePlanFrom({ inventory: inventory(), runs: runs() }, data)
