// Run rows: what is stored of runs, as the types that screens and doors show.

import {
  PART_STATUSES,
  type PartStatus,
  type Run,
  type RunCounts,
  type RunPart,
  type RunStatus,
  type RunStep,
} from '@/lib/plans/run'
import { type runParts, type runSteps, runs } from '@/lib/store/schema'
import type { RequestData } from '@/lib/topology/topology'
import { leftInWords, secondsLeft } from './estimate'
import { withTime } from './standing'

export const summary = {
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
  minimumSeconds: runs.minimumSeconds,
}

export type RunRow = typeof runs.$inferSelect
export type PartRow = typeof runParts.$inferSelect
export type StepRow = typeof runSteps.$inferSelect
type Summary = Pick<RunRow, keyof typeof summary>

const iso = (date: Date | null) => date?.toISOString() ?? null

// Only this room writes these rows, so what is read from a text or JSON column has the type that was put in.
export const toStep = (row: StepRow): RunStep => ({
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

export const toPart = (row: PartRow): RunPart => ({
  number: row.number,
  keyId: row.keyId,
  title: row.title,
  wave: row.wave,
  firstStep: row.firstStep,
  lastStep: row.lastStep,
  status: row.status as PartStatus,
  message: row.message,
  startedAt: iso(row.startedAt),
  endedAt: iso(row.endedAt),
  reason: row.reason,
})

export const noParts = (): RunCounts['parts'] =>
  Object.fromEntries(PART_STATUSES.map((status) => [status, 0])) as RunCounts['parts']

interface Found {
  counts: RunCounts
  parts: PartRow[]
  steps: StepRow[]
}

/** Of one that is at work. */
function timeLeft(row: Summary, parts: PartRow[], now: number): number | null {
  const isGoing = row.status === 'running' || row.status === 'queued' || row.status === 'waiting'
  return isGoing ? secondsLeft(parts.map(toPart), row.minimumSeconds, now) : null
}

/** `timed` are its parts where the run is to come without them. */
export function toRun(row: Summary, { counts, parts, steps }: Found, now: number, timed = parts): Run {
  const left = timeLeft(row, timed, now)
  return {
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
    undo: row.undo as Run['undo'],
    message: left === null ? row.message : withTime(row.message, leftInWords(left)),
    secondsLeft: left === null ? null : Math.round(left),
    counts,
    parts: parts.map(toPart),
    steps: steps.map(toStep),
  }
}
