// Runs as their machine doors tell of them: started, looked at, and judged when they have ended.

import { z } from 'zod'

const stepSchema = z.object({
  number: z.number(),
  title: z.string(),
  operation: z.string().optional(),
  status: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  requestId: z.string().nullable(),
  message: z.string().nullable(),
})
const moveSchema = z.object({ keyId: z.string(), fromRegion: z.string(), toRegion: z.string() })
const runSchema = z.object({
  status: z.string(),
  message: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  parts: z.array(z.object({ keyId: z.string(), status: z.string() })),
  steps: z.array(stepSchema),
  undo: z.object({ request: z.looseObject({ kind: z.string(), moves: z.array(moveSchema) }) }),
})
export type RunSeen = z.infer<typeof runSchema>

export type RequestData = { kind: string } & Record<string, unknown>

async function door(url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, {
    ...(body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  const answer: unknown = await response.json()
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${JSON.stringify(answer)}`)
  return answer
}

export const refresh = (baseUrl: string) => door(`${baseUrl}/api/topology/refresh`, {})

/** Reviews the plan of a request, and starts it. */
export async function startRun(baseUrl: string, request: RequestData): Promise<string> {
  const plan = z
    .looseObject({ fingerprint: z.string(), confirmation: z.string().nullable() })
    .parse(await door(`${baseUrl}/api/plans`, request))
  const { fingerprint, confirmation } = plan
  const start = { request, fingerprint, reason: 'Survives a crash', ...(confirmation !== null && { confirmation }) }
  return z.object({ id: z.string() }).parse(await door(`${baseUrl}/api/runs`, start)).id
}

export const readRun = async (baseUrl: string, id: string): Promise<RunSeen> =>
  runSchema.parse(await door(`${baseUrl}/api/runs/${id}`))

export const hasEnded = ({ status }: Pick<RunSeen, 'status'>) => ['succeeded', 'failed', 'aborted'].includes(status)

const INSTANTS = ['in a call', 'in a wait', 'in a proof', 'between steps', 'while starting'] as const
export type Instant = (typeof INSTANTS)[number]

/** What was under way at this instant: the rarest of it, where there were several things. */
export function instantOf({ steps }: RunSeen): Instant {
  const isAt = (is: (step: RunSeen['steps'][number]) => boolean) => steps.some(is)
  if (isAt(({ status, operation }) => status === 'running' && operation !== undefined)) return 'in a call'
  if (isAt(({ status }) => status === 'waiting')) return 'in a wait'
  return isAt(({ status }) => status === 'running') ? 'in a proof' : 'between steps'
}

/** `in a call 31, in a wait 14` */
export function distribution(instants: Instant[]): string {
  const counted = INSTANTS.map((instant) => `${instant} ${instants.filter((each) => each === instant).length}`)
  return counted.join(', ')
}

/** What is missing in the record of a run that has ended. */
export function gapsIn(run: RunSeen): string[] {
  const gaps = [
    ...(run.status === 'succeeded' ? [] : [`it ended as ${run.status}: ${run.message}`]),
    ...(run.startedAt === null || run.endedAt === null ? ['it has no start or no end'] : []),
    ...run.parts.filter(({ status }) => status !== 'done').map(({ keyId }) => `${keyId} is not done`),
  ]
  for (const step of run.steps) {
    const { number, status, startedAt, endedAt, operation, requestId, message } = step
    if (status !== 'done' || startedAt === null || endedAt === null) gaps.push(`step ${number} is not whole`)
    // A change that was found made already, after its answer was lost, says so instead.
    else if (operation !== undefined && requestId === null && message === null)
      gaps.push(`step ${number} proves nothing`)
  }
  return gaps
}
