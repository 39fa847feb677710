// Runs: what the rest of the product may ask of them. One instance a process.

import type { Answer, Refusal } from '@/lib/plans/answer'
import type { Plan } from '@/lib/plans/plan'
import { hasEnded, type Run } from '@/lib/plans/run'
import type { Db } from '@/lib/store/database'
import type { RecentPromotion } from '@/lib/topology/facts'
import { aborted, Executor, type ExecutorOptions } from './executor'
import { recentPromotions } from './recent-promotions'
import {
  type Asked,
  FamilyHeld,
  type Holder,
  isAtWork,
  type Progress,
  type RunNotices,
  RunRecords,
} from './run-records'

export interface RunsOptions extends Omit<ExecutorOptions, 'records'> {
  database: () => Promise<Db>
  notices: RunNotices
}

type Decision = { store: Progress; holds?: boolean } | { refused: string }

export const unknownRun = (id: string): Refusal => ({ code: 'not-found', message: `No run ${id} is known` })

export const heldBy = ({ runId, title, actor }: Holder): Refusal => ({
  code: 'held',
  message: `Another run changes this family: “${title}” (${runId}), started by ${actor}. Wait until it has ended.`,
})

const statusWords: Readonly<Record<Run['status'], string>> = {
  'pending-approval': 'waits for approval',
  queued: 'is about to start',
  running: 'is running',
  paused: 'is paused',
  waiting: 'is still waiting',
  succeeded: 'has succeeded',
  failed: 'has failed',
  aborted: 'was aborted',
}

const cannot = (run: Run, what: string): Decision => ({
  refused: `The run ${statusWords[run.status]}: it cannot be ${what}.`,
})

export class Runs {
  readonly #records: RunRecords
  readonly #executor: Executor
  readonly #database: RunsOptions['database']

  constructor({ database, notices, ...options }: RunsOptions) {
    this.#database = database
    this.#records = new RunRecords(database, notices)
    this.#executor = new Executor({ ...options, records: this.#records })
  }

  /** Takes up what a process that is gone has left. */
  start(): Promise<void> {
    return this.#executor.start()
  }

  /** Leaves everything under way in a state from which the next process goes on. */
  stop(): Promise<void> {
    return this.#executor.stop()
  }

  /** Newest first. */
  list(limit: number): Promise<Run[]> {
    return this.#records.list(limit)
  }

  /** Which of these families were promoted lately, by key id. */
  async recentPromotions(keyIds: string[]): Promise<Record<string, RecentPromotion>> {
    return keyIds.length === 0 ? {} : recentPromotions(await this.#database(), keyIds)
  }

  /** How many runs there are of each status. */
  countByStatus(): Promise<Record<Run['status'], number>> {
    return this.#records.countByStatus()
  }

  async get(id: string): Promise<Run | null> {
    return (await this.#records.load(id))?.run ?? null
  }

  /** Calls the listener with the id of each run that has changed, in any process, until the returned function is called. */
  subscribe(listener: (runId: string) => void): () => void {
    return this.#records.subscribe(listener)
  }

  /** The active run that holds one of these families. */
  holderOf(keyIds: string[]): Promise<Holder | null> {
    return this.#records.holderOf(keyIds)
  }

  /** Begins to carry out a plan that was found fit to start. */
  async add(plan: Plan, by: { actor: string; reason: string }): Promise<Answer<{ id: string }>> {
    try {
      const id = await this.#records.insert(plan, by)
      this.#executor.wake(id)
      return { ok: true, value: { id } }
    } catch (error) {
      if (error instanceof FamilyHeld) return { ok: false, error: heldBy(error.holder) }
      throw error
    }
  }

  /** Pauses between steps, or in the wait that it is in. */
  pause(id: string, actor: string): Promise<Answer<{ id: string }>> {
    return this.#steer(id, (run) =>
      isAtWork(run) ? ask(run, { what: 'pause', by: actor }, 'Pauses after this step') : cannot(run, 'paused'),
    )
  }

  resume(id: string, actor: string): Promise<Answer<{ id: string }>> {
    return this.#steer(id, (run, asked) => {
      if (run.status === 'paused') return { store: requeued(`Resumed by ${actor}`) }
      if (isAtWork(run) && asked?.what === 'pause')
        return { store: { run: { asked: null, message: `Resumed by ${actor}` } } }
      return cannot(run, 'resumed')
    })
  }

  /** Ends between steps, or in the wait that it is in; what was done stays. */
  abort(id: string, actor: string): Promise<Answer<{ id: string }>> {
    return this.#steer(id, (run) => {
      if (hasEnded(run)) return cannot(run, 'aborted')
      if (!isAtWork(run)) return { store: aborted(run, actor) }
      return ask(run, { what: 'abort', by: actor }, 'Ends after this step')
    })
  }

  /** Goes on with a failed run at the step that failed, if its families are free. */
  retry(id: string, actor: string): Promise<Answer<{ id: string }>> {
    return this.#steer(id, (run) => {
      const failed = run.steps.find((step) => step.status === 'failed')
      if (run.status !== 'failed' || !failed) return cannot(run, 'retried')
      const message = `Tried again by ${actor} from step ${failed.number}`
      const store = requeued(message)
      return {
        store: {
          run: { ...store.run, endedAt: null },
          step: { number: failed.number, status: 'pending', endedAt: null },
        },
        holds: true,
      }
    })
  }

  async #steer(id: string, decide: (run: Run, asked: Asked | null) => Decision): Promise<Answer<{ id: string }>> {
    try {
      const answer = await this.#records.steer(id, decide)
      if (!answer) return { ok: false, error: unknownRun(id) }
      if ('refused' in answer) return { ok: false, error: { code: 'conflict', message: answer.refused } }
      this.#executor.wake(id)
      return { ok: true, value: { id } }
    } catch (error) {
      if (error instanceof FamilyHeld) return { ok: false, error: heldBy(error.holder) }
      throw error
    }
  }
}

/** Asks it of whoever carries the run out. */
const ask = (run: Run, asked: Asked, words: string): Decision => ({
  store: { run: { asked, message: `${words} (asked by ${asked.by}). ${run.message}` } },
})

const requeued = (message: string): Progress => ({
  run: { status: 'queued', asked: null, worker: null, heartbeatAt: null, message },
})
