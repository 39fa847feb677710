// Runs filter: which runs the list shows, and in which order; text and status stand in the URL.

import { hasEnded, type Run, type RunStatus } from '@/lib/plans/run'
import { byText } from '@/lib/topology/family'
import { runStatuses } from './run-words'

export interface RunsFilter {
  text: string
  /** Null: all. `in-flight`: all that have not ended. */
  status: RunStatus | 'in-flight' | null
}

const isStatus = (value: string | null): value is RunStatus | 'in-flight' =>
  value === 'in-flight' || runStatuses.some(({ status }) => status === value)

export function filterIn(search: URLSearchParams): RunsFilter {
  const status = search.get('status')
  return { text: search.get('q') ?? '', status: isStatus(status) ? status : null }
}

/** The search string with this filter, other parameters left as they are. */
export function searchWith(search: URLSearchParams, { text, status }: RunsFilter): string {
  const next = new URLSearchParams(search)
  next.delete('q')
  next.delete('status')
  if (text !== '') next.set('q', text)
  if (status !== null) next.set('status', status)
  return next.size > 0 ? `?${next}` : ''
}

/** Runs in flight first, then the newest. */
export const inOrder = (runs: readonly Run[]): Run[] =>
  [...runs].sort((a, b) => Number(hasEnded(a)) - Number(hasEnded(b)) || byText(b.createdAt, a.createdAt))

/** `words` are more texts by which a run is found, such as the names of its families. */
export function matches(run: Run, { text, status }: RunsFilter, words: readonly string[]): boolean {
  if (status === 'in-flight' ? hasEnded(run) : status !== null && run.status !== status) return false
  const wanted = text.trim().toLowerCase()
  const texts = [run.title, run.message, run.reason, run.actor, run.id, ...run.keyIds, ...words]
  return wanted === '' || texts.some((each) => each.toLowerCase().includes(wanted))
}

/** One sentence that opens the list. */
export function sentenceOn(runs: readonly Run[]): string {
  if (runs.length === 0) return 'Nothing was changed from here yet.'
  const inFlight = runs.filter((run) => !hasEnded(run))
  const stuck = inFlight.filter(({ status }) => status === 'paused' || status === 'pending-approval').length
  const going = inFlight.length - stuck
  const [newest] = [...runs].sort((a, b) => byText(b.createdAt, a.createdAt))
  const parts = [
    going === 0 ? 'No run is at work now' : `${going} ${going === 1 ? 'run is' : 'runs are'} at work now`,
    ...(stuck > 0 ? [`${stuck} ${stuck === 1 ? 'waits' : 'wait'} for a person`] : []),
    ...(newest?.status === 'failed' ? ['the newest has failed: see what to do'] : []),
  ]
  return `${parts.join(', ')}.`
}
