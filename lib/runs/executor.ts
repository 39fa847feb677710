// Executor: carries runs out, step by step, whatever they are about. Rows tell where a run stands, KMS what is done.

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { readsFor } from '@/lib/plans/done'
import type { KeyRef, Step } from '@/lib/plans/plan'
import type { Run, RunStep } from '@/lib/plans/run'
import { carryOutCall } from './call-step'
import type { Pace } from './pace'
import { carryOutProof } from './prove-step'
import type { Asked, Progress, RunRecords, StoredRun } from './run-records'
import { Interrupted, type StepContext, StepFailure, type StepResult } from './step-context'
import { carryOutWait } from './wait-step'

export interface ExecutorOptions {
  records: RunRecords
  /** Shows at once what a step changed. */
  refreshFamily: (keyId: string, regions: string[]) => Promise<unknown>
  pace: Pace
  /** No other process can be at work: what was left by a dead one is taken up without waiting. */
  isAlone: boolean
}

interface Work {
  done: Promise<void>
  /** Ends the pause that the run is in, so that it looks at once what is asked of it. */
  nudge: () => void
  /** Something was asked while it may have been about to end: look once more. */
  again: boolean
}

const isFinished = (step: RunStep) => step.status === 'done' || step.status === 'skipped'

function carryOut(step: Step, context: StepContext): Promise<StepResult> {
  switch (step.does) {
    case 'call':
      return carryOutCall(step, context)
    case 'wait':
      return carryOutWait(step, context)
    case 'prove':
      return carryOutProof(step, context)
  }
}

const resolverOf = (run: Run) => (ref: KeyRef) => {
  if (typeof ref === 'string') return ref
  const keyId = run.steps[ref.step - 1]?.output.keyId
  if (!keyId) throw new Error(`Step ${ref.step} of run ${run.id} has made no key`)
  return keyId
}

/** The words of the last wait tell how the change came out; proofs that say nothing are not passed over. */
function lastWords({ run, plan }: StoredRun): string {
  const lastWait = plan.steps.findLastIndex((step) => step.does === 'wait')
  const words = run.steps[lastWait]?.message
  const cells = run.steps.flatMap((step) => step.output.proof ?? [])
  const proofs = plan.steps.filter((step) => step.does === 'prove').length
  const unproven = proofs > 0 && (cells.length === 0 || cells.some(({ result }) => result !== 'proven'))
  return [
    `Done: ${run.title}.`,
    ...(words ? [`${words}.`] : []),
    ...(unproven ? ['Not everything could be proven: see the steps.'] : []),
  ].join(' ')
}

export class Executor {
  readonly #options: ExecutorOptions
  readonly #worker = randomUUID()
  readonly #stopped = new AbortController()
  readonly #work = new Map<string, Work>()
  #timers: NodeJS.Timeout[] = []

  constructor(options: ExecutorOptions) {
    this.#options = options
  }

