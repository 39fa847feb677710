import { answerJson, door, refuse } from '@/app/api/door'
import { inventory } from '@/lib/inventory/live'
import { isKeyId } from '@/lib/topology/family'

const MOST_OPEN = 50

const wrong = (field: string, message: string) => refuse({ code: 'invalid', message, fields: { [field]: message } })

/**
 * The live snapshot; with `?since=V` what changed after version V. `open` names families, by key id and separated by commas,
 * that somebody looks at: they are read more often.
 */
export const GET = door(async (request) => {
  const { searchParams } = new URL(request.url)
  const since = searchParams.get('since')
  if (since !== null && !/^\d{1,16}$/.test(since)) {
    return wrong('since', 'since takes the version of an earlier answer, a whole number')
  }
  const open = (searchParams.get('open') ?? '').split(',').filter(Boolean)
  if (open.length > MOST_OPEN || !open.every(isKeyId)) {
    return wrong('open', `open takes at most ${MOST_OPEN} key ids, separated by commas`)
  }
  inventory().seen(open)
  await inventory().ready()
  return answerJson(since === null ? inventory().topology() : await inventory().since(Number(since)))
})
