// One emulator at a time on a state file, and no lock that outlives who held it.

import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateKeyCommand, ListKeysCommand } from '@aws-sdk/client-kms'
import { describe, expect, it, onTestFinished } from 'vitest'
import { exitOf, listening, start } from '../tests/program-for-tests.ts'
import { emulate } from '../tests/test-emulator.ts'
import { lockFile } from './file-lock.ts'

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kms-emulator-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

describe('the lock of a state file', () => {
  it('refuses a second emulator, which leaves the first undisturbed, until that has ended', async () => {
    const dataFile = join(await emptyFolder(), 'state.jsonl')
    const first = await emulate({ dataFile })
    const sentence = `The state file ${dataFile} is in use by process ${process.pid}; end that one, or name another with --data.`
    await expect(emulate({ dataFile })).rejects.toThrow(sentence)
    await first.kms().send(new CreateKeyCommand({}))
    await first.close()
    const third = await emulate({ dataFile })
    expect((await third.kms().send(new ListKeysCommand({}))).Keys).toHaveLength(1)
    await third.close()
    expect(await readdir(join(dataFile, '..'))).toEqual(['state.jsonl'])
  })

  it('makes the program end with that sentence', async () => {
    const dataFile = join(await emptyFolder(), 'state.jsonl')
    await emulate({ dataFile })
    const { child, output } = start(['--port', '0', '--data', dataFile])
    expect(await exitOf(child)).toBe(1)
    expect(output.error).toBe(
      `The state file ${dataFile} is in use by process ${process.pid}; end that one, or name another with --data.\n`,
    )
  })

  it('is the same by whatever path the folder is reached', async () => {
    const folder = await emptyFolder()
    await symlink(folder, `${folder}-link`)
    onTestFinished(() => rm(`${folder}-link`))
    onTestFinished(lockFile(join(folder, 'state.jsonl')))
    expect(() => lockFile(join(`${folder}-link`, 'state.jsonl'))).toThrow('is in use')
  })

  it.each([
    ['a process that is gone', async () => JSON.stringify({ pid: await deadProcess(), startedAt: 'then' })],
    ['one whose number another process has now', () => JSON.stringify({ pid: process.pid, startedAt: 'long ago' })],
    ['nobody', () => ''],
    ['what is no lock', () => 'my shopping list'],
  ])('is taken over from %s', async (_, text) => {
    const file = join(await emptyFolder(), 'state.jsonl')
    await writeFile(`${file}.lock`, await text())
    const release = lockFile(file)
    expect(JSON.parse(await readFile(`${file}.lock`, 'utf8'))).toMatchObject({ pid: process.pid })
    expect(() => lockFile(file)).toThrow('is in use')
    release()
    expect(await readdir(join(file, '..'))).toEqual([])
  })

  it('is not given back by one that no longer has it', async () => {
    const file = join(await emptyFolder(), 'state.jsonl')
    const release = lockFile(file)
    await rm(`${file}.lock`)
    onTestFinished(lockFile(file))
    release()
    expect(() => lockFile(file)).toThrow('is in use')
  })

  it('goes to one of many that start at once after a kill', async () => {
    const dataFile = join(await emptyFolder(), 'state.jsonl')
    const killed = start(['--port', '0', '--scenario', 'empty', '--data', dataFile])
    await listening(killed)
    const gone = exitOf(killed.child)
    killed.child.kill('SIGKILL')
    await gone
    const programs = Array.from({ length: 5 }, () => start(['--port', '0', '--data', dataFile]))
    const ends = programs.map(async (program) =>
      Promise.race([listening(program).then(() => 'listens'), exitOf(program.child)]),
    )
    expect((await Promise.all(ends)).sort()).toEqual([1, 1, 1, 1, 'listens'])
  })
})

async function deadProcess(): Promise<number> {
  const { child } = start(['--version'])
  await exitOf(child)
  return child.pid ?? 0
}
