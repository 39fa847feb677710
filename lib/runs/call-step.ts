// Call steps: make one change exactly once, whatever becomes of its answer.

import { callKms } from '@/lib/kms/call'
import { type KmsError, toKmsError } from '@/lib/kms/errors'
import type { CallInput, CallStep, Ref } from '@/lib/plans/plan'
import { MARK_TAG } from '@/lib/topology/mark-tag'
import { backoff } from './pace'
import { type Judgement, judge } from './read-live'
import { failureOf, type StepContext, StepFailure, type StepResult } from './step-context'

/** Failures of a read that pass by themselves. */
const passing = new Set<KmsError['kind']>(['throttled', 'unreachable', 'internal', 'not-found'])

/** How KMS refuses a change the second time: a sign that the first one was made. */
const refusesAgain = new Set<KmsError['kind']>(['already-exists', 'invalid-state', 'invalid', 'unsupported'])

/** How often a change is sent again after its answer was lost and no trace of it was found. */
const MAX_REPEATS = 2

const isRef = (value: CallInput[string]): value is Ref => typeof value === 'object' && !Array.isArray(value)

/** The input with the ids born in earlier steps, and the mark by which a key is found again. */
function inputOf(step: CallStep, { resolve, mark }: StepContext): Record<string, unknown> {
  const input = Object.fromEntries(
    Object.entries(step.input).map(([name, value]) => [name, isRef(value) ? resolve(value) : value]),
  )
  if (step.done.is !== 'key-created') return input
  const tags = Array.isArray(input.Tags) ? input.Tags : []
  return { ...input, Tags: [...tags, { TagKey: MARK_TAG, TagValue: mark }] }
}

/**
 * KMS refuses most changes the second time, so repeating them is safe. A second key, or a second rotation of the 25
 * in a key's life, it would make: those are left to a person once no trace was found.
 */
const mayRepeat = ({ done }: CallStep) => done.is !== 'key-created' && done.is !== 'rotated'

/**
 * Reads until it is clear whether the change still has to be made. What stays unreadable is thrown: to call blindly
 * could make a change twice.
 */
async function readPatiently(step: CallStep, context: StepContext): Promise<Judgement> {
  for (let attempt = 1; ; attempt += 1) {
    const judgement = await judge(step.done, context)
    const [problem] = judgement.unread
    if (!problem || judgement.doneness !== 'no') return judgement
    if (!passing.has(problem.kind) || attempt >= context.pace.readAttempts) throw problem
    await context.say(`${step.region} has to be read first: ${problem.message}`)
    await context.rest(backoff(context.pace, attempt))
  }
}

/** The result of a change that has been made already, awaited while it is in progress; null when there is none. */
async function alreadyMade(step: CallStep, context: StepContext): Promise<StepResult | null> {
  for (;;) {
    const { doneness, words, live } = await readPatiently(step, context)
    if (doneness === 'no') return null
    if (doneness === 'done') {
      const keyId = step.done.is === 'key-created' ? live.marked[step.done.region] : null
      return { message: words, output: keyId ? { keyId } : {} }
    }
    await context.say(words)
    await context.pause(context.pace.pollMs)
  }
}

/** After a lost answer, or a process that died meanwhile, KMS may take a moment to tell of the change. */
async function madeAfterAll(step: CallStep, context: StepContext): Promise<StepResult | null> {
  const until = Date.now() + context.pace.doubtMs
  await context.say('It is not known whether the change was made: looking for it')
  for (;;) {
    const result = await alreadyMade(step, context)
    if (result || Date.now() >= until) return result
    await context.rest(context.pace.pollMs)
  }
}

function failureAfter(step: CallStep, error: KmsError): StepFailure {
  if (!error.mayHaveHappened || mayRepeat(step)) return failureOf(error)
  return new StepFailure({
    name: error.awsName,
    message: `${error.message}, and no trace of the change was found since.`,
    whatToDo: 'Wait a minute, then retry: it looks again first, and makes the change only if it is still missing.',
    ...(error.requestId && { requestId: error.requestId }),
  })
}

/**
 * Carries out a change. What is done already is not called, what is in progress is awaited. "Too many requests" is
 * asked again later, a quota that is used up is not; "not found" is "not yet" for a key that this run has made.
 */
export async function carryOutCall(step: CallStep, context: StepContext): Promise<StepResult> {
  const { pace } = context
  try {
    // A mark that was never sent is on no key: that saves reading every key of the Region.
    if (!context.isFirstAttempt || step.done.is !== 'key-created') {
      const inDoubt = !context.isFirstAttempt && !mayRepeat(step)
      const made = inDoubt ? await madeAfterAll(step, context) : await alreadyMade(step, context)
      if (made) return made
    }
    const input = inputOf(step, context)
    const newbornUntil = Date.now() + pace.newbornMs
    // A process that died, or a step that is retried, may have sent it before.
    for (let throttled = 0, repeats = 0, sent = !context.isFirstAttempt; ; ) {
      try {
        const { requestId, keyId } = await callKms({ region: step.region, operation: step.operation, input })
        return { message: null, requestId, output: keyId ? { keyId } : {} }
      } catch (thrown) {
        const error = toKmsError(thrown, step.region)
        if (error.kind === 'throttled' && throttled < pace.attempts) {
          throttled += 1
          await context.say(`${step.region} asks for fewer requests: trying again`)
          await context.pause(backoff(pace, throttled))
          continue
        }
        if (error.kind === 'not-found' && context.hasNewborn && Date.now() < newbornUntil) {
          await context.say(`${step.region} does not find the new key yet`)
          await context.pause(pace.pollMs)
          continue
        }
        sent ||= error.mayHaveHappened
        const mayBeMade =
          error.mayHaveHappened || error.kind === 'already-exists' || (sent && refusesAgain.has(error.kind))
        if (mayBeMade) {
          const made = await madeAfterAll(step, context)
          if (made) return { ...made, requestId: error.requestId ?? null }
        }
        if (!error.mayHaveHappened || !mayRepeat(step) || repeats >= MAX_REPEATS) throw failureAfter(step, error)
        repeats += 1
      }
    }
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'KmsError') throw failureOf(toKmsError(thrown, step.region))
    throw thrown
  }
}
