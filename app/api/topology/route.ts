import { answerJson, door, refuse } from '@/app/api/door'
import { inventory } from '@/lib/inventory/live'

/** The live snapshot; with `?since=V` what changed after version V. */
export const GET = door(async (request) => {
  await inventory().ready()
  const since = new URL(request.url).searchParams.get('since')
  if (since === null) return answerJson(inventory().topology())
  if (!/^\d{1,16}$/.test(since)) {
    const message = 'since takes the version of an earlier answer, a whole number'
    return refuse({ code: 'invalid', message, fields: { since: message } })
  }
  return answerJson(inventory().since(Number(since)))
})
