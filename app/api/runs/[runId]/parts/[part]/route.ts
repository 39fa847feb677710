import { answerJson, door, refuse } from '@/app/api/door'
import { runs } from '@/lib/runs/live'

interface PartParams {
  params: Promise<{ runId: string; part: string }>
}

/** One part of a run with its steps. */
export const GET = door(async (_request, { params }: PartParams) => {
  const { runId, part } = await params
  const found = await runs().part(runId, Number(part))
  return found ? answerJson(found) : refuse({ code: 'not-found', message: `No part ${part} of run ${runId} is known` })
})
