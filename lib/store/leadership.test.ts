import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { electedOn, leadership } from './leadership'
import { startPostgres } from './postgres-for-tests'

const PATIENTLY = { timeout: 30_000, interval: 20 }

describe('a process alone', () => {
  it('leads at once, until it stops', async () => {
    const onElected = vi.fn()
    const onLost = vi.fn()
    const stop = leadership().start({ onElected, onLost })
    expect(onElected).toHaveBeenCalledOnce()
    expect(onLost).not.toHaveBeenCalled()
    await stop()
    await stop()
    expect(onLost).toHaveBeenCalledOnce()
  })
})

const postgres = await startPostgres()
afterAll(() => postgres?.stop())

/** Another process that stands for election, and says how it goes. */
const CANDIDATE = `
  import { electedOn } from '@/lib/store/leadership'
  electedOn(process.argv[1]).start({ onElected: () => console.log('elected'), onLost: () => console.log('lost') })
`

describe.skipIf(!postgres)('among several processes', () => {
  const url = postgres?.url ?? ''
  const stops: (() => Promise<void>)[] = []
  const children: ChildProcess[] = []

  /** Who leads now, and all that has happened, in order. */
  const history: string[] = []
  const leaders = new Set<string>()

  /** As another process would stand for election. */
  function stand(name: string) {
    const stop = electedOn(url).start({
      onElected: () => {
        history.push(leaders.size === 0 ? `${name} elected` : `${name} elected beside ${[...leaders]}`)
        leaders.add(name)
      },
      onLost: () => {
        history.push(`${name} lost`)
        leaders.delete(name)
      },
    })
    stops.push(stop)
    return stop
  }

  /** A leader in another process, once it is elected, and what it has said. */
  async function otherLeader() {
    const options = ['--import', './bench/lib-imports.ts', '--input-type=module', '-e', CANDIDATE, url]
    const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'ignore'] })
    children.push(child)
    const said: string[] = []
    createInterface({ input: child.stdout }).on('line', (line) => said.push(line))
    await expect.poll(() => said, PATIENTLY).toEqual(['elected'])
    return { child, said }
  }

  const candidates = async () =>
    (await postgres?.query(`select 1 from pg_stat_activity where application_name = 'kms-atlas leadership'`))?.length

  beforeAll(() => {
    // Connections are broken on purpose.
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
  })
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    await Promise.all(stops.splice(0).map((stop) => stop()))
    history.length = 0
  })

  it('one leads; when it stops, another does', async () => {
    const stopFirst = stand('first')
    await expect.poll(() => history, PATIENTLY).toEqual(['first elected'])
    stand('second')
    await expect.poll(candidates, PATIENTLY).toBe(2)
    await stopFirst()
    await expect.poll(() => history, PATIENTLY).toEqual(['first elected', 'first lost', 'second elected'])
  })

  it('a leader that loses its connection leaves off, and one is elected again', async () => {
    stand('first')
    await expect.poll(() => history, PATIENTLY).toEqual(['first elected'])
    stand('second')
    await postgres?.cutConnections('kms-atlas leadership')
    await expect.poll(() => history.length, PATIENTLY).toBe(3)
    expect(history.slice(0, 2)).toEqual(['first elected', 'first lost'])
    expect(history[2]).toMatch(/^(first|second) elected$/)
  })

  it('a killed leader is followed by another', async () => {
    const { child } = await otherLeader()
    stand('second')
    await expect.poll(candidates, PATIENTLY).toBe(2)
    expect(history).toEqual([])
    child.kill('SIGKILL')
    await expect.poll(() => history, PATIENTLY).toEqual(['second elected'])
  })

  it('a leader that stands still is followed by another, and leaves off when it goes on', async () => {
    const { child, said } = await otherLeader()
    child.kill('SIGSTOP')
    stand('second')
    await expect.poll(() => history, PATIENTLY).toEqual(['second elected'])
    child.kill('SIGCONT')
    await expect.poll(() => said, PATIENTLY).toEqual(['elected', 'lost'])
    expect(history).toEqual(['second elected'])
  })
})