  /** Takes up what was left, now and from time to time. */
  async start(): Promise<void> {
    if (this.#timers.length > 0) return
    const { heartbeatMs, silenceMs } = this.#options.pace
    this.#timers = [
      setInterval(() => void this.#quietly('tell that it lives', () => this.#beat()), heartbeatMs).unref(),
      setInterval(() => void this.#quietly('look for runs', () => this.#takeUp(silenceMs)), silenceMs).unref(),
    ]
    await this.#takeUp(this.#options.isAlone ? 0 : silenceMs)
  }

  /** Carries a run out that is queued, or was left by others; returns at once. */
  wake(runId: string) {
    const work = this.#work.get(runId)
    if (work) {
      work.again = true
      work.nudge()
    } else this.#begin(runId, this.#options.pace.silenceMs)
  }

  /** Suspends all runs where they are; a call that is under way is given a moment for its answer. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    for (const timer of this.#timers) clearInterval(timer)
    const ended = Promise.all([...this.#work.values()].map(({ done }) => done))
    await Promise.race([ended, sleep(this.#options.pace.stopMs, undefined, { ref: false })])
    // What is still on its way to KMS keeps its heartbeat: nobody else may begin it at the same time.
    if (this.#work.size === 0) await this.#quietly('leave its runs', () => this.#options.records.leave(this.#worker))
  }

  async #takeUp(silenceMs: number) {
    for (const runId of await this.#options.records.abandoned(silenceMs)) this.#begin(runId, silenceMs)
  }

  #beat() {
    return this.#options.records.beat(this.#worker, [...this.#work.keys()])
  }

  async #quietly(what: string, work: () => Promise<unknown>) {
    try {
      await work()
    } catch (error) {
      console.error(`The executor could not ${what}`, error)
    }
  }

  #begin(runId: string, silenceMs: number) {
    if (this.#stopped.signal.aborted || this.#work.has(runId)) return
    let pause = new AbortController()
    const nudge = () => {
      pause.abort()
      pause = new AbortController()
    }
    const rest = async (ms: number) => {
      const signal = AbortSignal.any([this.#stopped.signal, pause.signal])
      // Rejects only when it is ended early.
      await sleep(ms, undefined, { signal }).catch(() => undefined)
      if (this.#stopped.signal.aborted) throw new Interrupted('stop')
    }
    const done = this.#carry(runId, silenceMs, rest)
      .catch((error: unknown) => {
        const isExpected = error instanceof Interrupted || this.#stopped.signal.aborted
        if (!isExpected) console.error(`Run ${runId} broke off; it is taken up again later`, error)
      })
      .finally(() => {
        this.#work.delete(runId)
        if (work.again) this.#begin(runId, silenceMs)
      })
    const work: Work = { done, nudge, again: false }
    this.#work.set(runId, work)
  }

  async #carry(runId: string, silenceMs: number, rest: (ms: number) => Promise<void>): Promise<void> {
    const { records } = this.#options
    if (!(await records.claim(runId, this.#worker, silenceMs))) return
    while (!this.#stopped.signal.aborted) {
      const stored = await records.load(runId)
      if (!stored) return
      const { run, asked } = stored
      if (asked) {
        if (await this.#obey(run, asked)) return
        continue
      }
      const step = run.steps.find((each) => !isFinished(each))
      if (!step) {
        await this.#succeed(stored)
        return
      }
      if (!(await this.#carryStep(stored, step, rest))) return
    }
  }

  #progress(runId: string, change: Progress) {
    return this.#options.records.progress(runId, this.#worker, change)
  }

  #succeed(stored: StoredRun) {
    return this.#progress(stored.run.id, {
      run: { status: 'succeeded', endedAt: new Date(), message: lastWords(stored) },
      releases: true,
    })
  }

  /** A person wants it paused or ended: done between steps, and during waits. False when it was taken back. */
  #obey(run: Run, { what, by }: Asked): Promise<boolean> {
    const paused: Progress = {
      run: { status: 'paused', asked: null, worker: null, message: `Paused by ${by}: press Resume to go on` },
    }
    return this.#options.records.progress(run.id, this.#worker, what === 'pause' ? paused : aborted(run, by), what)
  }

  /** Carries out one step; false when the run does not go on from here by itself. */
  async #carryStep(stored: StoredRun, step: RunStep, rest: (ms: number) => Promise<void>): Promise<boolean> {
    const { run, plan } = stored
    const planned = plan.steps[step.number - 1]
    if (!planned) throw new Error(`Run ${run.id} has no step ${step.number}`)
    const startedAt = step.startedAt ?? new Date().toISOString()
    const where = `Step ${step.number} of ${run.steps.length}: ${step.title}`
    await this.#progress(run.id, {
      run: { status: 'running', message: where, ...(run.startedAt === null && { startedAt: new Date() }) },
      step: {
        number: step.number,
        status: planned.does === 'wait' ? 'waiting' : 'running',
        startedAt: new Date(startedAt),
        endedAt: null,
        error: null,
        message: null,
      },
    })
    try {
      const result = await carryOut(planned, this.#contextOf(stored, step, startedAt, rest))
      const keyId = result.output?.keyId
      await this.#progress(run.id, {
        run: { status: 'running' },
        step: {
          number: step.number,
          status: 'done',
          endedAt: new Date(),
          message: result.message,
          requestId: result.requestId ?? null,
          output: result.output ?? {},
        },
        ...(keyId && { born: keyId }),
      })
      await this.#show(run.id, planned)
      return true
    } catch (thrown) {
      // Asked to pause or abort in a wait: the loop looks at it next.
      if (thrown instanceof Interrupted && (thrown.by === 'pause' || thrown.by === 'abort')) {
        await this.#progress(run.id, { step: { number: step.number, status: 'pending' } })
        return true
      }
      if (thrown instanceof Interrupted) throw thrown
      await this.#fail(run, step, thrown)
      await this.#show(run.id, planned)
      return false
    }
  }

  async #fail(run: Run, step: RunStep, thrown: unknown) {
    const failure =
      thrown instanceof StepFailure
        ? thrown
        : new StepFailure({
            name: 'Unexpected',
            message: 'Something happened that nobody expected',
            whatToDo: 'Look into the log of the server, then retry.',
          })
    if (failure !== thrown) console.error(`Step ${step.number} of run ${run.id} failed unexpectedly`, thrown)
    const { error, output } = failure
    await this.#progress(run.id, {
      run: {
        status: 'failed',
        endedAt: new Date(),
        worker: null,
        asked: null,
        message: `Stopped at step ${step.number}, ${step.title}: ${error.message.replace(/\.$/, '')}. ${error.whatToDo} Retry goes on from there.`,
      },
      step: {
        number: step.number,
        status: 'failed',
        endedAt: new Date(),
        error,
        message: null,
        requestId: error.requestId ?? null,
        output,
      },
      releases: true,
    })
  }

  #contextOf(
    { run, plan }: StoredRun,
    step: RunStep,
    startedAt: string,
    rest: (ms: number) => Promise<void>,
  ): StepContext {
    const { records, pace } = this.#options
    const earlier = run.steps.slice(0, step.number - 1)
    let said: string | null = null
    return {
      number: step.number,
      mark: `${run.id}/${step.number}`,
      runCreatedAt: run.createdAt,
      startedAt,
      isFirstAttempt: step.startedAt === null,
      hasNewborn: earlier.some(({ number, status }) => status === 'done' && makesKey(plan.steps[number - 1])),
      isBaseline: plan.steps.some((each) => each.does === 'prove' && each.baseline === step.number),
      steps: new Map(run.steps.map((each) => [each.number, each])),
      resolve: resolverOf(run),
      pace,
      signal: this.#stopped.signal,
      say: async (message, late = false) => {
        const saying = `${late} ${message}`
        if (saying === said) return
        said = saying
        await this.#progress(run.id, {
          run: { status: late ? 'waiting' : 'running', message },
          step: { number: step.number, message },
        })
      },
      pause: async (ms) => {
        await rest(ms)
        const asked = await records.asked(run.id)
        if (asked) throw new Interrupted(asked.what)
      },
      rest,
    }
  }

  /** Lets the inventory read what the step was about; a Region that hangs holds nobody up. */
  async #show(runId: string, step: Step) {
    const { records, refreshFamily, pace } = this.#options
    const run = (await records.load(runId))?.run
    if (!run || step.does === 'prove') return
    const resolve = resolverOf(run)
    const keyIds = 'keyId' in step.done && step.done.keyId !== null ? [resolve(step.done.keyId)] : run.keyIds
    const regions = new Set([step.region, ...readsFor(step.done, resolve).map(({ region }) => region)])
    const shown = Promise.all(keyIds.map((keyId) => refreshFamily(keyId, [...regions])))
    await Promise.race([
      shown.catch((error: unknown) => console.error(`What run ${runId} changed could not be shown`, error)),
      sleep(pace.refreshMs, undefined, { ref: false }),
    ])
  }
}

const makesKey = (step: Step | undefined) =>
  step?.does === 'call' && (step.done.is === 'key-created' || step.done.is === 'member-exists')

/** The end of a run that a person does not want any more; what was done stays. */
export function aborted(run: Run, by: string): Progress {
  const done = run.steps.filter(({ status }) => status === 'done').length
  return {
    run: {
      status: 'aborted',
      endedAt: new Date(),
      worker: null,
      asked: null,
      message: `Aborted by ${by} after ${done} of ${run.steps.length} steps: what was done stays`,
    },
    releases: true,
    skipsRest: true,
  }
}
