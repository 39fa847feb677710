import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PART_STATUSES, type PartStatus } from '@/lib/plans/run'
import { type Asked, type ManyWords, openWave, type PartState, standingOf, withTime, wordsOfMany } from './standing'

const BOB: Asked = { what: 'pause', by: 'bob' }

/** Parts in waves, a letter each: `.` not begun, `q` has a job, `r` runs, `v` verifies, `w` waits late, `d` `f` `s`. */
function givenParts(...waves: string[]): PartState[] {
  const statuses: Record<string, PartStatus> = {
    ...{ '.': 'pending', q: 'pending', r: 'running', v: 'running', w: 'waiting', d: 'done', f: 'failed', s: 'skipped' },
  }
  const parts = waves.flatMap((letters, wave) => [...letters].map((letter) => ({ letter, wave: wave + 1 })))
  return parts.map(({ letter, wave }, index) => ({
    number: index + 1,
    wave,
    status: statuses[letter] ?? 'pending',
    settled: 'vd'.includes(letter),
    carried: 'qrvw'.includes(letter),
    message: null,
  }))
}

describe('openWave', () => {
  it.each([
    ['the canary family is a barrier', ['v', '...', '...'], 0, 1],
    ['its success opens the next wave', ['d', '...', '...'], 0, 2],
    ['and so does a person who leaves it out', ['s', '...', '...'], 0, 2],
    ['its failure opens nothing, whatever may fail', ['f', '...', '...'], 9, 1],
    ['a wave waits for the waits of the one before', ['d', 'vvr', '...'], 0, 2],
    ['not for its checks', ['d', 'vdv', '...'], 0, 3],
    ['nor for those that failed, within the budget', ['d', 'vfd', '...'], 1, 3],
    ['more failures than that end it', ['d', 'ffd', '...', '...'], 1, 1],
  ])('%s', (_, waves, maxFailures, wave) => {
    expect(openWave(givenParts(...waves), maxFailures)).toBe(wave)
  })
})

