// The state file: a snapshot of JSON lines, then one line for each change. What was acknowledged is on disk; changes that
// arrive together share one write. A rewrite goes to a second file that then takes the place of the first.

import { type FileHandle, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

const HEADER = JSON.stringify({ kmsEmulatorState: 1 })
const COMPACT_AFTER_BYTES = 8 * 1024 * 1024

export class Journal {
  readonly #file: string
  readonly #snapshot: () => string[]
  readonly #compactAfterBytes: number
  #handle: FileHandle | undefined
  #pending: string[] = []
  #rewriteNext = true
  #snapshotBytes = 0
  #appendedBytes = 0
  #running: Promise<void> | undefined
  #queued: Promise<void> | undefined
  #closed = false

  /** After so many bytes of changes, or twice those of the last snapshot, the file is written anew. */
  constructor(file: string, snapshot: () => string[], compactAfterBytes = COMPACT_AFTER_BYTES) {
    this.#file = file
    this.#snapshot = snapshot
    this.#compactAfterBytes = compactAfterBytes
  }

  append(line: string): void {
    this.#pending.push(line)
  }

  /** Asks that the next write be a fresh snapshot instead of single changes. */
  rewriteNext(): void {
    this.#rewriteNext = true
  }

  /**
   * Resolves once everything appended so far is on disk, and not while an earlier change could not be written: then
   * every call tries again to write all there is, so that no answer tells of what a crash would take back.
   */
  flushed(): Promise<void> {
    if (this.#closed) return Promise.reject(new Error(`${this.#file} is closed`)) // it may be another's by now
    if (this.#pending.length === 0 && !this.#rewriteNext) return this.#running ?? Promise.resolve()
    this.#queued ??= this.#writeAfterRunning()
    return this.#queued
  }

  async close(): Promise<void> {
    const flushed = this.flushed()
    this.#closed = true
    try {
      await flushed
    } finally {
      await this.#handle?.close()
      this.#handle = undefined
    }
  }

  async #writeAfterRunning(): Promise<void> {
    await this.#running?.catch(() => {}) // its own callers hear of its failure
    const writing = this.#write()
    this.#queued = undefined
    this.#running = writing
    try {
      await writing
    } finally {
      if (this.#running === writing) this.#running = undefined
    }
  }

  async #write(): Promise<void> {
    const lines = this.#pending
    this.#pending = []
    try {
      if (this.#rewriteNext || this.#appendedBytes > Math.max(this.#compactAfterBytes, 2 * this.#snapshotBytes)) {
        await this.#rewrite()
      } else {
        await this.#appendToFile(Buffer.from(`${lines.join('\n')}\n`))
      }
    } catch (error) {
      this.#rewriteNext = true // a half-written line must not be followed by another
      throw error
    }
  }

  async #appendToFile(bytes: Buffer): Promise<void> {
    this.#handle ??= await open(this.#file, 'a', 0o600)
    await this.#handle.appendFile(bytes)
    await this.#handle.datasync()
    this.#appendedBytes += bytes.length
  }

  async #rewrite(): Promise<void> {
    this.#rewriteNext = false
    const bytes = Buffer.from(`${[HEADER, ...this.#snapshot()].join('\n')}\n`)
    const next = `${this.#file}.next`
    const handle = await open(next, 'w', 0o600)
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await this.#handle?.close()
    this.#handle = undefined
    await rename(next, this.#file)
    await syncFolder(dirname(this.#file))
    this.#snapshotBytes = bytes.length
    this.#appendedBytes = 0
  }
}

/** The lines of a state file, or nothing when there is none yet. A last line cut short by a crash was never acknowledged. */
export async function readJournal(file: string): Promise<string[] | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  if (text === '') return undefined
  const [header, ...lines] = text.split('\n').slice(0, -1)
  if (header !== HEADER) throw new Error(`${file} is not a state file of this emulator`)
  return lines
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
