// quota-headroom: what a plan counts against the quotas of KMS, which all callers of the account share.

import type { Facts } from '@/lib/topology/facts'
import { inWords } from '@/lib/topology/in-words'
import type { Topology } from '@/lib/topology/topology'
import { quotaUses } from '../durations'
import type { Check } from '../plan'
import type { StepDraft } from '../steps'
import { troubleIn } from './region-answers'
import { passed, warned } from './verdicts'

/** Customer managed keys a Region, single-Region ones included (KMS Developer Guide, "Resource quotas"); can be raised. */
const KEYS_A_REGION = 100_000
/** Single-Region keys are counted nowhere by Region, so this leaves them room. */
const NEARLY = 0.9

function fullRegions(topology: Pick<Topology, 'families'>, steps: StepDraft[]): string[] {
  const gained = new Map<string, number>()
  for (const step of steps) {
    if (step.does !== 'call' || step.operation !== 'ReplicateKey') continue
    const region = String(step.input.ReplicaRegion)
    gained.set(region, (gained.get(region) ?? 0) + 1)
  }
  const held = (region: string) =>
    topology.families.filter(({ members }) => members.some((member) => member.region === region)).length
  return [...gained].filter(([region, many]) => held(region) + many > KEYS_A_REGION * NEARLY).map(([region]) => region)
}

/** None for a plan that calls nothing. */
export function quotaHeadroom(
  topology: Pick<Topology, 'families' | 'regions'>,
  facts: Pick<Facts, 'probes'>,
  steps: StepDraft[],
): Check[] {
  const uses = quotaUses(steps)
  const [longest] = uses
  if (!longest) return []
  const regions = [...new Set(uses.map(({ region }) => region))]
  const throttled = regions.filter((region) => troubleIn(region, topology, facts)?.trouble === 'throttled')
  const full = fullRegions(topology, steps)
  const { operation, region, times, perSecond, seconds } = longest
  return [
    ...(full.length > 0
      ? [
          warned(
            'key-quota',
            `${inWords(full)} would hold nearly as many multi-Region keys as the default quota has for keys of all kinds (${KEYS_A_REGION.toLocaleString('en-US')}): unless yours was raised, KMS may answer with LimitExceededException.`,
          ),
        ]
      : []),
    throttled.length > 0
      ? warned(
          'quota-headroom',
          `${inWords(throttled)} ${throttled.length === 1 ? 'throttles' : 'throttle'} requests now: others use the same quotas, so this takes longer than it says.`,
        )
      : passed(
          'quota-headroom',
          `${operation} counts ${times.toLocaleString('en-US')} ${times === 1 ? 'time' : 'times'} in ${region}, of ${perSecond} a second by default: ${seconds.toLocaleString('en-US')} s at least. All callers of the account share the quotas.`,
        ),
  ]
}