describe('standingOf', () => {
  const standing = (waves: string[], other: Partial<Parameters<typeof standingOf>[1]> = {}) =>
    standingOf(givenParts(...waves), { maxFailures: 1, asked: null, ...other })

  it('gives jobs to what may begin and has none', () => {
    expect(standing(['.', '..'])).toEqual({ status: 'running', begins: [1] })
    expect(standing(['d', '.q'])).toEqual({ status: 'running', begins: [2] })
    expect(standing(['d', 'vv', '..'])).toEqual({ status: 'running', begins: [4, 5] })
  })

  it('says how a run ends', () => {
    expect(standing(['d', 'ds'])).toEqual({ status: 'succeeded', begins: [] })
    expect(standing(['s'])).toEqual({ status: 'aborted', begins: [] })
    expect(standing(['d', 'df'])).toEqual({ status: 'failed', begins: [] })
    expect(standing(['f', '..'])).toEqual({ status: 'failed', begins: [] })
    expect(standing(['d', 'ff', '..'])).toEqual({ status: 'failed', begins: [] })
  })

  it('waits only when all that is under way is late', () => {
    expect(standing(['d', 'ww']).status).toBe('waiting')
    expect(standing(['d', 'wr']).status).toBe('running')
    expect(standing(['d', 'wq']).status).toBe('running')
  })

  it('begins nothing that a person does not want, and stops with the last one under way', () => {
    expect(standing(['d', 'r.', '..'], { asked: BOB })).toEqual({ status: 'running', begins: [] })
    expect(standing(['d', '..', '..'], { asked: BOB })).toEqual({ status: 'paused', begins: [] })
    expect(standing(['d', 'f.'], { asked: { what: 'abort', by: 'bob' } })).toEqual({ status: 'aborted', begins: [] })
    expect(standing(['d', 'dd'], { asked: BOB })).toEqual({ status: 'succeeded', begins: [] })
  })

  it('begins nothing in a run that is over', () => {
    expect(standing(['d', 'ss', '..'], { isOver: true })).toEqual({ status: 'failed', begins: [] })
  })

  const anyParts = fc
    .array(fc.string({ unit: fc.constantFrom(...'.qrvwdfs'), minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 4,
    })
    .map((waves) => givenParts(...waves))

  it('goes on while there is something to do, and ends when there is nothing', () => {
    fc.assert(
      fc.property(anyParts, fc.nat(3), fc.constantFrom(null, BOB), (parts, maxFailures, asked) => {
        const { status, begins } = standingOf(parts, { maxFailures, asked })
        const isUnderWay = begins.length > 0 || parts.some((part) => part.carried)
        const goesOn = status === 'running' || status === 'waiting'
        const isWhole = parts.every((part) => part.status === 'done' || part.status === 'skipped')
        expect(goesOn).toBe(isUnderWay && !isWhole)
        for (const number of begins) expect(parts[number - 1]).toMatchObject({ status: 'pending', carried: false })
      }),
    )
  })
})

describe('wordsOfMany', () => {
  const none = Object.fromEntries(PART_STATUSES.map((status) => [status, 0])) as ManyWords['parts']
  const words = (parts: Partial<ManyWords['parts']>, other: Partial<ManyWords> = {}) =>
    wordsOfMany({
      ...{ title: 'Evacuate us-east-1', deed: 'promoted', failedHalfway: 0, maxFailures: 3, asked: null },
      ...{ status: 'running', parts: { ...none, ...parts } },
      ...other,
    })

  it.each<[string, Partial<ManyWords['parts']>, Partial<ManyWords>]>([
    [
      '188 of 312 families promoted; 3 failed and are unchanged; 121 to go.',
      { done: 188, failed: 3, pending: 101, running: 20 },
      {},
    ],
    ['1 of 3 families promoted; 1 failed half-way; 1 to go.', { done: 1, failed: 1, pending: 1 }, { failedHalfway: 1 }],
    [
      '1 of 4 families promoted; 2 are waited for longer than usual; 3 to go.',
      { done: 1, pending: 1, waiting: 2 },
      { status: 'waiting' },
    ],
    [
      'Pauses after what is under way (asked by bob). 1 of 4 families promoted; 3 to go.',
      { done: 1, running: 3 },
      { asked: BOB },
    ],
    [
      'Paused by bob: press Resume to go on. 1 of 4 families promoted; 3 to go.',
      { done: 1, pending: 3 },
      { asked: BOB, status: 'paused' },
    ],
    [
      'Aborted by bob: what was done stays. 1 of 4 families promoted; 3 not finished.',
      { done: 1, skipped: 3 },
      { asked: { what: 'abort', by: 'bob' }, status: 'aborted' },
    ],
    [
      'Done: Evacuate us-east-1. 3 of 4 families promoted; 1 skipped.',
      { done: 3, skipped: 1 },
      { status: 'succeeded' },
    ],
    [
      '2 of 3 families promoted; 1 failed and is unchanged. Retry tries what failed again; Skip leaves a family out.',
      { done: 2, failed: 1 },
      { status: 'failed' },
    ],
    [
      '5 of 12 families promoted; 4 failed and are unchanged; 3 not begun. More failed than the 3 that may: no further wave was begun. Retry tries what failed again; Skip leaves a family out.',
      { done: 5, failed: 4, pending: 3 },
      { status: 'failed' },
    ],
    [
      '0 of 4 families promoted; 1 failed and is unchanged; 3 not begun. The canary family failed: nothing else was begun. Retry tries what failed again; Skip leaves a family out.',
      { failed: 1, pending: 3 },
      { status: 'failed' },
    ],
    [
      '0 of 4 families promoted; 1 skipped; 3 not begun. Retry goes on with the others.',
      { skipped: 1, pending: 3 },
      { status: 'failed' },
    ],
  ])('%s', (sentence, parts, other) => {
    expect(words(parts, other)).toBe(sentence)
  })

  it('has room for the time that is left, where it goes on', () => {
    expect(withTime(words({ done: 1, running: 2 }), 'about 1 min')).toBe(
      '1 of 3 families promoted; 2 to go, about 1 min.',
    )
    const ended = words({ done: 3 }, { status: 'succeeded' })
    expect(withTime(ended, 'about 1 min')).toBe(ended)
  })
})
