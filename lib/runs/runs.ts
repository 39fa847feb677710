// Runs: what the rest of the product may ask of them. One instance a process.

import type { Answer, Refusal } from '@/lib/plans/answer'
import type { Plan } from '@/lib/plans/plan'
import { hasEnded, type PartWithSteps, type Run } from '@/lib/plans/run'
import type { Db } from '@/lib/store/database'
import type { RecentPromotion } from '@/lib/topology/facts'
import { Executor, type ExecutorOptions } from './executor'
import { recentPromotions } from './recent-promotions'
import { FamilyHeld, type Holder, isAtWork, type RunNotices, RunRecords, type Steering } from './run-records'
import type { Asked } from './standing'

export interface RunsOptions extends Omit<ExecutorOptions, 'records'> {
  database: () => Promise<Db>
  notices: RunNotices
}

type Decision = { steer: Steering } | { refused: string }

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
    this.#records = new RunRecords(database, notices, options.queue)
    this.#executor = new Executor({ ...options, records: this.#records })
  }

  /** Takes part in the work on all runs, also on what a process that is gone has left. */
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

  /** A brief one comes without steps where there are many. */
  get(id: string, options: { isBrief?: boolean } = {}): Promise<Run | null> {
    return this.#records.load(id, options)
  }

  /** One part with its steps. */
  async part(id: string, number: number): Promise<PartWithSteps | null> {
    const share = Number.isSafeInteger(number) ? await this.#records.loadShare({ runId: id, part: number }) : null
    return share && { part: share.part, steps: share.steps }
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
      return { ok: true, value: { id: await this.#records.insert(plan, by) } }
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
      const isPausing = isAtWork(run) && asked?.what === 'pause'
      if (run.status !== 'paused' && !isPausing) return cannot(run, 'resumed')
      return { steer: { asks: null, reopens: run.status === 'paused', says: `Resumed by ${actor}` } }
    })
  }

  /** Ends between steps, or in the wait that it is in; what was done stays. */
  abort(id: string, actor: string): Promise<Answer<{ id: string }>> {
    return this.#steer(id, (run) =>
      hasEnded(run) ? cannot(run, 'aborted') : ask(run, { what: 'abort', by: actor }, 'Ends after this step'),
    )
  }

  /**
   * Goes on with failed parts at the step that failed, all of them or one; a run that has ended for them goes on too, if
   * its families are free.
   */
  retry(id: string, actor: string, part?: number): Promise<Answer<{ id: string }>> {
    return this.#steer(id, (run) => {
      const failed = run.parts.filter(({ status, number }) => status === 'failed' && number === (part ?? number))
      const isLeft =
        run.status === 'failed' && part === undefined && run.parts.some(({ status }) => status === 'pending')
      if (failed.length === 0 && !isLeft) return part === undefined ? cannot(run, 'retried') : notFailed(run, part)
      if (run.status !== 'failed' && !isAtWork(run)) return cannot(run, 'retried')
      const step = run.steps.find(({ status }) => status === 'failed')
      return {
        steer: {
          retries: failed.map(({ number }) => number),
          reopens: run.status === 'failed',
          says: `Tried again by ${actor}${step ? ` from step ${step.number}` : ''}`,
        },
      }
    })
  }

  /** Leaves a failed part as it is, and does not count it as a failure any more. */
  skip(id: string, actor: string, { part, reason }: { part: number; reason: string }): Promise<Answer<{ id: string }>> {
    return this.#steer(id, (run) => {
      const skipped = run.parts.find(({ number }) => number === part)
      if (skipped?.status !== 'failed') return notFailed(run, part)
      if (run.status !== 'failed' && !isAtWork(run)) return cannot(run, 'changed')
      return { steer: { skips: { part, reason, message: `Skipped by ${actor}: ${reason}` } } }
    })
  }

  async #steer(id: string, decide: (run: Run, asked: Asked | null) => Decision): Promise<Answer<{ id: string }>> {
    try {
      const answer = await this.#records.steer(id, decide)
      if (!answer) return { ok: false, error: unknownRun(id) }
      if ('refused' in answer) return { ok: false, error: { code: 'conflict', message: answer.refused } }
      return { ok: true, value: { id } }
    } catch (error) {
      if (error instanceof FamilyHeld) return { ok: false, error: heldBy(error.holder) }
      throw error
    }
  }
}

/** Asks it of whoever carries the run out. */
const ask = (run: Run, asks: Asked, words: string): Decision => ({
  steer: { asks, says: `${words} (asked by ${asks.by}). ${run.message}` },
})

const notFailed = (run: Run, part: number): Decision => {
  const found = run.parts.find(({ number }) => number === part)
  return { refused: found ? `${found.title} has not failed.` : `The run has no part ${part}.` }
}
