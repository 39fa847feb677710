// Standing: what follows for a run from where its parts stand. Which of them may begin, whether it has ended, and how
// all of that is said. Pure.

import type { PartStatus, RunCounts, RunStatus } from '@/lib/plans/run'

/** What a person wants of a run that is under way. */
export interface Asked {
  what: 'pause' | 'abort'
  by: string
}

/** Where a part stands, as far as the others and the run depend on it. */
export interface PartState {
  number: number
  wave: number
  status: PartStatus
  /** All its waits are over. */
  settled: boolean
  /** A job carries it out, or will. */
  carried: boolean
  message: string | null
}

const isFinished = ({ status }: Pick<PartState, 'status'>) => status === 'done' || status === 'skipped'

const failedAmong = (parts: readonly PartState[]) => parts.filter(({ status }) => status === 'failed').length

/** The first wave is a canary, which has to have come out well; those after it overlap with the checks of the one before. */
function mayFollow(wave: readonly PartState[], number: number): boolean {
  return wave.every((part) => isFinished(part) || (number > 1 && (part.settled || part.status === 'failed')))
}

/** The last wave whose parts may begin; more failures than `maxFailures` let no further one begin. */
export function openWave(parts: readonly PartState[], maxFailures: number): number {
  const waves = Map.groupBy(parts, ({ wave }) => wave)
  const isWithinBudget = failedAmong(parts) <= maxFailures
  let open = 1
  while (isWithinBudget && waves.has(open + 1) && mayFollow(waves.get(open) ?? [], open)) open += 1
  return open
}

export interface Standing {
  status: RunStatus
  /** Numbers of the parts that are to be given a job. */
  begins: number[]
}

/**
 * What follows from where the parts stand. With `asked`, nothing begins, and the run stops where it is when the last one
 * under way has let go; nothing begins either in a run that is over.
 */
export function standingOf(
  parts: readonly PartState[],
  { maxFailures, asked, isOver = false }: { maxFailures: number; asked: Asked | null; isOver?: boolean },
): Standing {
  if (parts.every(isFinished)) {
    return { status: parts.some(({ status }) => status === 'done') ? 'succeeded' : 'aborted', begins: [] }
  }
  const open = asked || isOver ? 0 : openWave(parts, maxFailures)
  const begins = parts
    .filter(({ status, carried, wave }) => status === 'pending' && !carried && wave <= open)
    .map(({ number }) => number)
  const carried = parts.filter((part) => part.carried)
  if (begins.length === 0 && carried.length === 0) {
    if (!asked) return { status: 'failed', begins }
    return { status: asked.what === 'pause' ? 'paused' : 'aborted', begins }
  }
  const isLate = carried.length > 0 && carried.every(({ status }) => status === 'waiting')
  return { status: isLate && begins.length === 0 ? 'waiting' : 'running', begins }
}

/** What is said of a run over many families. */
export interface ManyWords {
  title: string
  /** What happens to a family, e.g. `promoted`. */
  deed: string
  parts: RunCounts['parts']
  /** Of those that failed: how many had been changed by then. */
  failedHalfway: number
  maxFailures: number
  asked: Asked | null
  status: RunStatus
}

const list = (words: (string | false)[]) => words.filter(Boolean).join('; ')
const families = (many: number) => `${many} ${many === 1 ? 'family' : 'families'}`

function whyNoFurther(failed: number, maxFailures: number) {
  if (failed > maxFailures) return `More failed than the ${maxFailures} that may: no further wave was begun.`
  return failed > 0 && 'The canary family failed: nothing else was begun.'
}

/** Where a run over many families stands: what is done, what is not, and what to press. */
export function wordsOfMany(words: ManyWords): string {
  const { title, deed, parts, failedHalfway, maxFailures, asked, status } = words
  const all = Object.values(parts).reduce((sum, many) => sum + many, 0)
  const unchanged = parts.failed - failedHalfway
  const open = parts.pending + parts.running + parts.waiting
  const isOver = status === 'failed' || status === 'aborted'
  const done = list([
    `${parts.done} of ${families(all)} ${deed}`,
    unchanged > 0 && `${unchanged} failed and ${unchanged === 1 ? 'is' : 'are'} unchanged`,
    failedHalfway > 0 && `${failedHalfway} failed half-way`,
    parts.skipped > 0 && `${parts.skipped} ${status === 'aborted' ? 'not finished' : 'skipped'}`,
    parts.waiting > 0 &&
      !isOver &&
      `${parts.waiting} ${parts.waiting === 1 ? 'is' : 'are'} waited for longer than usual`,
    open > 0 && (isOver ? `${open} not begun` : `${open} to go`),
  ])
  switch (status) {
    case 'succeeded':
      return `Done: ${title}. ${done}.`
    case 'aborted':
      return `Aborted${asked ? ` by ${asked.by}` : ''}: what was done stays. ${done}.`
    case 'paused':
      return `Paused${asked ? ` by ${asked.by}` : ''}: press Resume to go on. ${done}.`
    case 'failed':
      return [
        `${done}.`,
        open > 0 && whyNoFurther(parts.failed, maxFailures),
        parts.failed > 0
          ? 'Retry tries what failed again; Skip leaves a family out.'
          : 'Retry goes on with the others.',
      ]
        .filter(Boolean)
        .join(' ')
    default:
      return asked
        ? `${asked.what === 'pause' ? 'Pauses' : 'Ends'} after what is under way (asked by ${asked.by}). ${done}.`
        : `${done}.`
  }
}

/** The words of a run that goes on end with what is to go: here is how long that takes. */
export const withTime = (message: string, left: string) => message.replace(/ to go\.$/, ` to go, ${left}.`)
