import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockFolder } from '../lib/store/folder-lock.ts'

let dataDir = ''

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'atlas-start-'))
})

afterEach(() => rm(dataDir, { recursive: true }))

/** A start that is refused before anything is built. */
async function refusedStart(args: string[], variables: Record<string, string>) {
  const child = spawn(process.execPath, ['scripts/start.ts', ...args], {
    env: { ...process.env, PORT: '0', EMULATOR_PORT: '0', ATLAS_DATA_DIR: dataDir, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, error, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code: code as unknown, out, error }
}

async function takenPort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port: String(port), free: () => new Promise((resolve) => server.close(resolve)) }
}

describe('npm start', () => {
  it.each([
    [['--help'], {}, /^Unknown option '--help'; there are --aws and --dev\.\n$/],
    [[], { PORT: 'many' }, /^Wrong value in the environment: PORT .*\n$/],
    [['--aws'], { HOST: '0.0.0.0' }, /^HOST must be .*\n$/],
    [[], { ATLAS_SCENARIO: 'none' }, /^--scenario must be one of .*, not none\.\n$/],
    [[], { ATLAS_DATA_DIR: '/dev/null/atlas' }, /^ENOTDIR.*\n$/],
  ])('ends with one sentence and code 1 for %j with %j', async (args, variables, sentence) => {
    expect(await refusedStart(args, variables)).toEqual({ code: 1, out: '', error: expect.stringMatching(sentence) })
  })

  it.each(['PORT', 'EMULATOR_PORT'])('names the variable when %s is taken', async (variable) => {
    const { port, free } = await takenPort()
    expect(await refusedStart([], { [variable]: port })).toEqual({
      code: 1,
      out: '',
      error: `Port ${port} is taken; choose another with ${variable}.\n`,
    })
    await free()
  })

  it.each(['.', 'emulator'])('refuses a data folder whose part %s is in use', async (part) => {
    const release = lockFolder(join(dataDir, part))
    const { code, out, error } = await refusedStart([], {})
    release()
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(error).toMatch(new RegExp(`^The data folder .* is in use by process ${process.pid}: .*ATLAS_DATA_DIR.*\\n$`))
  })
})
