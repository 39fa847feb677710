import { answerJson, door, refuse } from '@/app/api/door'
import { runs } from '@/lib/runs/live'
import { unknownRun } from '@/lib/runs/runs'

/** One run; with `?steps=few` without them where there are more than lists show. */
export const GET = door(async (request, { params }: { params: Promise<{ runId: string }> }) => {
  const { runId } = await params
  const isBrief = new URL(request.url).searchParams.get('steps') === 'few'
  const run = await runs().get(runId, { isBrief })
  return run ? answerJson(run) : refuse(unknownRun(runId))
})
