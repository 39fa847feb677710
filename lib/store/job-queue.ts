// Job queue: hands jobs to whichever process is there to do them, by pg-boss on the same database. Each is done by one
// process at a time, and by another one when that has gone or stands still.

import { sql } from 'drizzle-orm'
import { type DrizzleTransactionLike, fromDrizzle, PgBoss } from 'pg-boss'
import type { Db, JobConnection } from './database'

export interface Job<Data> {
  id: string
  /** Counted from 0; the job has been left by those who had the earlier ones. */
  attempt: number
  data: Data
  /** Aborted when another process has the job by now, or this one ends. */
  signal: AbortSignal
}

export interface JobQueueOptions {
  name: string
  connection: () => Promise<JobConnection>
  /** No other process can be at work: what an earlier one had is free at once. */
  isAlone: boolean
}

/** Free workers, so that a job is begun at once; there are as many more as have a job. */
const FREE_WORKERS = 4
const MOST_WORKERS = 500

/**
 * After so much silence a job is given to another process, which looks for such jobs so often. Measured: taken over
 * 9 s after a kill, where the defaults of pg-boss had not done so after 100 s.
 */
const SHARED = { heartbeatSeconds: 10, superviseSeconds: 1 }
/** Alone there is nobody to take over: what is silent is this process itself, which was busy. */
const ALONE = { heartbeatSeconds: 120, superviseSeconds: 30 }

/** New jobs are told of; only those that were given up by another process are found by looking. */
const LOOK_EVERY_SECONDS = { told: 5, untold: 1 }

/** The longest that pg-boss lets one attempt last; the next one goes on from there. */
const LONGEST_ATTEMPT_SECONDS = 24 * 60 * 60
/** A job is done when its work is, however often it has to be begun. */
const RETRIES = 1_000_000_000
const FORGET_AFTER_SECONDS = 60 * 60
const SAY_AGAIN_MS = 60_000

export class JobQueue<Data extends object> {
  readonly #options: JobQueueOptions
  #opening: Promise<PgBoss> | undefined
  #isClosed = false
  #workers = 0
  #busy = 0
  #saidAt = Number.NEGATIVE_INFINITY

  constructor(options: JobQueueOptions) {
    this.#options = options
  }

  /** Opens the queue at the first call. To be awaited before a transaction that adds jobs: PGlite has one connection. */
  async ready(): Promise<void> {
    await this.#open()
  }

  /** Adds jobs in a transaction; they are begun when it has been committed. Ids are UUIDs. */
  async add(tx: Db, jobs: { id: string; data: Data }[]): Promise<void> {
    if (jobs.length === 0) return
    const boss = await this.#open()
    // A `Db` does not say of which driver it is; the rows of both look alike.
    const transaction = tx as unknown as DrizzleTransactionLike
    await boss.insert(this.#options.name, jobs, { db: fromDrizzle(transaction, sql) })
  }

  /** Those of the jobs that nobody will do: unknown by now, or ended. */
  async lost(ids: string[]): Promise<string[]> {
    if (ids.length === 0) return []
    const boss = await this.#open()
    const { rows } = await boss
      .getDb()
      .executeSql(`select id from pgboss.job where name = $1 and id = any($2::uuid[]) and state < 'completed'`, [
        this.#options.name,
        ids,
      ])
    const known = new Set(rows.map(({ id }) => id as string))
    return ids.filter((id) => !known.has(id))
  }

  /** Does the jobs; one whose work rejects is begun again, by whichever process comes first. */
  async work(handle: (job: Job<Data>) => Promise<void>): Promise<void> {
    const boss = await this.#open()
    await this.#hire(boss, handle, FREE_WORKERS)
  }

  /** Gives what is under way so long to end; the rest is given up, for others to begin. */
  async stop(withinMs: number): Promise<void> {
    this.#isClosed = true
    const boss = await this.#opening?.catch(() => null)
    await boss?.stop({ graceful: withinMs > 0, timeout: withinMs })
  }

  #open(): Promise<PgBoss> {
    if (this.#isClosed) return Promise.reject(new Error('The job queue has been closed'))
    if (this.#opening) return this.#opening
    const opening = this.#start()
    this.#opening = opening
    opening.catch(() => {
      if (this.#opening === opening) this.#opening = undefined
    })
    return opening
  }

  async #start(): Promise<PgBoss> {
    const { name, connection, isAlone } = this.#options
    const { heartbeatSeconds, superviseSeconds } = isAlone ? ALONE : SHARED
    const boss = new PgBoss({
      ...(await connection()),
      useListenNotify: true,
      superviseIntervalSeconds: superviseSeconds,
      monitorIntervalSeconds: superviseSeconds,
      maintenanceIntervalSeconds: FORGET_AFTER_SECONDS,
      schedule: false,
      registerInstance: false,
      openTelemetry: { enabled: false },
    })
    boss.on('error', (error) => this.#say(error))
    await boss.start()
    await boss.createQueue(name, {
      notify: true,
      heartbeatSeconds,
      retryLimit: RETRIES,
      retryDelay: 0,
      expireInSeconds: LONGEST_ATTEMPT_SECONDS,
      deleteAfterSeconds: FORGET_AFTER_SECONDS,
    })
    if (isAlone) await this.#release(boss)
    return boss
  }

  /** What was under way in a process that is gone. */
  async #release(boss: PgBoss) {
    const { name } = this.#options
    const { rows } = await boss
      .getDb()
      .executeSql(`select id from pgboss.job where name = $1 and state = 'active'`, [name])
    const ids = rows.map(({ id }) => id as string)
    if (ids.length > 0) await boss.fail(name, ids)
  }

  /** One worker does one job at a time, and many jobs only wait: there are always some who are free. */
  async #hire(boss: PgBoss, handle: (job: Job<Data>) => Promise<void>, many: number) {
    for (let hired = 0; hired < many && this.#workers < MOST_WORKERS && !this.#isClosed; hired += 1) {
      this.#workers += 1
      let id = ''
      id = await boss.work<Data>(
        this.#options.name,
        {
          pollingIntervalSeconds: LOOK_EVERY_SECONDS.untold,
          notifyPollingIntervalSeconds: LOOK_EVERY_SECONDS.told,
        },
        async ([job]) => {
          if (!job) return
          this.#busy += 1
          if (this.#workers - this.#busy < FREE_WORKERS) {
            this.#hire(boss, handle, 1).catch((error: unknown) => this.#say(error))
          }
          try {
            await handle({ id: job.id, attempt: job.retryCount, data: job.data, signal: job.signal })
          } finally {
            this.#busy -= 1
            if (this.#workers - this.#busy > FREE_WORKERS) {
              this.#workers -= 1
              await boss.offWork(this.#options.name, { id, wait: false })
            }
          }
        },
      )
    }
  }

  /** A database that is away is told of by every worker: once is enough. */
  #say(error: unknown) {
    const now = performance.now()
    if (this.#isClosed || now - this.#saidAt < SAY_AGAIN_MS) return
    this.#saidAt = now
    console.error(
      `The job queue ${this.#options.name} has trouble: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
