import { z } from 'zod'
import { answerOf, door, readJson, refuse } from '@/app/api/door'
import { LOCAL_ACTOR } from '@/lib/actions/guarded-action'
import type { Answer } from '@/lib/plans/answer'
import { fieldMessages } from '@/lib/plans/field-messages'
import { retryRequest, skipRequest } from '@/lib/plans/steer-run'
import { runs } from '@/lib/runs/live'

type Steer = (runId: string, body: unknown) => Promise<Answer<{ id: string }>>

const steer =
  <Schema extends z.ZodType>(
    schema: Schema,
    how: (runId: string, wish: z.output<Schema>) => Promise<Answer<{ id: string }>>,
  ): Steer =>
  async (runId, body) => {
    const parsed = schema.safeParse(body)
    if (parsed.success) return how(runId, parsed.data)
    const fields = fieldMessages(parsed.error)
    return {
      ok: false,
      error: { code: 'invalid', message: Object.values(fields)[0] ?? 'The body is not valid', fields },
    }
  }

const anything = z.unknown()

const ways: Readonly<Record<string, Steer>> = {
  pause: steer(anything, (runId) => runs().pause(runId, LOCAL_ACTOR)),
  resume: steer(anything, (runId) => runs().resume(runId, LOCAL_ACTOR)),
  abort: steer(anything, (runId) => runs().abort(runId, LOCAL_ACTOR)),
  retry: steer(retryRequest, (runId, { part }) => runs().retry(runId, LOCAL_ACTOR, part)),
  skip: steer(skipRequest, (runId, wish) => runs().skip(runId, LOCAL_ACTOR, wish)),
}

/** Steers a run: `pause`, `resume`, `abort`, `retry` (all that failed, or one `part`) or `skip` (a `part`, for a `reason`). */
export const POST = door(async (request, { params }: { params: Promise<{ runId: string; how: string }> }) => {
  const { runId, how } = await params
  const way = Object.hasOwn(ways, how) ? ways[how] : undefined
  if (!way) {
    const message = `A run can be told to ${Object.keys(ways).join(', ')}, not to ${how}`
    return refuse({ code: 'not-found', message })
  }
  const body = await readJson(request)
  return body.ok ? answerOf(await way(runId, body.value)) : refuse(body.error)
})
