import { answerJson, answerOf, door, readJson, refuse } from '@/app/api/door'
import { LOCAL_ACTOR } from '@/lib/actions/guarded-action'
import { fieldMessages } from '@/lib/plans/field-messages'
import { LISTED_RUNS } from '@/lib/plans/run'
import { startRunRequest } from '@/lib/plans/start-run'
import { runs } from '@/lib/runs/live'
import { startRun } from '@/lib/runs/start-run'

/** Runs, newest first. */
export const GET = door(async () => {
  return answerJson({ runs: await runs().list(LISTED_RUNS) })
})

/** Starts a reviewed plan. */
export const POST = door(async (request) => {
  const body = await readJson(request)
  if (!body.ok) return refuse(body.error)
  const parsed = startRunRequest.safeParse(body.value)
  if (!parsed.success) {
    const fields = fieldMessages(parsed.error)
    return refuse({ code: 'invalid', message: Object.values(fields)[0] ?? 'The body is not valid', fields })
  }
  return answerOf(await startRun(parsed.data, LOCAL_ACTOR), 201)
})
