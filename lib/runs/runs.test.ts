import { describe, expect, it } from 'vitest'
import { familyOf, memberIn } from '@/lib/topology/family'
import { openFile } from './rooms-for-tests'

const FROM = 'us-east-1'
const TO = 'eu-west-1'
const THIRD = 'ap-southeast-1'

const { emulator, rooms, runs } = await openFile()

let named = 0
const newAlias = () => `alias/orders-${++named}`

/** A family made by a run of its own. */
async function givenFamily(replicaRegions: string[] = [TO]) {
  const alias = newAlias()
  const run = await rooms.done(runs, { kind: 'create-primary', region: FROM, alias, replicaRegions })
  const [keyId = ''] = run.keyIds
  await emulator.forgetCalls()
  return { keyId, alias, run }
}

const memberOf = (keyId: string, region: string) => {
  const family = familyOf(rooms.inventory.topology(), keyId)
  return family && memberIn(family, region)
}

describe('a run', () => {
  it('creates a key with replicas, aliases and rotation, and shows them at once', async () => {
    const alias = newAlias()
    const run = await rooms.done(runs, {
      kind: 'create-primary',
      region: FROM,
      alias,
      rotation: { periodInDays: 200 },
      replicaRegions: [TO, THIRD],
      tags: [{ key: 'team', value: 'orders' }],
    })
    expect(run).toMatchObject({
      kind: 'create-primary',
      actor: 'alice',
      reason: 'Failover drill',
      keyIds: [expect.stringMatching(/^mrk-/)],
      message: expect.stringContaining(`Done: ${run.title}`),
    })
    expect(run.steps.every((step) => step.status === 'done' && step.startedAt && step.endedAt)).toBe(true)
    expect(run.steps.filter((step) => step.operation).every((step) => step.requestId)).toBe(true)
    const [keyId = ''] = run.keyIds
    for (const region of [FROM, TO, THIRD]) {
      expect(memberOf(keyId, region)).toMatchObject({ state: 'Enabled', aliases: [alias], known: 'live' })
    }
    expect(memberOf(keyId, FROM)?.rotation).toMatchObject({ enabled: true, periodInDays: 200 })
    expect(run.steps.at(-1)?.output.proof).toEqual(
      [TO, THIRD].map((to) => ({ from: FROM, to, made: 'after', result: 'proven', latencyMs: expect.any(Number) })),
    )
  })

  it('replicates a family', async () => {
    const { keyId, alias } = await givenFamily([])
    const run = await rooms.done(runs, { kind: 'replicate', keyId, toRegions: [TO] })
    expect(memberOf(keyId, TO)).toMatchObject({ role: 'REPLICA', state: 'Enabled', aliases: [alias] })
    expect(run.keyIds).toEqual([keyId])
    expect(run.undo).toEqual(expect.objectContaining({ sentence: expect.any(String) }))
  })

  it('promotes, and proves that what was made before can still be used', async () => {
    const { keyId } = await givenFamily()
    const run = await rooms.done(runs, { kind: 'promote', keyId, toRegion: TO })
    expect(run.message).toContain(`${TO} is the primary, and ${FROM} agrees`)
    expect(memberOf(keyId, TO)?.role).toBe('PRIMARY')
    expect(memberOf(keyId, FROM)?.role).toBe('REPLICA')
    const cells = (run.steps.at(-1)?.output.proof ?? []).map(({ from, to, made, result }) => [from, to, made, result])
    expect(cells).toEqual([
      [FROM, TO, 'before', 'proven'],
      [FROM, FROM, 'before', 'proven'],
      [TO, TO, 'after', 'proven'],
      [TO, FROM, 'after', 'proven'],
    ])
    expect(run.steps[0]?.output.proof?.every(({ made }) => made === 'before')).toBe(true)
  })
})
