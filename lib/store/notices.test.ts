import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { LocalNotices, type Notices, SharedNotices } from './notices'
import { startPostgres } from './postgres-for-tests'

const PATIENTLY = { timeout: 30_000, interval: 10 }

/** What a listener has heard, as `kind id`. */
function heardBy(notices: Notices): string[] {
  const heard: string[] = []
  notices.subscribe((kind, id) => heard.push(`${kind} ${id}`))
  return heard
}

describe('notices within a process', () => {
  it('are heard at once by everybody who listens, until they do not any more', () => {
    const notices = new LocalNotices()
    const heard = heardBy(notices)
    const heardByOther: string[] = []
    const unsubscribe = notices.subscribe((_, id) => heardByOther.push(id))
    notices.publish('run', 'r1')
    unsubscribe()
    notices.publish('topology', '7')
    expect(heard).toEqual(['run r1', 'topology 7'])
    expect(heardByOther).toEqual(['r1'])
  })

  it('reach the others when one listener fails', () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const notices = new LocalNotices()
    notices.subscribe(() => {
      throw new Error('broken listener')
    })
    const heard = heardBy(notices)
    notices.publish('settings', '')
    expect(heard).toEqual(['settings '])
    expect(logged).toHaveBeenCalledOnce()
    logged.mockRestore()
  })

  it('carry no content', () => {
    expect(() => new LocalNotices().publish('run', 'x'.repeat(201))).toThrow('an id, not content')
  })
})

const postgres = await startPostgres()
afterAll(() => postgres?.stop())

describe.skipIf(!postgres)('notices between processes', () => {
  const url = postgres?.url ?? ''
  const opened: Notices[] = []
  /** As another process would have them. */
  function newNotices() {
    const notices = new SharedNotices(url)
    opened.push(notices)
    return notices
  }
  /** Listens, and hears what is said from now on. */
  async function listening() {
    const notices = newNotices()
    const heard = heardBy(notices)
    await expect.poll(() => heard, PATIENTLY).toEqual(['reconnected '])
    heard.length = 0
    return { notices, heard }
  }
  beforeAll(() => {
    // Connections are broken on purpose.
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
  })
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((notices) => notices.close()))
  })

  it('are heard across, in order, and by their own process exactly once', async () => {
    const one = await listening()
    const other = await listening()
    one.notices.publish('run', 'first')
    expect(one.heard).toEqual(['run first'])
    one.notices.publish('topology', '42')
    await expect.poll(() => other.heard, PATIENTLY).toEqual(['run first', 'topology 42'])
    other.notices.publish('watch', 'a page')
    await expect.poll(() => one.heard, PATIENTLY).toEqual(['run first', 'topology 42', 'watch a page'])
    expect(other.heard).toEqual(['run first', 'topology 42', 'watch a page'])
  })

  it('of the same thing twice are news twice', async () => {
    const one = await listening()
    const other = await listening()
    one.notices.publish('run', 'r')
    await expect.poll(() => other.heard, PATIENTLY).toEqual(['run r'])
    one.notices.publish('run', 'r')
    await expect.poll(() => other.heard, PATIENTLY).toEqual(['run r', 'run r'])
  })

  it('that were published while the connection was broken arrive later, and listeners are told to look', async () => {
    const one = await listening()
    const other = await listening()
    await postgres?.cutConnections('kms-atlas notices')
    one.notices.publish('settings', 'changed')
    await expect.poll(() => other.heard, PATIENTLY).toContain('reconnected ')
    await expect.poll(() => one.heard, PATIENTLY).toContain('reconnected ')
    one.notices.publish('run', 'after')
    await expect.poll(() => other.heard, PATIENTLY).toContain('run after')
    expect(one.heard.filter((notice) => notice === 'settings changed')).toHaveLength(1)
  })

  it('of which too many wait become one word to look for all', async () => {
    const other = await listening()
    const late = newNotices()
    for (let id = 0; id < 2_500; id += 1) late.publish('run', String(id))
    await expect.poll(() => other.heard.at(-1), PATIENTLY).toBe('run 2499')
    expect(other.heard[0]).toBe('reconnected ')
    expect(other.heard.length).toBeLessThan(1_002)
  })

  it('that were published before the end are passed on', async () => {
    const one = await listening()
    const other = await listening()
    for (let id = 0; id < 100; id += 1) one.notices.publish('run', String(id))
    await one.notices.close()
    await expect.poll(() => other.heard.at(-1), PATIENTLY).toBe('run 99')
    expect(other.heard).toHaveLength(100)
  })

  it('of kinds that are not known here are left out', async () => {
    const one = await listening()
    await postgres?.query(
      `select pg_notify('kms_atlas', 'somebody weather rain'), pg_notify('kms_atlas', 'somebody run r1')`,
    )
    await expect.poll(() => one.heard, PATIENTLY).toEqual(['run r1'])
  })
})
