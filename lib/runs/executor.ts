// Executor: carries out the parts of runs, step by step, whatever they are about. The queue says which part is whose, rows
// tell where it stands, KMS what is done.

import { setTimeout as sleep } from 'node:timers/promises'
import { readsFor } from '@/lib/plans/done'
import type { KeyRef, Plan, Step } from '@/lib/plans/plan'
import type { RunStep } from '@/lib/plans/run'
import type { Job } from '@/lib/store/job-queue'
import { carryOutCall } from './call-step'
import type { Pace } from './pace'
import { carryOutProof } from './prove-step'
import type { PartJob, PartQueue } from './restand'
import type { Carrier, Progress, RunRecords, Share } from './run-records'
import type { Asked } from './standing'
import { Interrupted, type StepContext, StepFailure, type StepResult } from './step-context'
import { carryOutWait } from './wait-step'

export interface ExecutorOptions {
  records: RunRecords
  queue: PartQueue
  /** Shows at once what a step changed. */
  refreshFamily: (keyId: string, regions: string[]) => Promise<unknown>
  pace: Pace
}

/** A part that is carried out by this process. */
interface Work {
  runId: string
  /** Ends the pause that it is in, so that it looks at once what is asked of it. */
  nudge: () => void
  /** A pause that only the end of this attempt interrupts, and a nudge shortens. */
  rest: (ms: number) => Promise<void>
  /** Aborted when the process stops, or another one has the part. */
  signal: AbortSignal
}

/** What the parts of one run share in this process. */
interface Shared {
  plan?: Promise<Plan | null>
  /** What a person wants of the run, as it was read a moment ago. */
  asked?: { answer: Promise<Asked | null>; until: number }
  parts: number
}

