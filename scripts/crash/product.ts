// The product as it is killed: started by `npm start`, on ports and a data folder of its own.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ROOT } from '../start/children.ts'
import { EmulatorDoors, REGIONS } from './emulator-doors.ts'
import { descendantsOf, killAll } from './processes.ts'

/**
 * `server`: the dashboard alone is killed, and KMS goes on. `tree`: everything, the emulator included, at one instant.
 */
export type Victim = 'server' | 'tree'

const ASK_EVERY_MS = 20
/** Characters. */
const MOST_SAID = 4_000

export interface Product {
  victim: Victim
  baseUrl: string
  doors: EmulatorDoors
  /** Where the emulator keeps its keys. */
  stateFile: string
  /** Resolves when the processes run, not when they answer. */
  start: () => Promise<void>
  kill: () => Promise<void>
  /** Resolves when the dashboard answers this path; rejects when it has ended instead. */
  answers: (path: string) => Promise<void>
  end: () => Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (typeof address !== 'object' || address === null) throw new Error('No free port')
  return address.port
}

/** The channel ends the program when this one is killed. */
const program = (args: string[], variables: Record<string, string>): ChildProcess =>
  spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })

/** What it has said last, for the case that it ends by itself. */
function complaintsOf({ stderr }: ChildProcess): () => string {
  let said = ''
  stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-MOST_SAID)
  })
  return () => said
}

async function startEmulator(port: number, stateFile: string): Promise<ChildProcess> {
  const where = ['--port', String(port), '--data', stateFile, '--scenario', 'empty']
  const child = program(['--import=./scripts/start/end-with-parent.js', 'emulator/main.ts', ...where], {})
  child.stderr?.pipe(process.stderr)
  await once(child, 'message')
  return child
}

export async function productIn(folder: string, victim: Victim): Promise<Product> {
  const [port, emulatorPort] = [await freePort(), await freePort()]
  const [baseUrl, emulatorUrl] = [port, emulatorPort].map((each) => `http://127.0.0.1:${each}`) as [string, string]
  const dataDir = join(folder, 'data')
  const stateFile = victim === 'tree' ? join(dataDir, 'emulator', 'keys.jsonl') : join(folder, 'keys.jsonl')
  const emulator = victim === 'server' ? await startEmulator(emulatorPort, stateFile) : null
  const variables: Record<string, string> = {
    ...{ PORT: String(port), HOST: '127.0.0.1', ATLAS_DATA_DIR: dataDir },
    ...(emulator
      ? {
          ...{ AWS_ENDPOINT_URL_KMS: emulatorUrl, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
          ATLAS_REGIONS: REGIONS.join(','),
        }
      : { EMULATOR_PORT: String(emulatorPort), ATLAS_SCENARIO: 'empty' }),
  }
  let running: { child: ChildProcess; ended: Promise<unknown>; complaints: () => string } | null = null

  const idsOf = ({ pid = 0 }: ChildProcess) => descendantsOf(pid)

  return {
    victim,
    baseUrl,
    stateFile,
    doors: new EmulatorDoors(emulatorUrl),
    start: async () => {
      const child = program(['scripts/start.ts'], variables)
      running = { child, ended: once(child, 'exit'), complaints: complaintsOf(child) }
      await once(child, 'spawn')
    },
    kill: async () => {
      if (!running) return
      const { child, ended } = running
      const ids = idsOf(child)
      // A start that has no child yet is all there is of the product.
      killAll(victim === 'tree' || ids.length === 0 ? [child.pid ?? 0, ...ids] : ids)
      // The start of a server that was killed ends by itself.
      await ended
      running = null
    },
    answers: async (path) => {
      let isOver = false
      const { ended, complaints } = running ?? {}
      void ended?.then(() => {
        isOver = true
      })
      for (;;) {
        const response = await fetch(`${baseUrl}${path}`).catch(() => null)
        await response?.body?.cancel()
        if (response?.ok) return
        if (isOver) throw new Error(`The product ended before it answered: ${complaints?.()}`)
        await sleep(ASK_EVERY_MS)
      }
    },
    end: async () => {
      if (running) {
        running.child.kill('SIGTERM')
        await running.ended
      }
      if (!emulator) return
      const ended = once(emulator, 'exit')
      emulator.kill('SIGTERM')
      await ended
    },
  }
}
