// The budget as it is being typed: text until it is an amount.

import type { RefreshBudget } from '@/lib/topology/refresh-budget'
import type { RefreshCosts } from '@/lib/topology/refreshing'
import type { Topology } from '@/lib/topology/topology'

export type BudgetDraft = { [Amount in keyof RefreshBudget]: string }

export const draftOf = ({ watchedUsdPerMonth, unwatchedUsdPerMonth }: RefreshBudget): BudgetDraft => ({
  watchedUsdPerMonth: String(watchedUsdPerMonth),
  unwatchedUsdPerMonth: String(unwatchedUsdPerMonth),
})

/** Digits with a point, and nothing else that JavaScript would take for a number. */
const AMOUNT = /^\d+(\.\d*)?$|^\.\d+$/

const amountOf = (text: string) => (AMOUNT.test(text.trim()) ? Number(text) : Number.NaN)

/** What is not an amount becomes NaN, which the server refuses in words. */
export const budgetOf = ({ watchedUsdPerMonth, unwatchedUsdPerMonth }: BudgetDraft): RefreshBudget => ({
  watchedUsdPerMonth: amountOf(watchedUsdPerMonth),
  unwatchedUsdPerMonth: amountOf(unwatchedUsdPerMonth),
})

/** Can it be reckoned what that buys? */
export const isReckonable = ({ watchedUsdPerMonth, unwatchedUsdPerMonth }: RefreshBudget) =>
  watchedUsdPerMonth > 0 && unwatchedUsdPerMonth > 0

/** With the families that are open now, or as if one of middling size were, so that its period can be told too. */
export function costsWithOneOpen(costs: RefreshCosts, topology: Pick<Topology, 'families'> | undefined): RefreshCosts {
  if (costs.open > 0 || !topology || topology.families.length === 0) return costs
  const members = topology.families.reduce((sum, family) => sum + family.members.length, 0)
  return { ...costs, open: Math.ceil(members / topology.families.length) }
}
