// Shared inventory: the inventory of a process, whichever its part is. One of the processes on a database scans, and
// stores what it finds; the others follow.

import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Leadership } from '@/lib/store/leadership'
import { watchingProcesses } from '@/lib/store/schema'
import type { FactNeed, Facts } from '@/lib/topology/facts'
import type { RefreshBudget } from '@/lib/topology/refresh-budget'
import type { Refreshing } from '@/lib/topology/refreshing'
import type { Family, Topology, TopologyDelta } from '@/lib/topology/topology'
import { Following } from './following'
import { askScanner } from './inventory-requests'
import { Scanning, type ScanningOptions } from './scanning'
import { StoredSnapshot } from './stored-snapshot'
import { WATCHING_MS, Watchers } from './watchers'

export interface SharedInventoryOptions extends Omit<ScanningOptions, 'store' | 'changed'> {
  leadership: Leadership
}

/** How often the scanning process is told that somebody still watches here. */
const TELL_WATCHING_MS = 10_000
/** Before the database answers again. */
const BEGIN_AGAIN_MS = 2_000

type Part = { role: 'scans'; scanning: Scanning } | { role: 'follows'; following: Following }

export class SharedInventory {
  readonly #options: SharedInventoryOptions
  readonly #store: StoredSnapshot
  readonly #listeners = new Set<(version: number) => void>()
  readonly #process = randomUUID()
  readonly #watchers = new Watchers()
  #toldAt = Number.NEGATIVE_INFINITY
  #part: Part | undefined
  /** Ends when the part that is being taken has been taken. */
  #taking: Promise<void> = Promise.resolve()
  #stopStanding: (() => Promise<void>) | undefined
  #endFollowing: (() => void) | undefined
  #stopped = false

  constructor(options: SharedInventoryOptions) {
    this.#options = options
    this.#store = new StoredSnapshot(options.database)
  }

  /** Takes part: follows until it is elected to scan. Alone, it is elected at once. */
  start() {
    if (this.#stopStanding) return
    if (this.#options.notices) this.#take(() => this.#follow())
    this.#stopStanding = this.#options.leadership.start({
      onElected: () => this.#take(() => this.#scan()),
      onLost: () => this.#take(() => this.#follow()),
    })
  }

  /** Stores what has been read, and gives up what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#taking
    await this.#leave({ isReplaced: false })
    await this.#stopStanding?.()
    this.#listeners.clear()
  }

  async ready(): Promise<void> {
    await this.#taking
    await this.#known()?.ready()
  }

  /** The snapshot as it is known now; asks nobody. */
  topology(): Topology {
    return this.#known()?.topology() ?? NOTHING
  }

  /** What changed after that version, or everything when the version is not known here. */
  async since(version: number): Promise<Topology | TopologyDelta> {
    return this.#known()?.since(version) ?? NOTHING
  }

  /** Calls the listener with each new version, until the returned function is called. */
  subscribe(listener: (version: number) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Somebody reads a screen or the machine door; `open` are the key ids of the families that the screen shows. */
  seen(open: string[] = []) {
    const part = this.#part
    if (part?.role === 'scans') part.scanning.inventory.seen(open)
    const now = performance.now()
    const isNew = this.#watchers.seen(open, now)
    if (part?.role !== 'follows' || (!isNew && now < this.#toldAt + TELL_WATCHING_MS)) return
    this.#toldAt = now
    this.#tellWatching().catch((error: unknown) => console.error('That somebody watches could not be told', error))
  }

  /** How often what is read, and what that costs; null before that is known. */
  refreshing(): Refreshing | null {
    return this.#known()?.refreshing() ?? null
  }

  /** For this process, should it scan, now or later. */
  setBudget(budget: RefreshBudget) {
    this.#options.budget = budget
    if (this.#part?.role === 'scans') this.#part.scanning.inventory.setBudget(budget)
  }

  async refresh(): Promise<Topology> {
    return (await this.#ready()).refresh()
  }

  async refreshFamily(keyId: string, alsoRegions: string[] = []): Promise<Family | undefined> {
    return (await this.#ready()).refreshFamily(keyId, alsoRegions)
  }

  async findFamily(keyId: string): Promise<Family | undefined> {
    return (await this.#ready()).findFamily(keyId)
  }

  async readFacts(needs: FactNeed[]): Promise<Facts> {
    return (await this.#ready()).readFacts(needs)
  }

  #known() {
    if (!this.#part) return undefined
    return this.#part.role === 'scans' ? this.#part.scanning.inventory : this.#part.following
  }

  async #ready() {
    await this.#taking
    const known = this.#known()
    if (!known) throw new Error('The inventory has not been started, or was stopped')
    return known
  }

  /** One after another: a part is left before the next one is taken. */
  #take(next: () => Promise<void>) {
    this.#taking = this.#taking.then(async () => {
      if (!this.#stopped) await next()
    })
  }

  /** What was known so far is shown until then. */
  async #scan() {
    while (!this.#stopped) {
      try {
        const changed = (version: number) => this.#tell(version)
        const scanning = await Scanning.begin({ ...this.#options, store: this.#store, changed })
        await this.#replace({ role: 'scans', scanning })
        const now = performance.now()
        if (this.#watchers.watched(now)) scanning.inventory.seen(this.#watchers.open(now))
        this.#tell(scanning.inventory.topology().version)
        return
      } catch (error) {
        console.error('The stored snapshot could not be read: trying again', error)
        await new Promise((resolve) => setTimeout(resolve, BEGIN_AGAIN_MS))
      }
    }
  }

  async #follow() {
    // It must not read or store anything any more; until there is something else to show, what it knows is shown.
    await this.#leave({ isReplaced: true })
    const { notices, database, regions, maxReplicas } = this.#options
    if (!notices || this.#stopped) return
    const following = new Following({
      regions,
      maxReplicas,
      store: this.#store,
      ask: (request) => askScanner({ database, notices }, request),
      changed: (version) => this.#tell(version),
    })
    this.#endFollowing = notices.subscribe((kind) => {
      if (kind !== 'topology' && kind !== 'reconnected') return
      following.catchUp().catch((error: unknown) => console.error('The stored snapshot could not be read', error))
    })
    await following.ready()
    this.#part = { role: 'follows', following }
  }

  async #replace(part: Part) {
    await this.#leave({ isReplaced: true })
    this.#part = part
  }

  async #leave(how: { isReplaced: boolean }) {
    const part = this.#part
    this.#endFollowing?.()
    this.#endFollowing = undefined
    if (part?.role === 'follows') part.following.stop()
    if (part?.role === 'scans') await part.scanning.stop(how)
  }

  #tell(version: number) {
    for (const listener of this.#listeners) {
      try {
        listener(version)
      } catch (error) {
        console.error('A listener of the inventory failed', error)
      }
    }
  }

  async #tellWatching() {
    const db = await this.#options.database()
    const told = {
      open: this.#watchers.open(performance.now()),
      until: sql`now() + ${`${WATCHING_MS} milliseconds`}::interval`,
    }
    await db
      .insert(watchingProcesses)
      .values({ process: this.#process, ...told })
      .onConflictDoUpdate({ target: watchingProcesses.process, set: told })
    this.#options.notices?.publish('watch', this.#process)
  }
}

/** Before anything is known. */
const NOTHING: Topology = {
  version: 0,
  takenAt: new Date(0).toISOString(),
  account: null,
  partition: 'aws',
  otherKeys: 0,
  regions: [],
  families: [],
  otherAliases: [],
}
