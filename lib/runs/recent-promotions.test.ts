import { expect, it } from 'vitest'
import { checkOf } from '@/lib/plans/given-plans'
import { makePlanFrom } from './make-plan'
import { openFile } from './rooms-for-tests'

const FROM = 'us-east-1'
const TO = 'eu-west-1'

const { rooms, runs } = await openFile()

it('warns of a family that a run has promoted a moment ago, and of no other', async () => {
  const made = await rooms.done(runs, { kind: 'create-primary', region: FROM, replicaRegions: [TO] })
  const other = await rooms.done(runs, { kind: 'create-primary', region: FROM, replicaRegions: [TO] })
  const [keyId = '', otherId = ''] = [...made.keyIds, ...other.keyIds]
  expect(await runs.recentPromotions([keyId, otherId])).toEqual({})
  const run = await rooms.done(runs, { kind: 'promote', keyId, toRegion: TO })
  expect(await runs.recentPromotions([keyId, otherId])).toEqual({
    [keyId]: { at: expect.stringMatching(/Z$/), toRegion: TO, runId: run.id },
  })
  expect(await runs.recentPromotions([otherId])).toEqual({})

  const back = await makePlanFrom({ inventory: rooms.inventory, runs }, { kind: 'promote', keyId, toRegion: FROM })
  if (!back.ok) throw new Error(back.error.message)
  expect(checkOf(back.value, 'recent-promotion')).toMatchObject({
    verdict: 'warn',
    message: expect.stringContaining(run.id),
  })

  const later = await rooms.done(runs, { kind: 'promote', keyId, toRegion: FROM })
  expect(await runs.recentPromotions([keyId])).toMatchObject({ [keyId]: { toRegion: FROM, runId: later.id } })
})
