import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openEmbedded, openPostgres } from './database'
import { type Job, JobQueue } from './job-queue'
import { startPostgres } from './postgres-for-tests'

type Store = Awaited<ReturnType<typeof openEmbedded>>
interface Data {
  name: string
}

const patiently = { timeout: 20_000, interval: 5 }
const postgres = await startPostgres()

const stores: [name: string, open: (folder: string) => Promise<Store>][] = [
  ['the embedded database', openEmbedded],
  ...(postgres ? [['PostgreSQL', () => openPostgres(postgres.url)] as [string, () => Promise<Store>]] : []),
]

afterAll(() => postgres?.stop())

describe.each(stores)('the job queue on %s', (_, open) => {
  let folder: string
  let store: Store
  const queues: JobQueue<Data>[] = []
  let names = 0

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atlas-jobs-'))
    store = await open(folder)
  })
  afterAll(async () => {
    await store.close()
    await rm(folder, { recursive: true })
  })
  afterEach(async () => {
    for (const queue of queues.splice(0)) await queue.stop(1_000)
  })

  /** As a process of its own would have it. */
  function newQueue(name: string, isAlone = true) {
    const queue = new JobQueue<Data>({ name, connection: async () => store.jobs, isAlone })
    queues.push(queue)
    return queue
  }
  const newName = () => `jobs-${++names}`

  async function add(queue: JobQueue<Data>, ...jobNames: string[]) {
    const jobs = jobNames.map((name) => ({ id: randomUUID(), data: { name } }))
    await queue.ready()
    await store.db.transaction((tx) => queue.add(tx, jobs))
    return jobs.map(({ id }) => id)
  }

  it('begins all jobs of a transaction once it is committed, however many, and none of one that is undone', async () => {
    const queue = newQueue(newName())
    await queue.ready()
    const begun: string[] = []
    const all = Promise.withResolvers<void>()
    await queue.work(async ({ data }) => {
      begun.push(data.name)
      await all.promise
    })
    const undone = store.db.transaction(async (tx) => {
      await queue.add(tx, [{ id: randomUUID(), data: { name: 'undone' } }])
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    const many = Array.from({ length: 60 }, (_, index) => `job ${index}`)
    await add(queue, ...many)
    // None of them has ended: a job that only waits holds up no other.
    await expect.poll(() => begun.length, patiently).toBe(60)
    all.resolve()
    expect(begun.toSorted()).toEqual(many.toSorted())
  })

  it('begins a job again whose work rejects, as the next attempt', async () => {
    const queue = newQueue(newName())
    const attempts: number[] = []
    await queue.work(async ({ attempt }) => {
      attempts.push(attempt)
      if (attempt < 2) throw new Error('not yet')
    })
    await add(queue, 'stubborn')
    await expect.poll(() => attempts, patiently).toEqual([0, 1, 2])
  })

  it('gives what was under way in a process that has ended to the next one, and tells the handler of the first', async () => {
    const name = newName()
    const first = newQueue(name)
    const had: Job<Data>[] = []
    await first.work(async (job) => {
      had.push(job)
      await new Promise<void>((resolve) => job.signal.addEventListener('abort', () => resolve()))
      throw new Error('given up')
    })
    const [id] = await add(first, 'long')
    await expect.poll(() => had.length, patiently).toBe(1)
    await first.stop(0)
    expect(had[0]?.signal.aborted).toBe(true)

    const second = newQueue(name)
    const got: Job<Data>[] = []
    await second.work(async (job) => void got.push(job))
    await expect.poll(() => got.map(({ id, attempt }) => ({ id, attempt })), patiently).toEqual([{ id, attempt: 1 }])
  })

  it('knows which jobs nobody will do', async () => {
    const queue = newQueue(newName())
    const [open = ''] = await add(queue, 'open')
    const unknown = randomUUID()
    expect(await queue.lost([open, unknown])).toEqual([unknown])
    let isDone = false
    await queue.work(async () => {
      isDone = true
    })
    await expect.poll(() => isDone, patiently).toBe(true)
    await expect.poll(() => queue.lost([open]), patiently).toEqual([open])
  })
})
