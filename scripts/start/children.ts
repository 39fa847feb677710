// Child processes that must never outlive the process that started them.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import type { Variables } from './dashboard-variables.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const END_WITH_PARENT = new URL('./end-with-parent.js', import.meta.url).href
/** Together well under the 5 s within which everything ends. */
const POLITE_MS = 4_000

export type Ended = { code: number | null; signal: NodeJS.Signals | null }
export type Child = { process: ChildProcess; ended: Promise<Ended> }

type Output = 'inherit' | 'pipe'

const running: Child[] = []

/**
 * Starts a Node program. It leads a process group of its own: the terminal's Ctrl-C then reaches the start script
 * alone, which ends its children in order, and a child's own children can be ended with it. When this process is
 * killed, the closing channel tells the child and its children to end.
 */
export function startChild(args: string[], env: Variables, output: { out: Output; error: Output }): Child {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: {
      ...(env as NodeJS.ProcessEnv),
      NODE_OPTIONS: [env.NODE_OPTIONS, `--import=${END_WITH_PARENT}`].filter(Boolean).join(' '),
    },
    detached: true,
    stdio: ['ignore', output.out, output.error, 'ipc'],
  })
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }) as Ended)
  const started = { process: child, ended }
  running.push(started)
  return started
}

/**
 * Ends the children, the latest first: the dashboard finishes its calls while the emulator still answers. Those that
 * are left when the time is over are killed, their own children with them. Answers whether all ended by themselves.
 */
export async function endChildren(): Promise<boolean> {
  const timeIsOver = new Promise<boolean>((resolve) => setTimeout(resolve, POLITE_MS, false))
  let byThemselves = true
  for (const child of running.toReversed()) {
    child.process.kill('SIGTERM')
    const ended = await Promise.race([child.ended.then(() => true), timeIsOver])
    byThemselves &&= ended
  }
  for (const { process } of running) killGroup(process.pid)
  return byThemselves
}

function killGroup(leader: number | undefined): void {
  if (leader === undefined) return
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // Nobody of this group is left.
  }
}
