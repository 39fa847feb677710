// Refresh periods: how often what can be read for a budget. A pure function, for the inventory that reads and for the
// form that shows what an amount buys.

import { requestsPerSecondFor } from './price'
import type { RefreshPeriods } from './refreshing'
import type { Topology } from './topology'

/** Requests of one round of each kind of reading. */
export interface RefreshRounds {
  /** ListKeys of every Region. */
  keys: number
  /** ListAliases of every Region. */
  aliases: number
  /** Each member of the families on open screens. */
  open: number
  /** Each other member, and one rotation status a family. */
  others: number
}

/** Entries of one answer that the dashboard asks for: the most that KMS gives. KMS API Reference, ListKeys, ListAliases. */
const KEYS_A_PAGE = 1_000
const ALIASES_A_PAGE = 100

/** Seconds between two readings, where the budget allows: with the time that a reading takes, 20 s until it shows. */
const WANTED = { keys: 15, aliases: 15, open: 15 } as const
/** No faster than this, however large the budget: what changes there without being seen in a list is rare. */
const LEAST_OTHERS = 60
/** Of the budget, where needed, for the rotation through all other members: it must come to an end. */
const SHARE_OF_OTHERS = 0.2

const pages = (entries: number, aPage: number) => Math.max(1, Math.ceil(entries / aPage))

/** What one round takes for the keys of a topology, with so many families on open screens. */
export function roundsFor(
  { regions, families, otherKeys, otherAliases }: Topology,
  openFamilies: number,
): RefreshRounds {
  const members = families.flatMap((family) => family.members)
  const rotating = families.filter((family) => family.members.some(({ rotation }) => rotation !== null)).length
  const open = Math.min(openFamilies, families.length) * (members.length / Math.max(1, families.length))
  const rounds = { keys: 0, aliases: 0, open: Math.ceil(open), others: members.length + rotating - Math.ceil(open) }
  const othersHere = otherKeys / Math.max(1, regions.length)
  for (const { name } of regions) {
    const here = members.filter(({ region }) => region === name)
    const aliases =
      here.reduce((sum, member) => sum + member.aliases.length, 0) +
      otherAliases.filter(({ region }) => region === name).length
    rounds.keys += pages(here.length + othersHere, KEYS_A_PAGE)
    rounds.aliases += pages(aliases, ALIASES_A_PAGE)
  }
  return { ...rounds, others: Math.max(1, rounds.others) }
}

type Often = keyof typeof WANTED
const often = Object.keys(WANTED) as Often[]

/**
 * The periods that so many USD a month (30 days) pay for without an end. Where they do not pay for what is wanted, what
 * is dear is read less often than what is cheap: periods that go with the square root of what a round takes make the
 * sum of all waiting the least. Nothing is read more often than it is wanted.
 */
export function periodsWithin(usdPerMonth: number, rounds: RefreshRounds): RefreshPeriods {
  const all = requestsPerSecondFor(usdPerMonth)
  const periods = { ...WANTED } as Record<Often, number>
  let left = all - Math.min(all * SHARE_OF_OTHERS, rounds.others / LEAST_OTHERS)
  // Whatever is wanted less often than its share allows leaves the rest to the others, so these are settled first.
  let unsettled = often.filter((kind) => rounds[kind] > 0)
  for (;;) {
    const stretch = unsettled.reduce((sum, kind) => sum + Math.sqrt(rounds[kind]), 0) / left
    const periodOf = (kind: Often) => stretch * Math.sqrt(rounds[kind])
    const settled = unsettled.filter((kind) => periodOf(kind) <= WANTED[kind])
    if (settled.length === 0) {
      for (const kind of unsettled) periods[kind] = periodOf(kind)
      break
    }
    for (const kind of settled) left -= rounds[kind] / WANTED[kind]
    unsettled = unsettled.filter((kind) => !settled.includes(kind))
  }
  const used = often.reduce((sum, kind) => sum + rounds[kind] / periods[kind], 0)
  return { ...periods, others: Math.max(LEAST_OTHERS, rounds.others / (all - used)) }
}

/** Requests a second at these periods. */
export const paceOf = (periods: RefreshPeriods, rounds: RefreshRounds): number =>
  [...often, 'others' as const].reduce((sum, kind) => sum + rounds[kind] / periods[kind], 0)
