import { answerJson, door, refuse } from '@/app/api/door'
import { runs } from '@/lib/runs/live'
import { unknownRun } from '@/lib/runs/runs'

export const GET = door(async (_request, { params }: { params: Promise<{ runId: string }> }) => {
  const { runId } = await params
  const run = await runs().get(runId)
  return run ? answerJson(run) : refuse(unknownRun(runId))
})
