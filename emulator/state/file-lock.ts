// One emulator at a time on a state file: two would overwrite each other's changes. The lock is a file beside it that
// names the process and when that was started, so that the lock of one that was killed holds nobody up.

import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

type Holder = { pid: number; startedAt: string; lock: string }

/** Locks the file, which need not exist yet; answers how to release it. Throws one sentence when another process has it. */
export function lockFile(file: string): () => void {
  const path = join(realpathSync(dirname(file)), `${basename(file)}.lock`)
  const holder: Holder = { pid: process.pid, startedAt: startOf(process.pid) ?? '', lock: randomUUID() }
  const own = JSON.stringify(holder)
  while (!create(path, own)) {
    const found = textOf(path)
    if (found === undefined) continue // released just now
    const pid = livingHolder(found)
    if (pid !== undefined) {
      throw new Error(`The state file ${file} is in use by process ${pid}; end that one, or name another with --data.`)
    }
    removeStale(path, found)
  }
  return () => {
    if (textOf(path) === own) rmSync(path, { force: true })
  }
}

/** Puts the whole file there at once, unless there is one. */
function create(path: string, text: string): boolean {
  const draft = `${path}.${randomUUID()}`
  writeFileSync(draft, text, { mode: 0o600 })
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Another start may have replaced the stale lock meanwhile: that one is put back. */
function removeStale(path: string, stale: string): void {
  const aside = `${path}.${randomUUID()}`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  const removed = textOf(aside)
  if (removed !== undefined && removed !== stale) create(path, removed)
  rmSync(aside, { force: true })
}

function livingHolder(text: string): number | undefined {
  try {
    const { pid, startedAt } = JSON.parse(text) as Holder
    return startOf(pid) === startedAt ? pid : undefined
  } catch {
    return undefined // not a lock of ours, or damaged: nobody holds it
  }
}

/** When a process was started, or nothing when there is none. A number alone is given to another process in time. */
function startOf(pid: number): string | undefined {
  return process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid)
}

function startFromProc(pid: number): string | undefined {
  const stat = textOf(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  // After the name in brackets: field 3 is the state, field 22 the start in clock ticks since the machine's.
  const fields = stat.slice(stat.lastIndexOf(') ') + 2).split(' ')
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined
  return `${textOf('/proc/sys/kernel/random/boot_id')?.trim()} ${fields[19]}`
}

function startFromPs(pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
  } catch {
    return undefined
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return undefined
    throw error
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code
