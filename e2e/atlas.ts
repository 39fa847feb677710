// The built product as a person starts it, on free ports and with a data folder of its own.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'

export type Atlas = {
  baseUrl: string
  emulatorUrl: string
  dataDir: string
  /** Of the start script. */
  pid: number
  /** Resolves with the exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>
  kill: (signal: NodeJS.Signals) => void
  /** Ends it if it runs, and removes its data. */
  remove: () => Promise<void>
}

/** Further variables of the contract, such as ATLAS_SCENARIO, and options such as `--aws`. */
export async function startAtlas(variables: Record<string, string> = {}, options: string[] = []): Promise<Atlas> {
  const dataDir = variables.ATLAS_DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'atlas-story-')))
  const child = spawn(process.execPath, ['scripts/start.ts', ...options], {
    env: { ...withoutPlaywright(), PORT: '0', EMULATOR_PORT: '0', ...variables, ATLAS_DATA_DIR: dataDir },
    // The channel ends the product when the test runner is killed.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals)
  const addresses = await Promise.race([printedAddresses(child), ended])
  if (typeof addresses !== 'object' || child.pid === undefined) {
    await rm(dataDir, { recursive: true, force: true })
    throw new Error(`The product ended (${String(addresses)}) before it was ready`)
  }
  const kill = (signal: NodeJS.Signals) => void child.kill(signal)
  const remove = async () => {
    kill('SIGTERM')
    await ended
    await rm(dataDir, { recursive: true, force: true })
  }
  return { ...addresses, dataDir, pid: child.pid, ended, kill, remove }
}

/** A start that ends by itself, with what it said. */
export async function refusedStart(variables: Record<string, string> = {}, options: string[] = []) {
  const child = spawn(process.execPath, ['scripts/start.ts', ...options], {
    env: { ...withoutPlaywright(), PORT: '0', EMULATOR_PORT: '0', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, error, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code: code as number | null, out, error }
}

/** The emulator as a program of its own, in memory. */
export async function startEmulator(scenario: string): Promise<{ url: string; end: () => Promise<void> }> {
  const where = ['--port', '0', '--scenario', scenario]
  const child = spawn(process.execPath, ['--import=./scripts/start/end-with-parent.js', 'emulator/main.ts', ...where], {
    env: withoutPlaywright(),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  const [message] = await once(child, 'message')
  const end = async () => {
    child.kill('SIGTERM')
    await ended
  }
  return { url: (message as { listening: string }).listening, end }
}

/** The start script prints one line for each address. */
function printedAddresses({ stdout }: ChildProcess): Promise<{ baseUrl: string; emulatorUrl: string }> {
  return new Promise((resolve) => {
    if (!stdout) return
    let emulatorUrl = ''
    createInterface({ input: stdout }).on('line', (line) => {
      const [, name, url] = /^(emulator|ready) (http:\/\/\S+)$/.exec(line) ?? []
      if (name === 'emulator') emulatorUrl = url ?? ''
      else if (name === 'ready') resolve({ baseUrl: url ?? '', emulatorUrl })
      else process.stdout.write(`${line}\n`)
    })
  })
}

/** What the test runner sets for itself would change how the product prints and loads modules. */
function withoutPlaywright(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, FORCE_COLOR: _colour, ...own } = process.env
  return own
}
