// Run records: runs, their parts and steps, and the families they hold, as rows. Every change is told to those who
// listen, in any process on the same database.

import { randomUUID } from 'node:crypto'
import { and, asc, count, desc, eq, gte, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import { deedOf, type Plan } from '@/lib/plans/plan'
import {
  hasEnded,
  MOST_LISTED_STEPS,
  type PartStatus,
  RUN_STATUSES,
  type Run,
  type RunCounts,
  type RunPart,
  type RunStatus,
  type RunStep,
} from '@/lib/plans/run'
import type { Db } from '@/lib/store/database'
import type { Notices } from '@/lib/store/notices'
import { heldFamilies, runParts, runSteps, runs } from '@/lib/store/schema'
import { type PartQueue, partStatesOf, restand, type StandingRun } from './restand'
import { noParts, type PartRow, type RunRow, type StepRow, summary, toPart, toRun, toStep } from './run-rows'
import type { Asked } from './standing'
import { Interrupted } from './step-context'

/** The attempt at a job by which a part is carried out. */
export interface Carrier {
  runId: string
  part: number
  job: string
  attempt: number
}

/** A part with what is needed to carry it out. */
export interface Share {
  run: Pick<Run, 'id' | 'title' | 'createdAt' | 'keyIds'>
  part: RunPart
  /** Of this part alone. */
  steps: RunStep[]
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

/** One stored change of a part that is carried out. */
export interface Progress {
  part?: Partial<Pick<PartRow, 'status' | 'message' | 'startedAt' | 'endedAt' | 'settled'>>
  step?: Partial<Omit<StepRow, 'runId' | 'part'>> & { number: number }
  /** A key that was made: the run holds its family from now on. */
  born?: string
  /** Nobody works on the part from now on, until something begins it again. */
  leaves?: boolean
}

/** What a person changes of a run. */
export interface Steering {
  /** Of those who carry it out; null takes it back. */
  asks?: Asked | null
  /** Failed parts that are tried again. */
  retries?: number[]
  /** A failed part that is left out. */
  skips?: { part: number; message: string; reason: string }
  /** It goes on, after a pause or its end: its unfinished families are held again. */
  reopens?: boolean
  /** The words of a run with one part. */
  says?: string
}

type Decide<Refused> = (run: Run, asked: Asked | null) => { steer: Steering } | { refused: Refused }

const standingOf = (row: RunRow): StandingRun => ({ ...row, asked: row.asked as Asked | null })

async function storeStep(tx: Db, runId: string, { number, ...columns }: NonNullable<Progress['step']>) {
  await tx
    .update(runSteps)
    .set(columns)
    .where(and(eq(runSteps.runId, runId), eq(runSteps.number, number)))
}

async function storeBorn(tx: Db, row: RunRow, part: number, born: string) {
  const keyIds = [...new Set([...(row.keyIds as string[]), born])]
  await tx.update(runs).set({ keyIds }).where(eq(runs.id, row.id))
  await tx
    .update(runParts)
    .set({ keyId: born })
    .where(and(eq(runParts.runId, row.id), eq(runParts.number, part), isNull(runParts.keyId)))
  await tx.insert(heldFamilies).values({ keyId: born, runId: row.id }).onConflictDoNothing()
}

async function storeSteering(tx: Db, row: RunRow, { retries, skips, reopens }: Steering): Promise<void> {
  const runId = row.id
  if (retries && retries.length > 0) {
    await tx
      .update(runParts)
      .set({ status: 'pending', endedAt: null })
      .where(and(eq(runParts.runId, runId), inArray(runParts.number, retries)))
    await tx
      .update(runSteps)
      .set({ status: 'pending', endedAt: null })
      .where(and(eq(runSteps.runId, runId), inArray(runSteps.part, retries), eq(runSteps.status, 'failed')))
  }
  if (skips) {
    const { part, message, reason } = skips
    await tx
      .update(runParts)
      .set({ status: 'skipped', message, reason })
      .where(and(eq(runParts.runId, runId), eq(runParts.number, part)))
    await tx
      .update(runSteps)
      .set({ status: 'skipped' })
      .where(and(eq(runSteps.runId, runId), eq(runSteps.part, part), inArray(runSteps.status, ['pending', 'failed'])))
  }
  if (reopens && hasEnded({ status: row.status as RunStatus })) {
    const open = await tx
      .select({ keyId: runParts.keyId })
      .from(runParts)
      .where(and(eq(runParts.runId, runId), inArray(runParts.status, ['pending', 'failed'])))
    await takeHolds(tx, runId, [...new Set(open.flatMap(({ keyId }) => keyId ?? []))])
  }
}

export type RunNotices = Pick<Notices, 'publish' | 'subscribe'>

export class RunRecords {
  readonly #database: () => Promise<Db>
  readonly #notices: RunNotices
  readonly #queue: PartQueue

  constructor(database: () => Promise<Db>, notices: RunNotices, queue: PartQueue) {
    this.#database = database
    this.#notices = notices
    this.#queue = queue
  }

  /**
   * Calls the listener with the run's id after each change that this or another process has stored, until the returned
   * function is called. When changes of others may have been missed, it is called for each run that may have changed.
   */
  subscribe(listener: (runId: string) => void): () => void {
    return this.#hear('run', listener)
  }

  /** The same, only for what a person wants of a run. */
  onSteered(listener: (runId: string) => void): () => void {
    return this.#hear('steer', listener)
  }

  /** Newest first. Those with many steps come without parts and steps. */
  async list(limit: number): Promise<Run[]> {
    const db = await this.#database()
    const rows = await db.select(summary).from(runs).orderBy(desc(runs.createdAt), desc(runs.id)).limit(limit)
    const ids = rows.map(({ id }) => id)
    const counts = await this.#counts(db, ids)
    const isShort = (id: string) => countsOf(counts, id).steps.all <= MOST_LISTED_STEPS
    const isTimed = ({ status }: { status: string }) => atWork.includes(status as RunStatus)
    const read = rows.filter((row) => isShort(row.id) || isTimed(row)).map(({ id }) => id)
    const parts = Map.groupBy(await this.#partsOf(db, read), ({ runId }) => runId)
    const steps = Map.groupBy(await this.#stepsOf(db, ids.filter(isShort)), ({ runId }) => runId)
    const now = Date.now()
    return rows.map((row) => {
      const all = parts.get(row.id) ?? []
      const shown = isShort(row.id) ? all : []
      return toRun(row, { counts: countsOf(counts, row.id), parts: shown, steps: steps.get(row.id) ?? [] }, now, all)
    })
  }

  /** How many there are of each status, 0 included. */
  async countByStatus(): Promise<Record<RunStatus, number>> {
    const db = await this.#database()
    const rows = await db.select({ status: runs.status, many: count() }).from(runs).groupBy(runs.status)
    const none = RUN_STATUSES.map((status) => [status, 0] as const)
    return Object.fromEntries([...none, ...rows.map(({ status, many }) => [status, many])]) as Record<RunStatus, number>
  }

  /** A brief one comes without steps where there are many. */
  async load(id: string, options: { isBrief?: boolean } = {}): Promise<Run | null> {
    const db = await this.#database()
    const [row] = await db.select(summary).from(runs).where(eq(runs.id, id))
    if (!row) return null
    return this.#withParts(db, row, options)
  }

  /** The reviewed plan of a run, which never changes. */
  async planOf(id: string): Promise<Plan | null> {
    const db = await this.#database()
    const [row] = await db.select({ plan: runs.plan }).from(runs).where(eq(runs.id, id))
    return (row?.plan ?? null) as Plan | null
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
    await this.#change(async (tx) => {
      const { request, title, fingerprint, undo, families, maxFailures, minimumSeconds } = plan
      const says = 'Starts in a moment'
      const row = { id, title, status: 'queued', deed: deedOf(plan), maxFailures, asked: null }
      await tx.insert(runs).values({
        ...row,
        ...{ kind: request.kind, ...by, fingerprint, request, undo, plan, minimumSeconds },
        ...{ keyIds: families, message: says },
      })
      await takeHolds(tx, id, families)
      const parts = plan.parts.map((part, index) => ({
        ...{ runId: id, number: index + 1, ...part },
        ...{ status: 'pending', settled: false },
      }))
      if (parts.length > 0) await tx.insert(runParts).values(parts)
      const steps = parts.flatMap(({ number, firstStep, lastStep }) =>
        plan.steps.slice(firstStep - 1, lastStep).map((step, index) => ({
          ...{ runId: id, number: firstStep + index, part: number },
          ...{ title: step.title, region: step.region, cli: step.cli, status: 'pending', output: {} },
          operation: step.does === 'call' ? step.operation : null,
        })),
      )
      for (let from = 0; from < steps.length; from += STEPS_AT_ONCE) {
        await tx.insert(runSteps).values(steps.slice(from, from + STEPS_AT_ONCE))
      }
      await restand(tx, this.#queue, row, { says, reopened: true })
    })
    this.#publish(id)
    return id
  }

  /**
   * Lets a person's wish change a run: `decide` sees it as it is, locked, and answers what to store, or why not.
   * Throws `FamilyHeld` when it cannot go on because another run holds one of its families.
   */
  async steer<Refused>(id: string, decide: Decide<Refused>): Promise<{ refused: Refused } | { run: Run } | null> {
    const answer = await this.#change(async (tx) => {
      const [row] = await tx.select().from(runs).where(eq(runs.id, id)).for('update')
      if (!row) return null
      const run = await this.#withParts(tx, row)
      const decision = decide(run, row.asked as Asked | null)
      if ('refused' in decision) return decision
      const { steer } = decision
      const asked = steer.asks === undefined ? (row.asked as Asked | null) : steer.asks
      await tx.update(runs).set({ asked }).where(eq(runs.id, id))
      await storeSteering(tx, row, steer)
      await restand(
        tx,
        this.#queue,
        { ...row, asked },
        {
          ...(steer.says !== undefined && { says: steer.says }),
          reopened: steer.reopens === true,
          isOver: hasEnded(run) && !steer.reopens,
        },
      )
      return { run }
    })
    if (answer && 'run' in answer) {
      this.#notices.publish('steer', id)
      this.#publish(id)
    }
    return answer
  }

  /** Takes the part for this attempt; false when a later one has it, or nobody is to work on it. */
  async claim({ runId, part, job, attempt }: Carrier): Promise<boolean> {
    const db = await this.#database()
    const claimed = await db
      .update(runParts)
      .set({ attempt })
      .where(
        and(
          eq(runParts.runId, runId),
          eq(runParts.number, part),
          eq(runParts.job, job),
          or(isNull(runParts.attempt), lt(runParts.attempt, attempt)),
        ),
      )
      .returning({ number: runParts.number })
    return claimed.length > 0
  }

  async loadShare({ runId, part }: Pick<Carrier, 'runId' | 'part'>): Promise<Share | null> {
    const db = await this.#database()
    const [found] = await db
      .select({
        ...{ id: runs.id, title: runs.title, createdAt: runs.createdAt, keyIds: runs.keyIds, asked: runs.asked },
        part: runParts,
      })
      .from(runs)
      .innerJoin(runParts, and(eq(runParts.runId, runs.id), eq(runParts.number, part)))
      .where(eq(runs.id, runId))
    if (!found) return null
    const steps = await db
      .select()
      .from(runSteps)
      .where(and(eq(runSteps.runId, runId), eq(runSteps.part, part)))
      .orderBy(asc(runSteps.number))
    const { id, title, createdAt, keyIds, asked } = found
    return {
      run: { id, title, createdAt: createdAt.toISOString(), keyIds: keyIds as string[] },
      part: toPart(found.part),
      steps: steps.map(toStep),
      asked: asked as Asked | null,
    }
  }

  /**
   * Stores how a part goes on; throws `Interrupted` when it is not this attempt's any more. With `whileAsked`, only while
   * a person still wants the run to stop: false, and nothing stored, when that was taken back meanwhile.
   */
  async progress(carrier: Carrier, change: Progress, { whileAsked = false } = {}): Promise<boolean> {
    const { runId, part, job, attempt } = carrier
    const isStored = await this.#change(async (tx) => {
      const [row] = await tx.select().from(runs).where(eq(runs.id, runId)).for('update')
      const mine = and(
        ...[eq(runParts.runId, runId), eq(runParts.number, part), eq(runParts.job, job), eq(runParts.attempt, attempt)],
      )
      const [before] = await tx.select().from(runParts).where(mine)
      if (!row || !before) throw new Interrupted('takeover')
      if (whileAsked && row.asked === null) return false
      const { leaves = false } = change
      const after = { ...before, ...change.part, ...(leaves && { job: null, attempt: null }) }
      await tx
        .update(runParts)
        .set({ ...change.part, job: after.job, attempt: after.attempt })
        .where(mine)
      if (change.step) await storeStep(tx, runId, change.step)
      if (change.born) await storeBorn(tx, row, part, change.born)
      if (row.startedAt === null) await tx.update(runs).set({ startedAt: new Date() }).where(eq(runs.id, runId))
      if (leaves || after.status !== before.status || after.settled !== before.settled) {
        await restand(tx, this.#queue, standingOf(row))
      } else if (after.message !== before.message) {
        await tx
          .update(runs)
          .set({ message: after.message ?? row.message })
          .where(
            and(eq(runs.id, runId), sql`(select count(*) from ${runParts} where ${runParts.runId} = ${runId}) = 1`),
          )
      }
      return true
    })
    if (isStored) this.#publish(runId)
    return isStored
  }

  /** Gives new jobs to parts whose job is gone, which only a queue that was emptied by somebody can bring about. */
  async mend(): Promise<void> {
    const db = await this.#database()
    const rows = await db.select({ id: runs.id }).from(runs).where(inArray(runs.status, atWork))
    for (const { id } of rows) {
      const jobs = await db.select({ job: runParts.job }).from(runParts).where(eq(runParts.runId, id))
      const lost = await this.#queue.lost(jobs.flatMap(({ job }) => job ?? []))
      await this.#change(async (tx) => {
        const [row] = await tx.select().from(runs).where(eq(runs.id, id)).for('update')
        if (!row || !atWork.includes(row.status as RunStatus)) return
        if (lost.length > 0) {
          await tx
            .update(runParts)
            .set({ job: null, attempt: null, status: 'pending' })
            .where(and(eq(runParts.runId, id), inArray(runParts.job, lost)))
        }
        const parts = await partStatesOf(tx, id)
        if (lost.length > 0 || !parts.some(({ carried }) => carried)) await restand(tx, this.#queue, standingOf(row))
      })
    }
  }

  /** One transaction. The queue is open before it begins, as it could not be opened in between. */
  async #change<Result>(work: (tx: Db) => Promise<Result>): Promise<Result> {
    const db = await this.#database()
    await this.#queue.ready()
    return db.transaction(work)
  }

  async #withParts(db: Db, row: Parameters<typeof toRun>[0], { isBrief = false } = {}): Promise<Run> {
    const counts = countsOf(await this.#counts(db, [row.id]), row.id)
    const parts = await this.#partsOf(db, [row.id])
    const steps = isBrief && counts.steps.all > MOST_LISTED_STEPS ? [] : await this.#stepsOf(db, [row.id])
    return toRun(row, { counts, parts, steps }, Date.now())
  }

  async #counts(db: Db, ids: string[]): Promise<Map<string, RunCounts>> {
    if (ids.length === 0) return new Map()
    const steps = await db
      .select({
        runId: runSteps.runId,
        all: count(),
        finished: sql<number>`(count(*) filter (where ${runSteps.status} in ('done', 'skipped')))::int`,
      })
      .from(runSteps)
      .where(inArray(runSteps.runId, ids))
      .groupBy(runSteps.runId)
    const parts = await db
      .select({ runId: runParts.runId, status: runParts.status, many: count() })
      .from(runParts)
      .where(inArray(runParts.runId, ids))
      .groupBy(runParts.runId, runParts.status)
    const counts = new Map(ids.map((id) => [id, nothing()]))
    for (const { runId, all, finished } of steps) countsOf(counts, runId).steps = { all, finished }
    for (const { runId, status, many } of parts) countsOf(counts, runId).parts[status as PartStatus] = many
    return counts
  }

  async #partsOf(db: Db, ids: string[]): Promise<PartRow[]> {
    if (ids.length === 0) return []
    return db.select().from(runParts).where(inArray(runParts.runId, ids)).orderBy(asc(runParts.number))
  }

  async #stepsOf(db: Db, ids: string[]): Promise<StepRow[]> {
    if (ids.length === 0) return []
    return db.select().from(runSteps).where(inArray(runSteps.runId, ids)).orderBy(asc(runSteps.number))
  }

  #hear(what: 'run' | 'steer', listener: (runId: string) => void): () => void {
    let isOver = false
    const tell = (runIds: string[]) => {
      for (const runId of isOver ? [] : runIds) listener(runId)
    }
    const unsubscribe = this.#notices.subscribe((kind, id) => {
      if (kind === what) tell([id])
      if (kind === 'reconnected') {
        this.#lately().then(tell, (error: unknown) => console.error('Runs may have changed unnoticed', error))
      }
    })
    return () => {
      isOver = true
      unsubscribe()
    }
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

/** A statement has at most 65,535 parameters. */
const STEPS_AT_ONCE = 1_000

const nothing = (): RunCounts => ({ parts: noParts(), steps: { all: 0, finished: 0 } })
const countsOf = (counts: Map<string, RunCounts>, id: string) => counts.get(id) ?? nothing()

export const isAtWork = (run: Pick<Run, 'status'>) => !hasEnded(run) && run.status !== 'paused'