/** The database did not take a change: that says nothing about the step, which is looked at again. */
class NotStored extends Error {
  constructor(cause: unknown) {
    super(`The progress of a run could not be stored: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
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

const resolverOf =
  ({ run, steps }: Share) =>
  (ref: KeyRef) => {
    if (typeof ref === 'string') return ref
    const keyId = steps.find(({ number }) => number === ref.step)?.output.keyId
    if (!keyId) throw new Error(`Step ${ref.step} of run ${run.id} has made no key`)
    return keyId
  }

/** The words of the last wait tell how the change came out; proofs that say nothing are not passed over. */
function lastWords({ part, steps }: Share, plan: Plan): string {
  const planned = (step: RunStep) => plan.steps[step.number - 1]?.does
  const words = steps.findLast((step) => planned(step) === 'wait')?.message
  const cells = steps.flatMap((step) => step.output.proof ?? [])
  const isProven = steps.some((step) => planned(step) === 'prove')
  const unproven = isProven && (cells.length === 0 || cells.some(({ result }) => result !== 'proven'))
  return [
    `Done: ${part.title}.`,
    ...(words ? [`${words}.`] : []),
    ...(unproven ? ['Not everything could be proven: see the steps.'] : []),
  ].join(' ')
}

/** Nothing is waited for any more after this step: what is left are proofs. */
const isSettledAfter = ({ steps }: Share, plan: Plan, number: number) =>
  steps.every((step) => step.number <= number || plan.steps[step.number - 1]?.does === 'prove')

export class Executor {
  readonly #options: ExecutorOptions
  readonly #stopped = new AbortController()
  readonly #work = new Set<Work>()
  readonly #shared = new Map<string, Shared>()
  #starting: Promise<void> | undefined
  #unsubscribe = () => {}

  constructor(options: ExecutorOptions) {
    this.#options = options
  }

  /** Takes part in the work on all runs, also on those that a process which is gone has left. */
  start(): Promise<void> {
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = undefined
      throw error
    })
    return this.#starting
  }

  /** Leaves all parts where they are, for others; a call that is under way is given a moment for its answer. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    this.#unsubscribe()
    await this.#options.queue.stop(this.#options.pace.stopMs)
  }

  async #start() {
    const { records, queue } = this.#options
    await queue.ready()
    await records.mend()
    this.#unsubscribe()
    this.#unsubscribe = records.onSteered((runId) => this.#heed(runId))
    await queue.work((job) => this.#handle(job))
  }

  /** A person wants something of the run: its parts look at once. */
  #heed(runId: string) {
    const shared = this.#shared.get(runId)
    if (shared) delete shared.asked
    for (const work of this.#work) if (work.runId === runId) work.nudge()
  }

  /** Carries one part out as far as it goes; rejects when somebody else is to begin it again. */
  async #handle({ id, attempt, data: { runId, part }, signal }: Job<PartJob>): Promise<void> {
    const carrier: Carrier = { runId, part, job: id, attempt }
    const work = newWork(runId, AbortSignal.any([this.#stopped.signal, signal]))
    this.#work.add(work)
    const shared: Shared = this.#shared.get(runId) ?? { parts: 0 }
    this.#shared.set(runId, shared)
    shared.parts += 1
    try {
      await this.#carry(carrier, work)
    } catch (error) {
      const isExpected = error instanceof Interrupted || work.signal.aborted
      if (!isExpected) {
        console.error(`Part ${part} of run ${runId} broke off; it is taken up again`, error)
        await work.rest(this.#options.pace.brokenMs).catch(() => undefined)
      }
      throw error
    } finally {
      this.#work.delete(work)
      shared.parts -= 1
      if (shared.parts === 0) this.#shared.delete(runId)
    }
  }

  async #carry(carrier: Carrier, work: Work): Promise<void> {
    const { records } = this.#options
    if (!(await records.claim(carrier))) return
    const plan = await this.#planOf(carrier.runId)
    if (!plan) throw new Error(`Run ${carrier.runId} has no plan`)
    while (!work.signal.aborted) {
      const share = await records.loadShare(carrier)
      if (!share) return
      const step = share.steps.find((each) => !isFinished(each))
      if (!step) {
        await this.#succeed(carrier, share, plan)
        return
      }
      if (share.asked) {
        if (await this.#obey(carrier, share, step)) return
        continue
      }
      if (!(await this.#carryStep(carrier, share, plan, step, work))) return
    }
    throw new Interrupted('stop')
  }

  #planOf(runId: string): Promise<Plan | null> {
    const shared = this.#shared.get(runId)
    const plan = shared?.plan ?? this.#options.records.planOf(runId)
    if (shared) shared.plan = plan
    return plan
  }

  async #progress(carrier: Carrier, change: Progress) {
    try {
      await this.#options.records.progress(carrier, change)
    } catch (error) {
      throw error instanceof Interrupted ? error : new NotStored(error)
    }
  }

  #succeed(carrier: Carrier, share: Share, plan: Plan) {
    return this.#progress(carrier, {
      part: { status: 'done', settled: true, endedAt: new Date(), message: lastWords(share, plan) },
      leaves: true,
    })
  }

  /** A person wants the run paused or ended: done between steps, and during waits. False when it was taken back. */
  #obey(carrier: Carrier, share: Share, step: RunStep): Promise<boolean> {
    const message = `Stopped before step ${positionOf(share, step)} of ${share.steps.length}, ${step.title}`
    return this.#options.records.progress(
      carrier,
      { part: { status: 'pending', message }, leaves: true },
      { whileAsked: true },
    )
  }

  /** Carries out one step; false when the part does not go on from here by itself. */
  async #carryStep(carrier: Carrier, share: Share, plan: Plan, step: RunStep, work: Work): Promise<boolean> {
    const planned = plan.steps[step.number - 1]
    if (!planned) throw new Error(`Run ${carrier.runId} has no step ${step.number}`)
    const startedAt = step.startedAt ?? new Date().toISOString()
    await this.#progress(carrier, {
      part: {
        status: 'running',
        message: whereIs(share, step),
        ...(share.part.startedAt === null && { startedAt: new Date() }),
      },
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
      const result = await carryOut(planned, this.#contextOf(carrier, share, plan, step, startedAt, work))
      const keyId = result.output?.keyId
      await this.#progress(carrier, {
        part: { status: 'running', ...(isSettledAfter(share, plan, step.number) && { settled: true }) },
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
      await this.#show(carrier, planned)
      return true
    } catch (thrown) {
      // Asked to pause or abort in a wait: the loop looks at it next.
      if (thrown instanceof Interrupted && (thrown.by === 'pause' || thrown.by === 'abort')) {
        await this.#progress(carrier, { step: { number: step.number, status: 'pending' } })
        return true
      }
      if (thrown instanceof Interrupted || thrown instanceof NotStored) throw thrown
      await this.#fail(carrier, share, step, thrown)
      await this.#show(carrier, planned)
      return false
    }
  }

  async #fail(carrier: Carrier, share: Share, step: RunStep, thrown: unknown) {
    const failure =
      thrown instanceof StepFailure
        ? thrown
        : new StepFailure({
            name: 'Unexpected',
            message: 'Something happened that nobody expected',
            whatToDo: 'Look into the log of the server, then retry.',
          })
    if (failure !== thrown) console.error(`Step ${step.number} of run ${carrier.runId} failed unexpectedly`, thrown)
    const { error, output } = failure
    await this.#progress(carrier, {
      part: {
        status: 'failed',
        endedAt: new Date(),
        message: `Stopped at step ${positionOf(share, step)}, ${step.title}: ${error.message.replace(/\.$/, '')}. ${error.whatToDo} Retry goes on from there.`,
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
      leaves: true,
    })
  }

  #contextOf(
    carrier: Carrier,
    share: Share,
    plan: Plan,
    step: RunStep,
    startedAt: string,
    { rest, signal }: Work,
  ): StepContext {
    const { run, steps } = share
    const { pace } = this.#options
    const earlier = steps.filter(({ number }) => number < step.number)
    let said: string | null = null
    return {
      number: step.number,
      mark: `${run.id}/${step.number}`,
      runCreatedAt: run.createdAt,
      startedAt,
      isFirstAttempt: step.startedAt === null,
      hasNewborn: earlier.some(({ number, status }) => status === 'done' && makesKey(plan.steps[number - 1])),
      isBaseline: plan.steps.some((each) => each.does === 'prove' && each.baseline === step.number),
      steps: new Map(steps.map((each) => [each.number, each])),
      resolve: resolverOf(share),
      pace,
      signal,
      say: async (message, late = false) => {
        const saying = `${late} ${message}`
        if (saying === said) return
        said = saying
        await this.#progress(carrier, {
          part: { status: late ? 'waiting' : 'running', message },
          step: { number: step.number, message },
        })
      },
      pause: async (ms) => {
        await rest(ms)
        const asked = await this.#askedOf(carrier.runId)
        if (asked) throw new Interrupted(asked.what)
      },
      rest,
    }
  }

  /** Read once a moment for all parts of a run: many of them may wait at the same time. */
  #askedOf(runId: string): Promise<Asked | null> {
    const { records, pace } = this.#options
    const shared = this.#shared.get(runId)
    const now = performance.now()
    if (shared?.asked && now < shared.asked.until) return shared.asked.answer
    const answer = records.asked(runId)
    if (shared) shared.asked = { answer, until: now + pace.pollMs }
    return answer
  }

  /** Lets the inventory read what the step was about; a Region that hangs holds nobody up. */
  async #show(carrier: Carrier, step: Step) {
    const { records, refreshFamily, pace } = this.#options
    const share = await records.loadShare(carrier)
    if (!share || step.does === 'prove') return
    const resolve = resolverOf(share)
    const own = share.part.keyId === null ? [] : [share.part.keyId]
    const keyIds = 'keyId' in step.done && step.done.keyId !== null ? [resolve(step.done.keyId)] : own
    const regions = new Set([step.region, ...readsFor(step.done, resolve).map(({ region }) => region)])
    const shown = Promise.all(keyIds.map((keyId) => refreshFamily(keyId, [...regions])))
    await Promise.race([
      shown.catch((error: unknown) => console.error(`What run ${carrier.runId} changed could not be shown`, error)),
      sleep(pace.refreshMs, undefined, { ref: false }),
    ])
  }
}

function newWork(runId: string, signal: AbortSignal): Work {
  let pause = new AbortController()
  return {
    runId,
    signal,
    nudge: () => {
      pause.abort()
      pause = new AbortController()
    },
    rest: async (ms) => {
      // Rejects only when it is ended early.
      await sleep(ms, undefined, { signal: AbortSignal.any([signal, pause.signal]) }).catch(() => undefined)
      if (signal.aborted) throw new Interrupted('stop')
    },
  }
}

/** Counted from 1 within the part. */
const positionOf = ({ part }: Share, step: RunStep) => step.number - part.firstStep + 1

const whereIs = (share: Share, step: RunStep) =>
  `Step ${positionOf(share, step)} of ${share.steps.length}: ${step.title}`

const makesKey = (step: Step | undefined) =>
  step?.does === 'call' && (step.done.is === 'key-created' || step.done.is === 'member-exists')
