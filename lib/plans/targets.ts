// Targets: where the primary key of a family goes that has to leave its Region.

import type { Facts } from '@/lib/topology/facts'
import { byText, memberIn, replicasOf } from '@/lib/topology/family'
import { distanceKm } from '@/lib/topology/regions'
import type { Family, Member, Topology } from '@/lib/topology/topology'
import { troubleIn } from './checks/region-answers'

export interface TargetRule {
  /** The Region to leave. */
  fromRegion: string
  /** Before all others, in this order. */
  preferred: readonly string[]
  /** Regions by key id: for this family that Region and no other. */
  overrides?: Readonly<Record<string, string>> | undefined
  /** Families without a replica key that could take over get one first, in the first of the preferred Regions that is left. */
  replicateFirst?: boolean | undefined
}

export type Target =
  /** `fit`: its key is Enabled and its Region answers, as far as is known; what else speaks against it the checks say. */
  | { region: string; by: 'override' | 'preferred' | 'nearest'; fit: boolean; needs: 'nothing' }
  /** There is no key of the family yet. */
  | { region: string; by: 'override' | 'preferred'; fit: boolean; needs: 'replica' }
  /** Nothing to promote, and no Region in which a replica key should be made. */
  | null

type World = Pick<Topology, 'regions'>
type Probes = Pick<Facts, 'probes'>

/** Does the Region take calls now? One that asks for fewer requests does. */
function answers(region: string, topology: World, facts: Probes, keyId?: string): boolean {
  const trouble = troubleIn(region, topology, facts, keyId)
  return trouble === null || trouble.trouble === 'throttled'
}

/**
 * By the override where there is one; else the first preferred Region with a fit replica key, else the nearest fit one.
 * Where none is fit and none may be made, the one that would be chosen if it were: its checks say what is wrong with it.
 */
export function targetFor(family: Family, rule: TargetRule, topology: World, facts: Probes): Target {
  const { fromRegion, preferred, overrides = {}, replicateFirst = false } = rule
  const isFit = ({ state, region, known }: Member) =>
    state === 'Enabled' && known === 'live' && answers(region, topology, facts, family.keyId)
  const override = Object.hasOwn(overrides, family.keyId) ? overrides[family.keyId] : undefined
  if (override !== undefined) {
    const member = memberIn(family, override)
    return member
      ? { region: override, by: 'override', fit: isFit(member), needs: 'nothing' }
      : { region: override, by: 'override', fit: answers(override, topology, facts), needs: 'replica' }
  }
  const replicas = replicasOf(family)
    .filter(({ region }) => region !== fromRegion)
    .sort(
      (a, b) =>
        rank(preferred, a.region) - rank(preferred, b.region) ||
        distanceOrder(fromRegion, a.region, b.region) ||
        byText(a.region, b.region),
    )
  const chosen = replicas.find(isFit)
  const to = (member: Member, fit: boolean): Target => ({
    region: member.region,
    by: preferred.includes(member.region) ? 'preferred' : 'nearest',
    fit,
    needs: 'nothing',
  })
  if (chosen) return to(chosen, true)
  const free = preferred.filter((region) => region !== fromRegion && !memberIn(family, region))
  const made = free.find((region) => answers(region, topology, facts)) ?? free[0]
  // A replica key of imported material waits for a person: one that is there already says better what is wrong.
  const mayBeMade = replicateFirst && (family.origin !== 'EXTERNAL' || replicas.length === 0)
  if (mayBeMade && made !== undefined) {
    return { region: made, by: 'preferred', fit: answers(made, topology, facts), needs: 'replica' }
  }
  const [unfit] = replicas
  return unfit ? to(unfit, false) : null
}

/** The place among the preferred Regions; all others come after them. */
function rank(preferred: readonly string[], region: string): number {
  const place = preferred.indexOf(region)
  return place === -1 ? preferred.length : place
}

/** Infinite distances are equal. */
function distanceOrder(from: string, a: string, b: string): number {
  const [toA, toB] = [distanceKm(from, a), distanceKm(from, b)]
  return toA === toB ? 0 : toA - toB
}
