// Run records: runs, their steps and the families they hold, as rows. Every change is told to those who listen, in any
// process on the same database.

import { randomUUID } from 'node:crypto'
import { and, asc, count, desc, eq, gte, inArray, isNull, or, sql } from 'drizzle-orm'
import type { Plan } from '@/lib/plans/plan'
import { hasEnded, RUN_STATUSES, type Run, type RunStatus, type RunStep } from '@/lib/plans/run'
import type { Db } from '@/lib/store/database'
import type { Notices } from '@/lib/store/notices'
import { heldFamilies, runSteps, runs } from '@/lib/store/schema'
import type { RequestData } from '@/lib/topology/topology'
import { Interrupted } from './step-context'

/** What a person wants of a run that is under way. */
export interface Asked {
  what: 'pause' | 'abort'
  by: string
}

/** A run with what only the executor needs. */
export interface StoredRun {
  run: Run
  plan: Plan
  asked: Asked | null
}

export interface Holder {
  runId: string
  title: string
  actor: string
}

/** Another active run holds one of the families; thrown inside a transaction, which it undoes. */
export class FamilyHeld extends Error {
  readonly holder: Holder

  constructor(holder: Holder) {
    super(`Held by run ${holder.runId}`)
    this.holder = holder
  }
}

/** In these a run is carried out by some process, or waits for one. */
const atWork: RunStatus[] = ['queued', 'running', 'waiting']

const summary = {
  id: runs.id,
  kind: runs.kind,
  title: runs.title,
  status: runs.status,
  actor: runs.actor,
  reason: runs.reason,
  createdAt: runs.createdAt,
  startedAt: runs.startedAt,
  endedAt: runs.endedAt,
  keyIds: runs.keyIds,
  request: runs.request,
  undo: runs.undo,
  message: runs.message,
}

type RunRow = typeof runs.$inferSelect
type Summary = Pick<RunRow, keyof typeof summary>
type StepRow = typeof runSteps.$inferSelect

const iso = (date: Date | null) => date?.toISOString() ?? null

// Only this file writes these rows, so what is read from a JSON column has the type that was put in.
const toStep = (row: StepRow): RunStep => ({
  number: row.number,
  title: row.title,
  region: row.region,
  ...(row.operation !== null && { operation: row.operation }),
  cli: row.cli,
  status: row.status as RunStep['status'],
  startedAt: iso(row.startedAt),
  endedAt: iso(row.endedAt),
  requestId: row.requestId,
  error: row.error as RunStep['error'],
  message: row.message,
  output: row.output as RunStep['output'],
})

const toRun = (row: Summary, steps: StepRow[]): Run => ({
  id: row.id,
  kind: row.kind,
  title: row.title,
  status: row.status as RunStatus,
  actor: row.actor,
  reason: row.reason,
  createdAt: row.createdAt.toISOString(),
  startedAt: iso(row.startedAt),
  endedAt: iso(row.endedAt),
  keyIds: row.keyIds as string[],
  request: row.request as RequestData,
  undo: row.undo as Plan['undo'],
  message: row.message,
  steps: steps.map(toStep),
})

/** The active run that holds one of these families. */
async function holderOf(db: Db, keyIds: string[]): Promise<Holder | null> {
  if (keyIds.length === 0) return null
  const [holder] = await db
    .select({ runId: runs.id, title: runs.title, actor: runs.actor })
    .from(heldFamilies)
    .innerJoin(runs, eq(runs.id, heldFamilies.runId))
    .where(inArray(heldFamilies.keyId, keyIds))
    .limit(1)
  return holder ?? null
}

/** Takes all families or throws `FamilyHeld`. Sorted, so that two runs never wait for each other crosswise. */
async function takeHolds(tx: Db, runId: string, keyIds: string[]): Promise<void> {
  if (keyIds.length === 0) return
  const taken = await tx
    .insert(heldFamilies)
    .values([...keyIds].sort().map((keyId) => ({ keyId, runId })))
    .onConflictDoNothing()
    .returning({ keyId: heldFamilies.keyId })
  if (taken.length === keyIds.length) return
  const own = new Set(taken.map(({ keyId }) => keyId))
  const others = keyIds.filter((keyId) => !own.has(keyId))
  throw new FamilyHeld((await holderOf(tx, others)) ?? { runId: 'unknown', title: 'another run', actor: 'somebody' })
}

/** One stored change of a run under way: columns of the run, of one step, and what becomes of its families. */
export interface Progress {
  run?: Partial<Pick<RunRow, 'status' | 'message' | 'startedAt' | 'endedAt' | 'asked' | 'worker' | 'heartbeatAt'>>
  step?: Partial<Omit<StepRow, 'runId'>> & { number: number }
  /** A key that was made: the run holds its family from now on. */
  born?: string
  /** The run has ended: others may change its families. */
  releases?: boolean
  /** Steps that were not begun, or not finished, will not be any more. */
  skipsRest?: boolean
}

