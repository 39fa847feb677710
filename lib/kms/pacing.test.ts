import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { callCounts, Pacer, paced } from './pacing'
import { type PacedCall, type Purpose, type TokenSource, Tokens } from './tokens'

/** Calls that stay under way until they are let go. */
function calls(region: string, purpose: Purpose) {
  const ends: (() => void)[] = []
  let begun = 0
  const make = () =>
    paced({ region, operation: 'DescribeKey', purpose }, () => {
      begun += 1
      return new Promise<void>((resolve) => ends.push(resolve))
    })
  return { make, begun: () => begun, endOne: () => ends.shift()?.() }
}

describe('paced', () => {
  it('lets at most 16 background calls of a near Region be under way, and each end lets the next one in', async () => {
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
    const listIn = (region: string, purpose: Purpose) =>
      paced({ region, operation: 'ListKeys', purpose }, async () => 'at once')
    await expect(listIn('region-b', 'run')).resolves.toBe('at once')
    await expect(listIn('region-c', 'background')).resolves.toBe('at once')
  })

  it('gives the place back when a call fails, and counts it', async () => {
    for (let i = 0; i < 50; i += 1) {
      await expect(
        paced({ region: 'region-d', operation: 'Encrypt', purpose: 'run' }, () => Promise.reject(new Error('no'))),
      ).rejects.toThrow('no')
    }
    expect(callCounts().filter(({ region }) => region === 'region-d')).toEqual([
      { region: 'region-d', operation: 'Encrypt', purpose: 'run', outcome: 'error', count: 50 },
    ])
  })
})

