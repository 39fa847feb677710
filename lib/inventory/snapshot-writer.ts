// Snapshot writer: stores what was read, soon after it was read, and once more at the end.

import type { Cut, StoredSnapshot } from './stored-snapshot'

export interface SnapshotWriterOptions {
  store: Pick<StoredSnapshot, 'write'>
  /** What has changed since the last cut; null when nothing has. */
  cut: () => Cut | null
  /** Milliseconds between two cuts, at least. */
  everyMs: number
  /** That version, and all before it, can be read by others. */
  written?: (version: number) => void
}

export class SnapshotWriter {
  readonly #options: SnapshotWriterOptions
  /** What could not be stored yet, the oldest first. */
  readonly #pending: Cut[] = []
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(options: SnapshotWriterOptions) {
    this.#options = options
  }

  start() {
    this.#timer ??= setInterval(() => void this.flush().catch(complain), this.#options.everyMs).unref()
  }

  /** Stores the rest, or leaves it to others. */
  async stop({ stores }: { stores: boolean }): Promise<void> {
    clearInterval(this.#timer)
    if (stores) await this.flush().catch(complain)
  }

  /** Stores everything that has been read until now. Rejects when the database fails: the next time tries again. */
  flush(): Promise<void> {
    this.#writing = this.#writing.catch(() => undefined).then(() => this.#write())
    return this.#writing
  }

  async #write() {
    const cut = this.#options.cut()
    if (cut) this.#pending.push(cut)
    for (let next = this.#pending[0]; next; next = this.#pending[0]) {
      await this.#options.store.write(next)
      this.#pending.shift()
      this.#options.written?.(next.version)
    }
  }
}

const complain = (error: unknown) => console.error('The snapshot could not be stored', error)
