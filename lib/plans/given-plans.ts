// Plans for tests: topologies as Regions would tell them, the facts that a planner asks for, and the plan of both.

import { assembleTopology } from '@/lib/topology/assemble'
import { type FactNeed, type Facts, factKey, type Read } from '@/lib/topology/facts'
import { familyOf } from '@/lib/topology/family'
import type { RegionReading } from '@/lib/topology/readings'
import { isReadable } from '@/lib/topology/region-trouble'
import { type GivenFamily, givenReadings, READ_AT } from '@/lib/topology/scenarios/given-readings'
import type { RequestData, Topology } from '@/lib/topology/topology'
import { defaultPolicy } from './checks/key-policy'
import type { Check, Plan } from './plan'
import { needsOf, parseRequest, planFor } from './planner'

const REGIONS = ['ap-southeast-1', 'eu-central-1', 'eu-west-1', 'us-east-1', 'us-west-2']

const assembled = (readings: RegionReading[]) => assembleTopology(readings, { version: 1, takenAt: READ_AT })

/** Families in readable Regions; `change` alters what the Regions said. */
export const givenTopology = (
  families: GivenFamily[],
  change: (readings: RegionReading[]) => RegionReading[] = (readings) => readings,
): Topology => assembled(change(givenReadings(REGIONS, families)))

/** Facts as they were read for these needs: what the snapshot says, and plain answers for the rest. */
export function givenFacts(topology: Topology, needs: FactNeed[], other: Partial<Facts> = {}): Facts {
  const facts: Facts = {
    takenAt: READ_AT,
    probes: {},
    policies: {},
    tags: {},
    rotations: {},
    recentPromotions: {},
    limits: { maxReplicas: 10 },
  }
  const answer = <T>(region: string, value: T): Read<T> => {
    const view = topology.regions.find(({ name }) => name === region)
    if (view && isReadable(view)) return { ok: true, value }
    if (!view || view.status === 'ok') return { ok: false, reason: 'NotScanned', message: `${region} is not read` }
    const reasons = { unreachable: 'TimeoutError', denied: 'AccessDeniedException', throttled: 'ThrottlingException' }
    const reason = view.status === 'disabled' ? 'UnrecognizedClientException' : reasons[view.status]
    return { ok: false, reason, message: `KMS in ${region} did not answer in time` }
  }
  for (const need of needs) {
    switch (need.need) {
      case 'probe':
        for (const { region } of familyOf(topology, need.keyId)?.members ?? []) {
          facts.probes[region] = answer(region, { latencyMs: 12 })
        }
        break
      case 'region':
        facts.probes[need.region] = answer(need.region, { latencyMs: 12 })
        break
      case 'policy':
        facts.policies[factKey(need.region, need.keyId)] = answer(need.region, defaultPolicy('aws', '111122223333'))
        break
      case 'tags':
        facts.tags[factKey(need.region, need.keyId)] = answer(need.region, [])
        break
      case 'rotations':
        facts.rotations[factKey(need.region, need.keyId)] = answer(need.region, {
          enabled: true,
          periodInDays: 365,
          history: [],
        })
    }
  }
  return { ...facts, ...other }
}

/** The plan of a request, the way it is made for a person: parsed, its needs read, planned. */
export function givenPlan(topology: Topology, data: RequestData, other: Partial<Facts> = {}): Plan {
  const parsed = parseRequest(data)
  if (!parsed.ok) throw new Error(parsed.message)
  const answer = planFor(topology, parsed.request, givenFacts(topology, needsOf(topology, parsed.request), other))
  if (!answer.ok) throw new Error(answer.message)
  return answer.plan
}

/** Each step in one line: the operation with its Region, a wait, or a proof. */
export const linesOf = (plan: Plan): string[] =>
  plan.steps.map((step) => {
    if (step.does === 'prove') return `prove in ${step.region} for ${step.inRegions.join(', ')}`
    if (step.does === 'wait') return `wait for ${step.done.is} in ${step.region}`
    const { operation, region, input } = step
    const what = input.ReplicaRegion ?? input.PrimaryRegion ?? input.AliasName
    return `${operation} in ${region}${typeof what === 'string' ? `: ${what}` : ''}`
  })

/** Ids of the checks that block, with who blocks. */
export const blocksOf = (plan: Plan): string[] =>
  plan.checks.filter(({ verdict }) => verdict === 'block').map(({ id, blockedBy }) => `${id} (${blockedBy})`)

export const warningsOf = (plan: Plan): string[] =>
  plan.checks.filter(({ verdict }) => verdict === 'warn').map(({ id }) => id)

export function checkOf(plan: Plan, id: string): Check {
  const check =
    plan.checks.find((each) => each.id === id && each.verdict !== 'pass') ?? plan.checks.find((each) => each.id === id)
  if (!check) throw new Error(`No check ${id}`)
  return check
}
