import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callKms } from '@/lib/kms/call'
import { startEmulator, type TestEmulator } from '@/lib/kms/emulator-for-tests'
import { makePlanFrom } from './make-plan'
import { openRooms, type Rooms } from './rooms-for-tests'
import type { Runs } from './runs'
import { startRunIn } from './start-run'

const FROM = 'us-east-1'
const TO = 'eu-west-1'
const THIRD = 'ap-southeast-1'

let emulator: TestEmulator
let rooms: Rooms
let runs: Runs

beforeAll(async () => {
  emulator = await startEmulator()
  await emulator.settings({ transitionMs: 1 })
  rooms = await openRooms()
  runs = rooms.newRuns()
  await runs.start()
})
afterAll(async () => {
  await rooms?.close()
  await emulator?.stop()
})

async function givenFamily(alias: string) {
  const run = await rooms.done(runs, { kind: 'create-primary', region: FROM, alias, replicaRegions: [TO] })
  const [keyId = ''] = run.keyIds
  return { keyId, promote: { kind: 'promote', keyId, toRegion: TO } }
}

const runsOf = async (keyId: string, kind: string) =>
  (await runs.list(100)).filter((run) => run.kind === kind && run.keyIds.includes(keyId))

describe('makePlan', () => {
  it('plans with what it read live, and finds a family that was made by somebody else', async () => {
    const { keyId = '' } = await callKms({ region: FROM, operation: 'CreateKey', input: { MultiRegion: true } })
    const answer = await makePlanFrom(
      { inventory: rooms.inventory, runs },
      { kind: 'replicate', keyId, toRegions: [TO] },
    )
    expect(answer).toMatchObject({ ok: true, value: { families: [keyId], fingerprint: expect.any(String) } })
  })

  it('says at which field a request is wrong, and that a family is not known', async () => {
    expect(
      await makePlanFrom({ inventory: rooms.inventory, runs }, { kind: 'promote', keyId: 'nonsense', toRegion: TO }),
    ).toMatchObject({
      ok: false,
      error: { code: 'invalid', fields: { keyId: expect.any(String) } },
    })
    const unknown = { kind: 'promote', keyId: `mrk-${'0'.repeat(32)}`, toRegion: TO }
    expect(await makePlanFrom({ inventory: rooms.inventory, runs }, unknown)).toMatchObject({
      ok: false,
      error: { code: 'not-found' },
    })
  })
})

describe('startRun', () => {
  it('refuses a plan whose family has changed since the review', async () => {
    const { keyId, promote } = await givenFamily('alias/stale')
    const plan = await makePlanFrom({ inventory: rooms.inventory, runs }, promote)
    await callKms({ region: TO, operation: 'CreateAlias', input: { AliasName: 'alias/newer', TargetKeyId: keyId } })
    const fingerprint = plan.ok ? plan.value.fingerprint : ''
    expect(await rooms.start(runs, promote, { fingerprint })).toEqual({
      ok: false,
      error: { code: 'stale', message: 'The plan is stale: review it again' },
    })
    expect(await runsOf(keyId, 'promote')).toEqual([])
  })

  it('wants a dangerous plan confirmed by its name, with a reason', async () => {
    const { promote } = await givenFamily('alias/dangerous')
    expect(await rooms.start(runs, promote, { confirmation: 'alias/other', reason: ' ' })).toMatchObject({
      ok: false,
      error: {
        code: 'invalid',
        fields: { confirmation: 'Type alias/dangerous to confirm', reason: expect.any(String) },
      },
    })
    expect(await rooms.start(runs, promote, { reason: '' })).toMatchObject({
      ok: false,
      error: { fields: { reason: expect.any(String) } },
    })
    expect((await rooms.start(runs, promote)).ok).toBe(true)
  })

  it('starts a harmless plan without a reason', async () => {
    const request = { kind: 'create-primary', region: FROM }
    expect((await rooms.start(runs, request, { reason: '' })).ok).toBe(true)
  })

  it('names the check that blocks', async () => {
    const { keyId } = await givenFamily('alias/blocked')
    expect(await rooms.start(runs, { kind: 'promote', keyId, toRegion: FROM })).toMatchObject({
      ok: false,
      error: { code: 'blocked', message: expect.stringContaining(`The primary key is in ${FROM} already`) },
    })
  })

  it('refuses a family that another run holds, and says which and whose', async () => {
    const { keyId, promote } = await givenFamily('alias/held')
    // The replica key settles after this test.
    await emulator.settings({ transitionMs: 3_600_000 })
    const id = await rooms.started(runs, { kind: 'replicate', keyId, toRegions: [THIRD] })
    const refusal = await rooms.start(runs, promote)
    await emulator.settings({ transitionMs: 1 })
    expect(refusal).toMatchObject({ ok: false, error: { code: 'held' } })
    expect(refusal.ok ? '' : refusal.error.message).toMatch(new RegExp(`${id}.*alice`))
    await runs.abort(id, 'alice')
    await rooms.reached(runs, id, 'aborted')
    expect((await rooms.start(runs, promote)).ok).toBe(true)
  })

  it('holds every family of a plan over several', async () => {
    const [one, two] = await Promise.all([givenFamily('alias/first'), givenFamily('alias/second')])
    await emulator.settings({ transitionMs: 3_600_000 })
    const keyIds = [one.keyId, two.keyId]
    const id = await rooms.started(runs, { kind: 'evacuate', fromRegion: FROM, preferred: [TO], keyIds })
    for (const { promote } of [one, two]) {
      expect(await rooms.start(runs, promote)).toMatchObject({ ok: false, error: { code: 'held' } })
    }
    await emulator.settings({ transitionMs: 1 })
    await runs.abort(id, 'alice')
    await rooms.reached(runs, id, 'aborted')
    expect(await runsOf(one.keyId, 'evacuate')).toHaveLength(1)
  })

  it('carries out a plan that moves one family, and the way back', async () => {
    const { keyId } = await givenFamily('alias/one')
    const evacuate = { kind: 'evacuate', fromRegion: FROM, preferred: [TO], keyIds: [keyId] }
    const run = await rooms.done(runs, evacuate)
    expect(run).toMatchObject({ title: `Evacuate ${FROM} (1 chosen family)`, keyIds: [keyId] })
    const primary = () => rooms.inventory.refreshFamily(keyId).then((family) => family?.primaryRegion)
    expect(await primary()).toBe(TO)
    if (!('request' in run.undo)) throw new Error('No way back')
    await rooms.done(runs, run.undo.request)
    expect(await primary()).toBe(FROM)
  })

  it('starts a plan once, however often it is sent at the same moment', async () => {
    const { keyId, promote } = await givenFamily('alias/twice')
    const plan = await makePlanFrom({ inventory: rooms.inventory, runs }, promote)
    if (!plan.ok) throw new Error(plan.error.message)
    const { fingerprint } = plan.value
    const start = { request: promote, fingerprint, reason: 'Drill', confirmation: 'alias/twice' }
    const answers = await Promise.all(
      [1, 2, 3].map(() => startRunIn({ inventory: rooms.inventory, runs }, start, 'alice')),
    )
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await runsOf(keyId, 'promote')).toHaveLength(1)
  })
})
