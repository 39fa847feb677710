import { answerJson, refuse } from '@/app/api/door'
import { runs } from '@/lib/runs/live'

export async function GET(_request: Request, { params }: { params: Promise<{ runId: string }> }) {
  const { runId } = await params
  const run = await runs().get(runId)
  return run ? answerJson(run) : refuse({ code: 'not-found', message: `There is no run ${runId}` })
}
