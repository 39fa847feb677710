import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'

const PRELOAD = new URL('./end-with-parent.js', import.meta.url).href

describe('a child that loads end-with-parent', () => {
  it('gets SIGTERM when the channel to its parent closes', async () => {
    const program = "process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000); process.send('up')"
    const child = spawn(process.execPath, [`--import=${PRELOAD}`, '--eval', program], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    await once(child, 'message')
    const ended = once(child, 'exit')
    child.disconnect()
    expect(await ended).toEqual([7, null])
  })

  it('is killed when it does not end by itself', async () => {
    const program = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); process.send('up')"
    const child = spawn(process.execPath, [`--import=${PRELOAD}`, '--eval', program], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    await once(child, 'message')
    const ended = once(child, 'exit')
    child.disconnect()
    expect(await ended).toEqual([null, 'SIGKILL'])
  })
})
