// Folder lock: one process at a time may use a data folder. Two on one embedded database lose each other's rows.

import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const LOCK_FILE = 'atlas.lock'

const holderSchema = z.object({ pid: z.number().int().positive(), born: z.string() })

/**
 * When a process was started, or null when there is none. Process ids are used again, and in a container the same
 * one at each start: a pid alone would take a stranger for the holder.
 */
function birthOf(pid: number): string | null {
  if (process.platform === 'linux') {
    try {
      // After the name in brackets: the state is field 3, the start in clock ticks since boot is field 22.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')
      const [state] = fields
      if (state === 'Z' || state === 'X') return null
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`
    } catch {
      return null
    }
  }
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return null
  }
  if (process.platform === 'win32') return 'alive'
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null
  } catch {
    return null
  }
}

/** The text of a file, or null when it is not there. */
function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** The pid of the living process that wrote this lock, or null. */
function livingHolder(lock: string): number | null {
  try {
    const { pid, born } = holderSchema.parse(JSON.parse(lock))
    return birthOf(pid) === born ? pid : null
  } catch {
    return null
  }
}

/** Puts a whole file in place, unless one is there: whoever reads it never sees half a lock. */
function placeNew(path: string, content: string): boolean {
  const draft = `${path}.${randomUUID()}`
  writeFileSync(draft, content, { mode: 0o600 })
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Takes a dead holder's lock away; one that a living process put there meanwhile is given back. */
function removeStale(path: string, stale: string) {
  const aside = `${path}.${randomUUID()}`
  try {
    renameSync(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const removed = textOf(aside)
  if (removed !== null && removed !== stale) placeNew(path, removed)
  rmSync(aside, { force: true })
}

/**
 * Locks the folder, made when it is missing, for this process, and answers how to release it. Throws one sentence
 * when a living process holds it; the lock of a dead one is taken over.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, LOCK_FILE)
  const own = JSON.stringify({ pid: process.pid, born: birthOf(process.pid), lock: randomUUID() })
  while (!placeNew(path, own)) {
    const found = textOf(path)
    if (found === null) continue
    const pid = livingHolder(found)
    if (pid !== null) {
      throw new Error(
        `The data folder ${folder} is in use by process ${pid}: stop that one, or set ATLAS_DATA_DIR to another folder.`,
      )
    }
    removeStale(path, found)
  }
  return () => {
    if (textOf(path) === own) rmSync(path, { force: true })
  }
}
