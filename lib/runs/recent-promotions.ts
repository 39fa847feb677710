// Recent promotions: what runs have promoted lately, as their steps tell.

import { and, asc, eq, gte, inArray, sql } from 'drizzle-orm'
import { PROMOTED_LATELY_MINUTES } from '@/lib/plans/checks/recent-promotion'
import type { Plan } from '@/lib/plans/plan'
import type { Db } from '@/lib/store/database'
import { runSteps, runs } from '@/lib/store/schema'
import type { RecentPromotion } from '@/lib/topology/facts'

/** Of these families, by key id: the last promotion of each, where it was in the time that counts as recent. */
export async function recentPromotions(db: Db, keyIds: string[]): Promise<Record<string, RecentPromotion>> {
  const latest: Record<string, RecentPromotion> = {}
  const steps = await db
    .select({ runId: runSteps.runId, number: runSteps.number, endedAt: runSteps.endedAt })
    .from(runSteps)
    .where(
      and(
        eq(runSteps.operation, 'UpdatePrimaryRegion'),
        eq(runSteps.status, 'done'),
        gte(runSteps.endedAt, sql`now() - ${`${PROMOTED_LATELY_MINUTES} minutes`}::interval`),
      ),
    )
    .orderBy(asc(runSteps.endedAt))
  if (steps.length === 0) return latest
  const ids = [...new Set(steps.map(({ runId }) => runId))]
  const rows = await db.select({ id: runs.id, plan: runs.plan }).from(runs).where(inArray(runs.id, ids))
  const plans = new Map(rows.map(({ id, plan }) => [id, plan as Plan]))
  const asked = new Set(keyIds)
  for (const { runId, number, endedAt } of steps) {
    const done = plans.get(runId)?.steps[number - 1]?.done
    if (done?.is !== 'primary' || typeof done.keyId !== 'string' || !asked.has(done.keyId) || !endedAt) continue
    latest[done.keyId] = { at: endedAt.toISOString(), toRegion: done.to, runId }
  }
  return latest
}
