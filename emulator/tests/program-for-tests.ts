// The emulator as a child process of one test, which ends with the test.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

/** With `maxFileBlocks` no file of the program can grow beyond so many blocks (of 512 or 1,024 bytes, as the shell has it). */
type Circumstances = { ipc?: boolean; maxFileBlocks?: number }

export function start(args: string[], { ipc = false, maxFileBlocks }: Circumstances = {}) {
  const stdio = ['ignore', 'pipe', 'pipe', ...(ipc ? ['ipc' as const] : [])] as const
  const command = [process.execPath, MAIN, ...args]
  const limited = ['sh', '-c', `ulimit -f ${maxFileBlocks}; exec "$0" "$@"`, ...command]
  const [file = '', ...rest] = maxFileBlocks === undefined ? command : limited
  const child = spawn(file, rest, { stdio: [...stdio] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const output = { out: '', error: '' }
  child.stdout?.on('data', (text) => {
    output.out += String(text)
  })
  child.stderr?.on('data', (text) => {
    output.error += String(text)
  })
  return { child, output }
}

/** The address, once the program listens. */
export async function listening({ child, output }: ReturnType<typeof start>): Promise<string> {
  while (!output.out.includes('\n')) await once(child.stdout ?? child, 'data')
  return /^emulator (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(output.out)?.[1] ?? ''
}

export async function exitOf(child: ChildProcess): Promise<unknown> {
  const [code] = (await once(child, 'close')) as unknown[]
  return code
}
