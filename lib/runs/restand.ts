// Restand: stores what follows for a run after one of its parts, or a person, has changed where it stands. Parts of the
// next wave get their jobs, a run that has ended lets go of its families.

import { randomUUID } from 'node:crypto'
import { and, asc, eq, inArray, notInArray, sql } from 'drizzle-orm'
import { hasEnded, type PartStatus, type RunCounts, type RunStatus } from '@/lib/plans/run'
import type { Db } from '@/lib/store/database'
import type { JobQueue } from '@/lib/store/job-queue'
import { heldFamilies, runParts, runSteps, runs } from '@/lib/store/schema'
import { noParts, type RunRow } from './run-rows'
import { type Asked, type PartState, standingOf, wordsOfMany } from './standing'

/** What a job of the queue is about. */
export interface PartJob {
  runId: string
  part: number
}

export type PartQueue = Pick<JobQueue<PartJob>, 'ready' | 'add' | 'lost' | 'work' | 'stop'>

/** The columns of a run that its standing depends on. */
export type StandingRun = Pick<RunRow, 'id' | 'title' | 'status' | 'deed' | 'maxFailures'> & { asked: Asked | null }

export async function partStatesOf(tx: Db, runId: string): Promise<PartState[]> {
  const rows = await tx
    .select({
      number: runParts.number,
      wave: runParts.wave,
      status: runParts.status,
      settled: runParts.settled,
      job: runParts.job,
      message: runParts.message,
    })
    .from(runParts)
    .where(eq(runParts.runId, runId))
    .orderBy(asc(runParts.number))
  return rows.map(({ job, status, ...row }) => ({ ...row, status: status as PartStatus, carried: job !== null }))
}

/**
 * Parts that failed after something was changed, or may have been: a call of theirs was done, or the one that failed
 * has had no answer.
 */
async function failedHalfway(tx: Db, runId: string): Promise<number> {
  const [row] = await tx
    .select({ many: sql<number>`count(distinct ${runSteps.part})::int` })
    .from(runSteps)
    .innerJoin(runParts, and(eq(runParts.runId, runSteps.runId), eq(runParts.number, runSteps.part)))
    .where(
      and(
        eq(runSteps.runId, runId),
        eq(runParts.status, 'failed'),
        sql`${runSteps.operation} is not null`,
        sql`(${runSteps.status} = 'done' or (${runSteps.status} = 'failed' and ${runSteps.requestId} is null))`,
      ),
    )
  return row?.many ?? 0
}

function countParts(parts: readonly Pick<PartState, 'status'>[]): RunCounts['parts'] {
  const counts = noParts()
  for (const { status } of parts) counts[status] += 1
  return counts
}

/** Gives the parts jobs, which are begun once the transaction has been committed. */
async function begin(tx: Db, queue: PartQueue, runId: string, numbers: number[]) {
  if (numbers.length === 0) return
  const jobs = numbers.map((part) => ({ id: randomUUID(), data: { runId, part } }))
  const rows = sql.join(
    jobs.map(({ id, data }) => sql`(${data.part}::int, ${id})`),
    sql`, `,
  )
  await tx.execute(sql`
    update ${runParts} set job = begun.job, attempt = null
    from (values ${rows}) as begun (number, job)
    where ${runParts.runId} = ${runId} and ${runParts.number} = begun.number`)
  await queue.add(tx, jobs)
}

const finished: PartStatus[] = ['done', 'skipped', 'failed']

/** Nothing of the run that was not finished will be any more. */
async function skipRest(tx: Db, runId: string, by: string) {
  const steps = sql`(select count(*) from ${runSteps} where ${runSteps.runId} = ${runParts.runId} and ${runSteps.part} = ${runParts.number})`
  const done = sql`(select count(*) from ${runSteps} where ${runSteps.runId} = ${runParts.runId} and ${runSteps.part} = ${runParts.number} and ${runSteps.status} = 'done')`
  await tx
    .update(runParts)
    .set({
      status: 'skipped',
      endedAt: new Date(),
      reason: `The run was aborted by ${by}`,
      message: sql`'Aborted by ' || ${by}::text || ' after ' || ${done} || ' of ' || ${steps} || ' steps: what was done stays'`,
    })
    .where(and(eq(runParts.runId, runId), notInArray(runParts.status, finished)))
  await tx
    .update(runSteps)
    .set({ status: 'skipped' })
    .where(and(eq(runSteps.runId, runId), inArray(runSteps.status, ['pending', 'running', 'waiting'])))
}

/** The words of a run: of its only part, or over all of them. */
async function wordsFor(tx: Db, run: StandingRun, parts: PartState[], status: RunStatus): Promise<string | null> {
  const [first] = parts
  if (parts.length === 1 && first) {
    return status === 'paused' ? `Paused by ${run.asked?.by}: press Resume to go on` : first.message
  }
  const counts = countParts(parts)
  return wordsOfMany({
    ...run,
    status,
    parts: counts,
    failedHalfway: counts.failed > 0 ? await failedHalfway(tx, run.id) : 0,
  })
}

/**
 * To be called with the row of the run locked. `says` are words for a run of one part; a run that was `reopened` is
 * queued until one of its parts begins.
 */
export async function restand(
  tx: Db,
  queue: PartQueue,
  run: StandingRun,
  { says, reopened = false, isOver = false }: { says?: string; reopened?: boolean; isOver?: boolean } = {},
): Promise<void> {
  let parts = await partStatesOf(tx, run.id)
  const { status, begins } = standingOf(parts, { ...run, isOver })
  await begin(tx, queue, run.id, begins)
  if (status === 'aborted' && run.asked) {
    await skipRest(tx, run.id, run.asked.by)
    parts = await partStatesOf(tx, run.id)
  }
  const ends = hasEnded({ status })
  const goesOn = !ends && status !== 'paused'
  const stored = reopened && goesOn ? 'queued' : status
  const message = (parts.length === 1 && goesOn && says) || (await wordsFor(tx, run, parts, stored))
  await tx
    .update(runs)
    .set({
      status: stored,
      ...(message !== null && { message }),
      ...(ends && { endedAt: sql`coalesce(${runs.endedAt}, now())` }),
      ...(reopened && { endedAt: null }),
      ...(!goesOn && { asked: null }),
    })
    .where(eq(runs.id, run.id))
  if (ends) await tx.delete(heldFamilies).where(eq(heldFamilies.runId, run.id))
}
