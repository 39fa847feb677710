// Part order: what needs a person comes first, then what is under way, then the rest in the order of the plan.

import type { PartStatus, RunPart } from '@/lib/plans/run'

const urgency: Readonly<Record<PartStatus, number>> = {
  failed: 0,
  waiting: 1,
  running: 2,
  pending: 3,
  skipped: 4,
  done: 5,
}

export const partsInOrder = (parts: readonly RunPart[]): RunPart[] =>
  [...parts].sort((a, b) => urgency[a.status] - urgency[b.status] || a.number - b.number)
