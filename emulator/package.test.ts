// The emulator as a package: packed, unpacked elsewhere, started as its command, asked by the SDK.

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { KMSClient, ListAliasesCommand } from '@aws-sdk/client-kms'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import packageJson from './package.json' with { type: 'json' }

const HERE = import.meta.dirname
const REPOSITORY = dirname(HERE)
const BIN = packageJson.bin['kms-emulator']

const run = promisify(execFile)

/** Packs a copy, so that no bundle comes and goes in the folder that other tests read; answers where it is unpacked. */
async function packAndUnpack(folder: string): Promise<string> {
  const source = join(folder, 'source/emulator')
  await cp(HERE, source, { recursive: true, filter: (path) => !/\/(node_modules|dist)$/.test(path) })
  await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'source/node_modules'))
  const env = { ...process.env, npm_config_offline: 'true', npm_config_cache: join(folder, 'cache') }
  await run('npm', ['pack', '--pack-destination', folder], { cwd: source, env })

  const modules = join(folder, 'elsewhere/node_modules')
  const installed = join(modules, packageJson.name)
  await mkdir(installed, { recursive: true })
  const packed = join(folder, `${packageJson.name}-${packageJson.version}.tgz`)
  await run('tar', ['-xzf', packed, '-C', installed, '--strip-components', '1'])
  for (const dependency of Object.keys(packageJson.dependencies)) {
    await mkdir(dirname(join(modules, dependency)), { recursive: true })
    await symlink(join(REPOSITORY, 'node_modules', dependency), join(modules, dependency))
  }
  return installed
}

describe('the package', () => {
  let installed = ''

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kms-emulator-package-'))
    installed = await packAndUnpack(folder)
    return () => rm(folder, { recursive: true })
  })

  it('holds the command, the bundle and what is to be read, and no source or test', async () => {
    const files = (await readdir(installed, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
    expect(files.map(({ name }) => name).toSorted()).toEqual([
      'LICENSE',
      'README.md',
      'kms-emulator.js',
      'main.js',
      'package.json',
    ])
  })

  async function start() {
    const child = spawn(process.execPath, [join(installed, BIN), '--port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    const [line] = (await once(child.stdout, 'data')) as unknown[]
    return { child, endpoint: /^emulator (http:\S+)\n$/.exec(String(line))?.[1] ?? '' }
  }

  it('starts, answers the SDK and ends', async () => {
    const { child, endpoint } = await start()
    const kms = new KMSClient({
      region: 'us-east-1',
      endpoint,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    })
    const { Aliases = [] } = await kms.send(new ListAliasesCommand({}))
    expect(Aliases.map(({ AliasName }) => AliasName)).toContain('alias/global-data-key')
    kms.destroy()
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  })

  it('evaluates policies with a package that is not part of it, and says when that is missing', async () => {
    const library = '@cloud-copilot/iam-simulate'
    const switchOn = async () => {
      const { endpoint } = await start()
      const body = JSON.stringify({ authorization: 'policies' })
      const response = await fetch(`${endpoint}/_emulator/settings`, { method: 'PUT', body })
      return { status: response.status, answer: await response.json() }
    }
    expect(await switchOn()).toEqual({
      status: 400,
      answer: {
        error: {
          code: 'bad-request',
          message: `authorization "policies" needs the package ${library}, which is not installed: npm install ${library}@${packageJson.peerDependencies[library]}`,
        },
      },
    })
    const place = join(dirname(installed), library)
    await mkdir(dirname(place), { recursive: true })
    await symlink(join(REPOSITORY, 'node_modules', library), place)
    expect(await switchOn()).toMatchObject({ status: 200, answer: { authorization: 'policies' } })
  })
})

describe('the command in a checkout', () => {
  it('runs the source files', async () => {
    const { stdout } = await run(process.execPath, [join(HERE, BIN), '--version'])
    expect(stdout).toBe(`${packageJson.version}\n`)
  })

  it('says in one sentence what it needs when Node.js cannot run them', async () => {
    const started = run(process.execPath, ['--no-strip-types', join(HERE, BIN)])
    await expect(started).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^kms-emulator needs Node\.js 24 or newer, .*\n$/),
    })
  })
})
