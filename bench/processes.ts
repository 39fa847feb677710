// Programs that a benchmark measures or measures with, each a process of its own that ends with the benchmark.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

/** Whether a program can be kept on one core while the one it is measured against keeps to another. */
export const CAN_PIN = availableParallelism() > 1 && isThere('taskset')
export const CLIENT_CORE = 0
export const SERVER_CORE = 1

function isThere(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

type Started = {
  /** The only core that it may use, where that can be. */
  core?: number | undefined
  environment?: Record<string, string> | undefined
  /** It imports from `lib`. */
  usesLib?: boolean
  /** Options for Node.js. */
  node?: string[]
}

/** Starts a program of this repository. */
export function startProgram(
  path: string,
  args: string[],
  { core, environment, usesLib = false, node = [] }: Started = {},
): ChildProcess {
  const [command = '', ...before] =
    core !== undefined && CAN_PIN ? ['taskset', '-c', String(core), process.execPath] : [process.execPath]
  const options = [...(usesLib ? ['--import', join(ROOT, 'bench/lib-imports.ts')] : []), ...node]
  return spawn(command, [...before, ...options, join(ROOT, path), ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, ...environment },
  })
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

/** What a program tells its parent next; fails when it ends instead. */
export async function nextMessage(child: ChildProcess): Promise<unknown> {
  const ending = new AbortController()
  const ended = once(child, 'exit', { signal: ending.signal }).then(([code]) => {
    throw new Error(`${child.spawnargs.join(' ')} ended with ${code}`)
  })
  try {
    const [message] = (await Promise.race([once(child, 'message'), ended])) as unknown[]
    return message
  } finally {
    ended.catch(() => {}) // nobody waits for it any more
    ending.abort()
  }
}

/** Memory of a process in bytes, now and at its highest; by `ps` where there is no /proc, which knows only now. */
export function memoryOf(pid: number): { now: number; highest: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1])
    return { now: kilobytes('VmRSS') * 1024, highest: kilobytes('VmHWM') * 1024 }
  } catch {
    const now = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024
    return { now, highest: Number.NaN }
  }
}

const CLOCK_TICKS_PER_SECOND = 100

/** Processor time that a process has used so far, where there is /proc. */
export function cpuMsOf(pid: number): number {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? ''
    const [user, system] = afterName.split(' ').slice(11, 13).map(Number)
    return (((user ?? 0) + (system ?? 0)) * 1000) / CLOCK_TICKS_PER_SECOND
  } catch {
    return Number.NaN
  }
}
