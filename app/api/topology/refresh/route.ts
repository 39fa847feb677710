import { answerJson, door, readJson, refuse } from '@/app/api/door'
import { inventory } from '@/lib/inventory/live'

/** Reads every Region now, and answers when all have answered or failed. */
export const POST = door(async (request) => {
  const body = await readJson(request)
  if (!body.ok) return refuse(body.error)
  inventory().seen()
  return answerJson(await inventory().refresh())
})