async function store(tx: Db, runId: string, { run, step, born, releases, skipsRest }: Progress): Promise<void> {
  if (run) await tx.update(runs).set(run).where(eq(runs.id, runId))
  if (step) {
    const { number, ...columns } = step
    await tx
      .update(runSteps)
      .set(columns)
      .where(and(eq(runSteps.runId, runId), eq(runSteps.number, number)))
  }
  if (skipsRest) {
    await tx
      .update(runSteps)
      .set({ status: 'skipped' })
      .where(and(eq(runSteps.runId, runId), inArray(runSteps.status, ['pending', 'running', 'waiting'])))
  }
  if (born) {
    const [row] = await tx.select({ keyIds: runs.keyIds }).from(runs).where(eq(runs.id, runId))
    const keyIds = [...new Set([...((row?.keyIds ?? []) as string[]), born])]
    await tx.update(runs).set({ keyIds }).where(eq(runs.id, runId))
    await tx.insert(heldFamilies).values({ keyId: born, runId }).onConflictDoNothing()
  }
  if (releases) await tx.delete(heldFamilies).where(eq(heldFamilies.runId, runId))
}

export type RunNotices = Pick<Notices, 'publish' | 'subscribe'>

export class RunRecords {
  readonly #database: () => Promise<Db>
  readonly #notices: RunNotices

  constructor(database: () => Promise<Db>, notices: RunNotices) {
    this.#database = database
    this.#notices = notices
  }

