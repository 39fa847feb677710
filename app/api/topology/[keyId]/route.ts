import { answerJson, door, refuse } from '@/app/api/door'
import { inventory } from '@/lib/inventory/live'
import type { FactNeed } from '@/lib/topology/facts'

/** One family with what only its own page shows: policy, tags and rotations of every member. */
export const GET = door(async (_request, { params }: { params: Promise<{ keyId: string }> }) => {
  const { keyId } = await params
  await inventory().ready()
  inventory().seen([keyId])
  const family = await inventory().findFamily(keyId)
  if (!family) {
    return refuse({ code: 'not-found', message: `No key family ${keyId} is known in the Regions that are read` })
  }
  const needs = family.members.flatMap(({ region }): FactNeed[] => [
    { need: 'policy', keyId, region },
    { need: 'tags', keyId, region },
    { need: 'rotations', keyId, region },
  ])
  return answerJson({ family, facts: await inventory().readFacts(needs) })
})
