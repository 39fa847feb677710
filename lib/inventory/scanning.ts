// Scanning: the part of the one process that scans. It goes on from what was stored, stores what it reads, and answers
// what the other processes ask.

import { gt, lt, sql } from 'drizzle-orm'
import type { Db } from '@/lib/store/database'
import type { Notices } from '@/lib/store/notices'
import { watchingProcesses } from '@/lib/store/schema'
import { Inventory, type InventoryOptions } from './inventory'
import { answerRequests, type InventoryAnswer, type InventoryRequest } from './inventory-requests'
import { SnapshotWriter } from './snapshot-writer'
import { readingsOf, type StoredSnapshot } from './stored-snapshot'

export interface ScanningOptions extends Omit<InventoryOptions, 'firstVersion' | 'earlier'> {
  database: () => Promise<Db>
  store: StoredSnapshot
  /** How to reach the other processes; null where there cannot be any. */
  notices: Notices | null
  /** A new version is known. */
  changed: (version: number) => void
}

/** Others wait for what is stored; alone, it is only for the next start. */
const STORE_EVERY_MS = { shared: 100, alone: 2_000 }
const LOOK_FOR_WATCHERS_MS = 10_000

export class Scanning {
  readonly inventory: Inventory
  readonly #writer: SnapshotWriter
  readonly #options: ScanningOptions
  readonly #ends: (() => void)[] = []

  /** Reads what was stored, and begins to scan. */
  static async begin(options: ScanningOptions): Promise<Scanning> {
    const stored = await options.store.load()
    const firstVersion = await options.store.beginTerm()
    const earlier = stored && { readings: readingsOf(stored), saved: stored.refreshed.saved }
    return new Scanning(options, new Inventory({ ...options, firstVersion, ...(earlier && { earlier }) }))
  }

  private constructor(options: ScanningOptions, inventory: Inventory) {
    const { store, notices, changed } = options
    this.#options = options
    this.inventory = inventory
    let told = 0
    this.#writer = new SnapshotWriter({
      store,
      cut: () => inventory.cut(),
      everyMs: notices ? STORE_EVERY_MS.shared : STORE_EVERY_MS.alone,
      written: (version) => {
        if (version > told) notices?.publish('topology', String(version))
        told = version
      },
    })
    inventory.subscribe(changed)
    inventory.start()
    this.#writer.start()
    if (notices) this.#serve(notices)
  }

  /** Stores the rest, unless another process scans by now, and gives up what is under way. */
  async stop({ isReplaced = false } = {}): Promise<void> {
    for (const end of this.#ends) end()
    if (isReplaced) this.inventory.stop()
    await this.#writer.stop({ stores: !isReplaced })
    this.inventory.stop()
  }

  #serve(notices: Notices) {
    const { database } = this.#options
    this.#ends.push(answerRequests({ database, notices }, (request) => this.#answer(request)))
    const look = () =>
      void this.#lookForWatchers().catch((error: unknown) =>
        console.error('Who watches in other processes could not be read', error),
      )
    this.#ends.push(notices.subscribe((kind) => void (kind === 'watch' && look())))
    const timer = setInterval(look, LOOK_FOR_WATCHERS_MS).unref()
    this.#ends.push(() => clearInterval(timer))
    look()
  }

  /** What was found is stored before it is answered: who asked reads it there. */
  async #answer(request: InventoryRequest): Promise<InventoryAnswer> {
    const { inventory } = this
    const found: Partial<InventoryAnswer> = {}
    if (request.what === 'refresh') await inventory.refresh()
    else if (request.what === 'find') await inventory.findFamily(request.keyId)
    else if (request.what === 'probe-all') {
      const families = await inventory.probeFamilies(request.keyIds)
      found.families = [...families].map(([keyId, probes]) => [keyId, [...probes]])
    } else found.probes = [...(await inventory.probeFamily(request.keyId, request.alsoRegions))]
    await this.#writer.flush()
    return { ...found, version: inventory.topology().version }
  }

  async #lookForWatchers() {
    const db = await this.#options.database()
    const watching = await db.select().from(watchingProcesses).where(gt(watchingProcesses.until, sql`now()`))
    for (const { open } of watching) this.inventory.seen(open as string[])
    await db.delete(watchingProcesses).where(lt(watchingProcesses.until, sql`now() - interval '1 hour'`))
  }
}
