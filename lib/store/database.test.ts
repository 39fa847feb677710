import { spawn } from 'node:child_process'
import { once as eventOf } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openEmbedded } from './database'
import { lockFolder } from './folder-lock'
import { runs } from './schema'

let folder: string
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'atlas-store-')), 'data')
})
afterEach(() => rm(join(folder, '..'), { recursive: true }))

const lockFile = () => join(folder, 'atlas.lock')

describe('the embedded database', () => {
  it('makes its folder and tables, and keeps its rows', async () => {
    const first = await openEmbedded(folder)
    await first.db.insert(runs).values({
      ...{ id: 'one', kind: 'promote', title: 'Promote', status: 'queued', actor: 'alice', reason: '' },
      ...{ fingerprint: 'f', request: {}, undo: {}, plan: {}, keyIds: ['mrk-1'], message: '' },
    })
    await first.close()
    const second = await openEmbedded(folder)
    expect(await second.db.select({ id: runs.id, keyIds: runs.keyIds }).from(runs)).toEqual([
      { id: 'one', keyIds: ['mrk-1'] },
    ])
    const undone = second.db.transaction(async (tx) => {
      await tx.delete(runs)
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    expect(await second.db.$count(runs)).toBe(1)
    await second.close()
  })

  it('refuses a folder that is in use, with one sentence, until it is closed', async () => {
    const first = await openEmbedded(folder)
    await expect(openEmbedded(folder)).rejects.toThrow(
      `The data folder ${folder} is in use by process ${process.pid}: stop that one, or set ATLAS_DATA_DIR to another folder.`,
    )
    expect((await first.db.execute(sql`select 1 as one`)) as unknown).toMatchObject({ rows: [{ one: 1 }] })
    await first.close()
    await (await openEmbedded(folder)).close()
  })
})

describe('the folder lock', () => {
  it('of a process that has died is taken over', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    const release = lockFolder(folder)
    const own = JSON.parse(await readFile(lockFile(), 'utf8'))
    release()
    await writeFile(lockFile(), JSON.stringify({ ...own, pid: child.pid, born: 'another life of this process id' }))
    // The process id lives, but it was not that process which locked the folder.
    lockFolder(folder)()

    child.kill('SIGKILL')
    await eventOf(child, 'exit')
    await writeFile(lockFile(), JSON.stringify({ ...own, pid: child.pid }))
    lockFolder(folder)()
    await writeFile(lockFile(), '')
    lockFolder(folder)()
    await expect(readFile(lockFile())).rejects.toThrow('ENOENT')
  })

  it('is not released by somebody who has lost it', async () => {
    const release = lockFolder(folder)
    await writeFile(lockFile(), 'of another')
    release()
    expect(await readFile(lockFile(), 'utf8')).toBe('of another')
  })
})
