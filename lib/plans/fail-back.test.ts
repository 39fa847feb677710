import { describe, expect, it } from 'vitest'
import { type GivenFamily, givenKeyId } from '@/lib/topology/scenarios/given-readings'
import { blocksOf, checkOf, givenPlan, givenTopology, linesOf, warningsOf } from './given-plans'
import { parseRequest } from './planner'

const HOME = 'us-east-1'
const AWAY = 'eu-west-1'
const [A, B, C] = [givenKeyId('a1'), givenKeyId('b2'), givenKeyId('c3')]

const moved = (keyId: string, alias: string, given: Partial<GivenFamily> = {}): GivenFamily => ({
  keyId,
  primary: AWAY,
  replicas: [HOME],
  aliases: [alias],
  ...given,
})
const back = (...keyIds: string[]) => ({
  kind: 'fail-back',
  moves: keyIds.map((keyId) => ({ keyId, fromRegion: AWAY, toRegion: HOME })),
})

describe('planFailBack', () => {
  it('undoes an evacuation, and offers the way there again', () => {
    const given = [
      moved(A, 'alias/orders', { primary: HOME, replicas: [AWAY] }),
      moved(B, 'alias/sales', { primary: HOME, replicas: [AWAY] }),
    ]
    const evacuation = givenPlan(givenTopology(given), { kind: 'evacuate', fromRegion: HOME, preferred: [AWAY] })
    if (!('request' in evacuation.undo)) throw new Error('No way back')

    const topology = givenTopology([moved(A, 'alias/orders'), moved(B, 'alias/sales')])
    const plan = givenPlan(topology, evacuation.undo.request)
    expect(blocksOf(plan)).toEqual([])
    expect(warningsOf(plan)).toEqual([])
    expect(plan).toMatchObject({
      title: 'Fail back 2 families to us-east-1',
      confirmation: HOME,
      families: [A, B],
      parts: [
        { keyId: A, title: 'alias/orders: eu-west-1 → us-east-1', wave: 1 },
        { keyId: B, wave: 2 },
      ],
      undo: {
        request: {
          kind: 'fail-back',
          moves: [
            { keyId: A, fromRegion: HOME, toRegion: AWAY },
            { keyId: B, fromRegion: HOME, toRegion: AWAY },
          ],
        },
      },
    })
    expect(linesOf(plan).filter((line) => line.includes('UpdatePrimaryRegion'))).toEqual([
      'UpdatePrimaryRegion in eu-west-1: us-east-1',
      'UpdatePrimaryRegion in eu-west-1: us-east-1',
    ])
  })

  it('moves only what has left: the way back of a run that broke off', () => {
    const topology = givenTopology([
      moved(A, 'alias/orders'),
      moved(B, 'alias/sales', { primary: HOME, replicas: [AWAY] }),
    ])
    const plan = givenPlan(topology, back(A, B))
    expect(blocksOf(plan)).toEqual([])
    expect(checkOf(plan, 'back-already')).toMatchObject({ verdict: 'warn', families: [B] })
    expect(plan).toMatchObject({ families: [A], parts: [{ keyId: A }] })
  })

  it('leaves alone what somebody else has moved since, unless it is left out', () => {
    const elsewhere = moved(B, 'alias/sales', { primary: 'us-west-2', replicas: [HOME, AWAY] })
    const topology = givenTopology([moved(A, 'alias/orders'), elsewhere])
    const plan = givenPlan(topology, back(A, B, C))
    expect(blocksOf(plan)).toEqual([
      'family-known (house rule)',
      'all-can-move (house rule)',
      'moved-since (house rule)',
    ])
    expect(checkOf(plan, 'family-known').families).toEqual([C])
    expect(checkOf(plan, 'moved-since')).toMatchObject({
      families: [B],
      message: expect.stringContaining('us-west-2 by now'),
    })
    const without = givenPlan(topology, { ...back(A, B, C), leaveOut: [B, C] })
    expect(blocksOf(without)).toEqual([])
    expect(checkOf(without, 'left-out').families).toEqual([B, C])
  })

  it('blocks where the key it goes back to is gone, and while a promotion settles', () => {
    const gone = moved(A, 'alias/orders', { replicas: [] })
    const plan = givenPlan(givenTopology([gone]), back(A))
    expect(blocksOf(plan)).toEqual(['all-can-move (house rule)', 'target-is-replica (kms)'])
    expect(checkOf(plan, 'target-is-replica').remedies?.[A]?.request).toMatchObject({
      kind: 'replicate',
      toRegions: [HOME],
    })
    const settling = moved(A, 'alias/orders', { all: { primaryArn: 'nobody', role: 'REPLICA' } })
    expect(blocksOf(givenPlan(givenTopology([settling]), back(A)))).toContain('primary-known (house rule)')
  })

  it('has nothing to do when all are back', () => {
    const plan = givenPlan(givenTopology([moved(A, 'alias/orders', { primary: HOME, replicas: [AWAY] })]), back(A))
    expect(blocksOf(plan)).toEqual(['something-to-do (house rule)'])
  })

  it('asks for every Region that it goes back to', () => {
    const given = [moved(A, 'alias/orders'), moved(B, 'alias/sales', { replicas: ['us-west-2'] })]
    const request = { ...back(A), moves: [...back(A).moves, { keyId: B, fromRegion: AWAY, toRegion: 'us-west-2' }] }
    const plan = givenPlan(givenTopology(given), request)
    expect(plan).toMatchObject({
      title: 'Fail back 2 families to us-east-1 and us-west-2',
      confirmation: 'us-east-1, us-west-2',
    })
    expect(givenPlan(givenTopology(given), back(A)).title).toBe('Fail back alias/orders to us-east-1')
  })
})

describe('failBackRequest', () => {
  const move = { keyId: A, fromRegion: AWAY, toRegion: HOME }

  it.each([
    [{ moves: undefined }, { moves: 'Choose the families that go back' }],
    [{ moves: [] }, { moves: 'Choose at least one family' }],
    [{ moves: [move, { ...move, toRegion: 'us-west-2' }] }, { moves: 'A family is chosen twice' }],
    [{ moves: [{ ...move, toRegion: AWAY }] }, { 'moves.0.toRegion': 'Choose another Region than it is in' }],
    [{ moves: [{ ...move, keyId: 'x' }] }, { 'moves.0.keyId': 'A multi-Region key id begins with mrk-' }],
    [{ moves: [move], leaveOut: ['x'] }, { 'leaveOut.0': 'A multi-Region key id begins with mrk-' }],
  ])('refuses %j with a message at its field', (change, fields) => {
    expect(parseRequest({ kind: 'fail-back', ...change })).toMatchObject({ ok: false, fields })
  })
})
