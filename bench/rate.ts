// How many calls a second: some at once, again and again, for a while after a time to warm up.

import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

export type Task = { atOnce: number; warmUpSeconds: number; seconds: number }

/** `busy` is the share of one core that this process used. */
export type Rate = { perSecond: number; busy: number }

/** Tells the parent, if there is one, when the measured time begins, so that it can look at the server then. */
export async function measureRate(
  { atOnce, warmUpSeconds, seconds }: Task,
  call: () => Promise<unknown>,
): Promise<Rate> {
  let calls = 0
  let going = true
  const callers = Array.from({ length: atOnce }, async () => {
    while (going) {
      await call()
      calls += 1
    }
  })
  const measured = (async () => {
    await sleep(warmUpSeconds * 1000)
    process.send?.('began')
    const [callsBefore, usedBefore, began] = [calls, cpuMs(), performance.now()]
    await sleep(seconds * 1000)
    const elapsedMs = performance.now() - began
    const rate = { perSecond: ((calls - callsBefore) / elapsedMs) * 1000, busy: (cpuMs() - usedBefore) / elapsedMs }
    going = false
    return rate
  })()
  const [rate] = await Promise.all([measured, ...callers])
  return rate
}

/** Processor time that this process has used so far. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** In a client: what its parent wants measured. */
export async function orderFor(): Promise<unknown> {
  process.on('disconnect', () => process.exit(1))
  const [order] = (await once(process, 'message')) as unknown[]
  return order
}
