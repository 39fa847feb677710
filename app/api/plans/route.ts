import { answerOf, door, readJson, refuse } from '@/app/api/door'
import { makePlan } from '@/lib/runs/make-plan'

/** The plan for a request; nothing is changed by asking. */
export const POST = door(async (request) => {
  const body = await readJson(request)
  return body.ok ? answerOf(await makePlan(body.value)) : refuse(body.error)
})