describe('Pacer', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const REGION = 'eu-west-1'
  const background = (operation: string): PacedCall => ({ region: REGION, operation, purpose: 'background' })
  const run = (operation: string): PacedCall => ({ region: REGION, operation, purpose: 'run' })
  const pacerWith = (tokens: TokenSource) => new Pacer(tokens, () => performance.now())
  const answer = async () => undefined

  it('takes what a call counts elsewhere at the same moment, or nothing', async () => {
    const sent: string[] = []
    const pacer = pacerWith(new Tokens(0.25))
    const promote = (from: string, to: string) =>
      pacer.run(
        {
          ...{ region: from, operation: 'UpdatePrimaryRegion', purpose: 'run' },
          besides: [{ region: to, operation: 'UpdatePrimaryRegion', times: 1 }],
        },
        async () => void sent.push(`${from} ${to}`),
      )
    const many = (count: number, make: () => Promise<void>) => Array.from({ length: count }, make)
    // Both go to the same Region, whose quota they share; the third pair has one of its own.
    void many(20, () => promote('a', 'c'))
    void many(20, () => promote('b', 'c'))
    void many(20, () => promote('d', 'e'))
    await vi.advanceTimersByTimeAsync(2_000)
    const to = (region: string) => sent.filter((each) => each.endsWith(` ${region}`)).length
    expect(to('c')).toBeGreaterThanOrEqual(10)
    expect(to('c')).toBeLessThanOrEqual(11)
    expect(to('e')).toBeGreaterThanOrEqual(10)
    expect(to('e')).toBeLessThanOrEqual(11)
    expect(pacer.counts.reduce((sum, { count }) => sum + count, 0)).toBe(sent.length)
  })

  it('keeps background reads to their share of the quota', async () => {
    const pacer = pacerWith(new Tokens(0.25))
    let answered = 0
    for (let i = 0; i < 2_000; i += 1) void pacer.run(background('DescribeKey'), answer).then(() => answered++)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(answered).toBeGreaterThan(490)
    expect(answered).toBeLessThanOrEqual(550)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(answered).toBeGreaterThan(1_490)
    expect(answered).toBeLessThanOrEqual(1_550)
  })

  it('has as many under way in a far Region as its pace needs, and never more than there are sockets for', async () => {
    for (const [latencyMs, most] of [
      [10, 16],
      [100, 75],
      [1_000, 160],
    ] as const) {
      const pacer = pacerWith(new Tokens(0.25))
      let underWay = 0
      let highest = 0
      const far = async () => {
        underWay += 1
        highest = Math.max(highest, underWay)
        await new Promise((resolve) => setTimeout(resolve, latencyMs))
        underWay -= 1
      }
      for (let i = 0; i < 5_000; i += 1) void pacer.run(background('DescribeKey'), far)
      await vi.advanceTimersByTimeAsync(6_000)
      expect(highest).toBeGreaterThan(most * 0.6)
      expect(highest).toBeLessThanOrEqual(most + 1)
    }
  })

  it('sends a run first, and a list between the descriptions', async () => {
    const pacer = pacerWith(new Tokens(0.25))
    const order: string[] = []
    const send = (call: PacedCall) =>
      void pacer.run(call, async () => void order.push(`${call.purpose} ${call.operation}`))
    for (let i = 0; i < 300; i += 1) send(background('DescribeKey'))
    send(background('ListAliases'))
    send(run('DescribeKey'))
    await vi.advanceTimersByTimeAsync(50)
    expect(order.indexOf('run DescribeKey')).toBeLessThan(60)
    expect(order.indexOf('background ListAliases')).toBeLessThan(60)
  })

  it('reads more slowly after throttling, and faster again with time', async () => {
    const pacer = pacerWith(new Tokens(0.25))
    const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException' })
    await expect(pacer.run(background('DescribeKey'), () => Promise.reject(throttled))).rejects.toBe(throttled)
    let answered = 0
    for (let i = 0; i < 20_000; i += 1) void pacer.run(background('DescribeKey'), answer).then(() => answered++)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(answered).toBeGreaterThan(240)
    expect(answered).toBeLessThan(280)
    await vi.advanceTimersByTimeAsync(10_000)
    const before = answered
    await vi.advanceTimersByTimeAsync(1_000)
    expect(answered - before).toBeGreaterThan(490)
  })

  it('lets who waits give up, and keeps no timer for nobody', async () => {
    const pacer = pacerWith(new Tokens(0.25))
    const given = new AbortController()
    await pacer.run(background('GetKeyLastUsage'), answer)
    const waiting = pacer.run(background('GetKeyLastUsage'), answer, given.signal)
    expect(vi.getTimerCount()).toBe(1)
    given.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    expect(vi.getTimerCount()).toBe(0)
    await expect(pacer.run(background('ListKeys'), answer, given.signal)).rejects.toThrow('enough')
    expect(pacer.counts).toEqual([{ ...background('GetKeyLastUsage'), outcome: 'ok', count: 1 }])
  })

  it('counts calls by what became of them', async () => {
    const pacer = pacerWith(new Tokens(1))
    const failWith = (name: string) => () => Promise.reject(Object.assign(new Error(name), { name }))
    await pacer.run(run('DescribeKey'), answer)
    for (const name of [
      'AccessDeniedException',
      'UnrecognizedClientException',
      'TimeoutError',
      'NotFoundException',
      'ThrottlingException',
    ]) {
      await expect(pacer.run(run('DescribeKey'), failWith(name))).rejects.toThrow(name)
    }
    expect(Object.fromEntries(pacer.counts.map(({ outcome, count }) => [outcome, count]))).toEqual({
      ok: 1,
      denied: 2,
      unreachable: 1,
      error: 1,
      throttled: 1,
    })
  })

  it('goes on with a background read when the run that it waited for gives up', async () => {
    const pacer = pacerWith(new Tokens(1))
    const given = new AbortController()
    await pacer.run(run('GetKeyLastUsage'), answer)
    const waiting = pacer.run(run('GetKeyLastUsage'), answer, given.signal)
    const after = pacer.run(background('GetKeyLastUsage'), answer)
    given.abort()
    await expect(waiting).rejects.toThrow()
    await vi.advanceTimersByTimeAsync(200)
    await expect(after).resolves.toBeUndefined()
  })
})
