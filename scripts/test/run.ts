// Runs one program of a stage, with the project's own Node and tools first in the path.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { delimiter, join } from 'node:path'
import { ROOT } from '../start/children.ts'

let running: ChildProcess | undefined

/** Whether it ended well. */
export async function run(program: string, args: string[], variables: Record<string, string> = {}): Promise<boolean> {
  const PATH = [join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter)
  running = spawn(program, args, { cwd: ROOT, env: { ...process.env, ...variables, PATH }, stdio: 'inherit' })
  const [code] = await once(running, 'exit')
  running = undefined
  return code === 0
}

export function endRunning(): void {
  running?.kill('SIGTERM')
}
