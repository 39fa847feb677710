import { describe, expect, it } from 'vitest'
import { callCounts, paced } from './pacing'

/** Calls that stay under way until they are let go. */
function calls(region: string, purpose: 'background' | 'run') {
  const ends: (() => void)[] = []
  let begun = 0
  const make = () =>
    paced(region, 'DescribeKey', purpose, () => {
      begun += 1
      return new Promise<void>((resolve) => ends.push(resolve))
    })
  return { make, begun: () => begun, endOne: () => ends.shift()?.() }
}

describe('paced', () => {
  it('lets at most 16 background calls of a Region be under way, and each end lets the next one in', async () => {
    const background = calls('region-a', 'background')
    const all = Array.from({ length: 40 }, () => background.make())
    await Promise.resolve()
    expect(background.begun()).toBe(16)

    background.endOne()
    await all[0]
    await expect.poll(background.begun).toBe(17)

    let ended = false
    const end = Promise.all(all).then(() => {
      ended = true
    })
    await expect
      .poll(
        () => {
          background.endOne()
          return ended
        },
        { interval: 1 },
      )
      .toBe(true)
    await end
    expect(background.begun()).toBe(40)
  })

  it('keeps no Region and no run waiting for the background of another', async () => {
    const background = calls('region-b', 'background')
    for (let i = 0; i < 20; i += 1) void background.make()
    await expect(paced('region-b', 'ListKeys', 'run', async () => 'at once')).resolves.toBe('at once')
    await expect(paced('region-c', 'ListKeys', 'background', async () => 'at once')).resolves.toBe('at once')
  })

  it('gives the place back when a call fails, and counts it', async () => {
    for (let i = 0; i < 50; i += 1) {
      await expect(paced('region-d', 'Encrypt', 'run', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    }
    expect(callCounts()['region-d']).toEqual({ Encrypt: 50 })
  })
})
