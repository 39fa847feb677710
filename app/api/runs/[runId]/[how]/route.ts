import { answerOf, door, readJson, refuse } from '@/app/api/door'
import { LOCAL_ACTOR } from '@/lib/actions/guarded-action'
import { runs } from '@/lib/runs/live'

const ways = ['pause', 'resume', 'abort', 'retry'] as const

/** Steers a run: `pause`, `resume`, `abort` or `retry`. */
export const POST = door(async (request, { params }: { params: Promise<{ runId: string; how: string }> }) => {
  const { runId, how } = await params
  const way = ways.find((each) => each === how)
  if (!way) return refuse({ code: 'not-found', message: `A run can be told to ${ways.join(', ')}, not to ${how}` })
  const body = await readJson(request)
  return body.ok ? answerOf(await runs()[way](runId, LOCAL_ACTOR)) : refuse(body.error)
})
