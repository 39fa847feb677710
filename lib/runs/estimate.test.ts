import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RunPart } from '@/lib/plans/run'
import { leftInWords, secondsLeft } from './estimate'

const START = Date.parse('2026-11-23T22:00:00.000Z')
const PER_SECOND = 5

interface Given {
  families: number
  waveSize: number
  /** How long KMS takes to settle a promotion, at least and at most. */
  settleMs: [least: number, most: number]
  verifyMs: number
}

/** When each part of a run begins and ends: calls at the pace of the quota, waves behind each other’s waits. */
function simulated({ families, waveSize, settleMs: [least, most], verifyMs }: Given) {
  const settle = (index: number) => least + (((index * 7919) % 101) / 100) * (most - least)
  const parts: { wave: number; startedAt: number; endedAt: number }[] = []
  let call = START
  let opensAt = START
  for (let from = 0, wave = 1; from < families; wave += 1) {
    const size = wave === 1 ? 1 : Math.min(waveSize, families - from)
    const startedAt = opensAt
    let settled = startedAt
    for (let index = from; index < from + size; index += 1) {
      call = Math.max(startedAt + 50, call + 1_000 / PER_SECOND)
      settled = Math.max(settled, call + settle(index))
      parts.push({ wave, startedAt, endedAt: call + settle(index) + verifyMs })
    }
    opensAt = wave === 1 ? settled + verifyMs : settled
    from += size
  }
  return parts
}

const iso = (at: number, now: number) => (at <= now ? new Date(at).toISOString() : null)

const at = (parts: ReturnType<typeof simulated>, now: number) =>
  parts.map(({ wave, startedAt, endedAt }) => ({
    wave,
    status: (endedAt <= now ? 'done' : startedAt <= now ? 'running' : 'pending') as RunPart['status'],
    startedAt: iso(startedAt, now),
    endedAt: iso(endedAt, now),
  }))

describe('secondsLeft', () => {
  it('is right within a fifth once a tenth is done, whatever the waves and however long KMS takes to settle', () => {
    const given = fc.record<Given>({
      families: fc.integer({ min: 60, max: 600 }),
      waveSize: fc.integer({ min: 5, max: 200 }),
      settleMs: fc
        .tuple(fc.integer({ min: 200, max: 40_000 }), fc.integer({ min: 0, max: 10 }))
        .map(([least, percent]) => [least, least * (1 + percent / 100)]),
      verifyMs: fc.integer({ min: 50, max: 500 }),
    })
    fc.assert(
      fc.property(given, fc.double({ min: 0.1, max: 1, noNaN: true }), (run, share) => {
        const parts = simulated(run)
        const ends = parts.map(({ endedAt }) => endedAt).sort((a, b) => a - b)
        const now = ends[Math.ceil(share * (ends.length - 1))] ?? 0
        const last = ends.at(-1) ?? 0
        const left = secondsLeft(at(parts, now), run.families / PER_SECOND, now)
        const real = (last - now) / 1_000
        // Near the end a few seconds are nothing.
        expect(Math.abs((left ?? Number.NaN) - real)).toBeLessThanOrEqual(Math.max(4, 0.2 * real))
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('leftInWords', () => {
  it.each([
    [0.2, 'about 1 s'],
    [12.3, 'about 12 s'],
    [44, 'about 40 s'],
    [99, 'about 100 s'],
    [110, 'about 2 min'],
    [150, 'about 2.5 min'],
    [1_000, 'about 17 min'],
    [9_000, 'about 2.5 h'],
  ])('%d s is %s', (seconds, words) => {
    expect(leftInWords(seconds)).toBe(words)
  })
})
