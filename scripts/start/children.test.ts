import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { endChildren, startChild } from './children.ts'

/** A child that is up, and does this when it is told to end. */
async function givenChild(onEnd: string) {
  const program = `process.on('SIGTERM', () => ${onEnd}); setInterval(() => {}, 1000); process.send('up')`
  const child = startChild(['--eval', program], process.env, { out: 'inherit', error: 'inherit' })
  await once(child.process, 'message')
  return child
}

describe('endChildren', () => {
  it('ends the latest first, and says when one had to be killed', async () => {
    const order: string[] = []
    const first = await givenChild('process.exit(3)')
    const second = await givenChild('process.exit(4)')
    const heard = [first.ended.then(() => order.push('first')), second.ended.then(() => order.push('second'))]
    expect(await endChildren()).toBe(true)
    await Promise.all(heard)
    expect(order).toEqual(['second', 'first'])
    expect(await first.ended).toEqual({ code: 3, signal: null })

    const stubborn = await givenChild('{}')
    expect(await endChildren()).toBe(false)
    expect(await stubborn.ended).toEqual({ code: null, signal: 'SIGKILL' })
  })
})
