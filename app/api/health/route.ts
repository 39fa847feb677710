import { answerJson, door } from '@/app/api/door'
import { inventory } from '@/lib/inventory/live'
import { databaseAnswers } from '@/lib/store/database'

/** Open to everyone: does the process serve, and does its database answer? It says nothing about keys. */
export const GET = door(async () => {
  try {
    await databaseAnswers()
  } catch (error) {
    console.error('The database does not answer', error)
    return answerJson({ status: 'failed', reason: 'The database does not answer' }, 503)
  }
  const { regions, version } = inventory().topology()
  const readable = regions.filter(({ status }) => status === 'ok').length
  return answerJson({ status: 'ok', version, regions: { all: regions.length, readable } })
})