  /**
   * Calls the listener with the run's id after each change that this or another process has stored, until the returned
   * function is called. When changes of others may have been missed, it is called for each run that may have changed.
   */
  subscribe(listener: (runId: string) => void): () => void {
    let isOver = false
    const tell = (runIds: string[]) => {
      for (const runId of isOver ? [] : runIds) listener(runId)
    }
    const unsubscribe = this.#notices.subscribe((kind, id) => {
      if (kind === 'run') tell([id])
      if (kind === 'reconnected') {
        this.#lately().then(tell, (error: unknown) => console.error('Runs may have changed unnoticed', error))
      }
    })
    return () => {
      isOver = true
      unsubscribe()
    }
  }

  /** Newest first. */
  async list(limit: number): Promise<Run[]> {
    const db = await this.#database()
    const rows = await db.select(summary).from(runs).orderBy(desc(runs.createdAt), desc(runs.id)).limit(limit)
    if (rows.length === 0) return []
    const ids = rows.map(({ id }) => id)
    const steps = await db.select().from(runSteps).where(inArray(runSteps.runId, ids)).orderBy(asc(runSteps.number))
    const byRun = Map.groupBy(steps, ({ runId }) => runId)
    return rows.map((row) => toRun(row, byRun.get(row.id) ?? []))
  }

  /** How many there are of each status, 0 included. */
  async countByStatus(): Promise<Record<RunStatus, number>> {
    const db = await this.#database()
    const rows = await db.select({ status: runs.status, many: count() }).from(runs).groupBy(runs.status)
    const none = RUN_STATUSES.map((status) => [status, 0] as const)
    return Object.fromEntries([...none, ...rows.map(({ status, many }) => [status, many])]) as Record<RunStatus, number>
  }

  async load(id: string): Promise<StoredRun | null> {
    const db = await this.#database()
    const [row] = await db.select().from(runs).where(eq(runs.id, id))
    if (!row) return null
    const steps = await db.select().from(runSteps).where(eq(runSteps.runId, id)).orderBy(asc(runSteps.number))
    return { run: toRun(row, steps), plan: row.plan as Plan, asked: row.asked as Asked | null }
  }

  async asked(id: string): Promise<Asked | null> {
    const db = await this.#database()
    const [row] = await db.select({ asked: runs.asked }).from(runs).where(eq(runs.id, id))
    return (row?.asked ?? null) as Asked | null
  }

  async holderOf(keyIds: string[]): Promise<Holder | null> {
    return holderOf(await this.#database(), keyIds)
  }

  /** Stores a reviewed plan as a run that is to be carried out; throws `FamilyHeld`. */
  async insert(plan: Plan, by: { actor: string; reason: string }): Promise<string> {
    const id = randomUUID()
    const db = await this.#database()
    await db.transaction(async (tx) => {
      const { request, title, fingerprint, undo, families } = plan
      const message = 'Starts in a moment'
      await tx.insert(runs).values({
        ...{ id, kind: request.kind, title, status: 'queued', ...by, fingerprint, request, undo, plan },
        ...{ keyIds: families, message },
      })
      await takeHolds(tx, id, families)
      if (plan.steps.length === 0) return
      await tx.insert(runSteps).values(
        plan.steps.map((step, index) => ({
          runId: id,
          number: index + 1,
          title: step.title,
          region: step.region,
          operation: step.does === 'call' ? step.operation : null,
          cli: step.cli,
          status: 'pending',
          output: {},
        })),
      )
    })
    this.#publish(id)
    return id
  }

  /**
   * Lets a person's wish change a run: `decide` sees it as it is, locked, and answers what to store, or why not.
   * `holds` takes its families again; throws `FamilyHeld`.
   */
  async steer<Refused>(
    id: string,
    decide: (run: Run, asked: Asked | null) => { store: Progress; holds?: boolean } | { refused: Refused },
  ): Promise<{ refused: Refused } | { run: Run } | null> {
    const db = await this.#database()
    const answer = await db.transaction(async (tx) => {
      const [row] = await tx.select().from(runs).where(eq(runs.id, id)).for('update')
      if (!row) return null
      const steps = await tx.select().from(runSteps).where(eq(runSteps.runId, id)).orderBy(asc(runSteps.number))
      const run = toRun(row, steps)
      const decision = decide(run, row.asked as Asked | null)
      if ('refused' in decision) return decision
      if (decision.holds) await takeHolds(tx, id, run.keyIds)
      await store(tx, id, decision.store)
      return { run }
    })
    if (answer && 'run' in answer) this.#publish(id)
    return answer
  }

  /**
   * Stores how a run goes on; throws `Interrupted` when another process carries it out by now, or it has ended.
   * With `obeys`, only while a person still wants that: false, and nothing stored, when it was taken back meanwhile.
   */
  async progress(id: string, worker: string, change: Progress, obeys?: Asked['what']): Promise<boolean> {
    const db = await this.#database()
    const isStored = await db.transaction(async (tx) => {
      const [mine] = await tx
        .update(runs)
        .set({ heartbeatAt: sql`now()` })
        .where(and(eq(runs.id, id), eq(runs.worker, worker), inArray(runs.status, atWork)))
        .returning({ asked: runs.asked })
      if (!mine) throw new Interrupted('takeover')
      if (obeys !== undefined && (mine.asked as Asked | null)?.what !== obeys) return false
      await store(tx, id, change)
      return true
    })
    if (isStored) this.#publish(id)
    return isStored
  }

  /** Ids of runs that nobody carries out: never taken up, or silent for so long; oldest first. */
  async abandoned(silenceMs: number): Promise<string[]> {
    const db = await this.#database()
    const rows = await db
      .select({ id: runs.id })
      .from(runs)
      .where(and(inArray(runs.status, atWork), this.#isSilent(silenceMs)))
      .orderBy(asc(runs.createdAt))
    return rows.map(({ id }) => id)
  }

  /** Takes a run for this worker; false when another one has it. */
  async claim(id: string, worker: string, silenceMs: number): Promise<boolean> {
    const db = await this.#database()
    const claimed = await db
      .update(runs)
      .set({ worker, heartbeatAt: sql`now()` })
      .where(and(eq(runs.id, id), inArray(runs.status, atWork), this.#isSilent(silenceMs)))
      .returning({ id: runs.id })
    return claimed.length > 0
  }

  /** A sign of life for all runs that this worker carries out. */
  async beat(worker: string, ids: string[]): Promise<void> {
    if (ids.length === 0) return
    const db = await this.#database()
    await db
      .update(runs)
      .set({ heartbeatAt: sql`now()` })
      .where(and(inArray(runs.id, ids), eq(runs.worker, worker)))
  }

  /** Lets others take up at once what this worker leaves. */
  async leave(worker: string): Promise<void> {
    const db = await this.#database()
    await db.update(runs).set({ worker: null, heartbeatAt: null }).where(eq(runs.worker, worker))
  }

  /** By the clock of the database, which all processes share. */
  #isSilent(silenceMs: number) {
    return sql`(${runs.heartbeatAt} is null or ${runs.heartbeatAt} <= now() - ${silenceMs}::float8 * interval '1 millisecond')`
  }

  /** Ids of runs that have not ended, or not long ago. */
  async #lately(): Promise<string[]> {
    const db = await this.#database()
    const rows = await db
      .select({ id: runs.id })
      .from(runs)
      .where(or(isNull(runs.endedAt), gte(runs.endedAt, sql`now() - interval '1 hour'`)))
    return rows.map(({ id }) => id)
  }

  /** What is told of has been committed: others look at once. */
  #publish(runId: string) {
    this.#notices.publish('run', runId)
  }
}

export const isAtWork = (run: Pick<Run, 'status'>) => !hasEnded(run) && run.status !== 'paused'
