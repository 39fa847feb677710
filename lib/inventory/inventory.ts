// Inventory: what is known of all Regions, kept fresh; and facts for planners.

import { setTimeout as sleep } from 'node:timers/promises'
import { READ_TIMEOUT_MS } from '@/lib/kms/client'
import { backgroundCalls } from '@/lib/kms/pacing'
import type { FactNeed, Facts } from '@/lib/topology/facts'
import { familyOf, isKeyId } from '@/lib/topology/family'
import type { RegionReading } from '@/lib/topology/readings'
import type { RefreshBudget } from '@/lib/topology/refresh-budget'
import type { Refreshing, RefreshPeriods } from '@/lib/topology/refreshing'
import type { Family, Topology, TopologyDelta } from '@/lib/topology/topology'
import { Publisher } from './publisher'
import { type Probe, readFacts, toRead } from './read-facts'
import { Reader, type ReaderEvents } from './reader'
import { Refresher } from './refresher'
import { Settling } from './settling'
import type { Cut, Refreshed } from './stored-snapshot'

export interface InventoryOptions {
  regions: string[]
  /** Replicas per primary above which plans warn. */
  maxReplicas: number
  budget?: RefreshBudget
  /** Seconds between two reads, whatever the budget: for tests and benchmarks that look at something else. */
  periods?: RefreshPeriods
  /** Between two reads of a member that is in a passing state. */
  settleEveryMs?: number
  /** Waits after the first, second, … failed attempt; the last one stays. */
  retryAfterMs?: readonly number[]
  scanned?: ReaderEvents['scanned']
  /** The version of what is known at the beginning; the time of the start, where nobody else counts versions. */
  firstVersion?: number
  /** What an earlier process knew, and had saved up. */
  earlier?: { readings: RegionReading[]; saved: Refreshed['saved'] } | undefined
}

const DEFAULT_BUDGET: RefreshBudget = { watchedUsdPerMonth: 5, unwatchedUsdPerMonth: 1 }
/**
 * A hanging Region is noticed after the read timeout (5 s), so with at most 4 s between attempts its recovery shows
 * within 10 s.
 */
const RETRY_AFTER_MS = [1_000, 2_000, 4_000]
/** With families to show, a page waits no longer for the others. */
const FIRST_FAMILIES_MS = 500

/** What planners and runs need of the inventory of a process. */
export type InventoryReads = Pick<Inventory, 'ready' | 'topology' | 'findFamily' | 'readFacts'>

export class Inventory {
  readonly #options: InventoryOptions
  readonly #reader: Reader
  readonly #publisher: Publisher
  readonly #refresher: Refresher
  readonly #settling: Settling
  readonly #stopped = new AbortController()
  #firstAttempts: Promise<unknown> | undefined

  constructor(options: InventoryOptions) {
    this.#options = options
    this.#reader = new Reader(options.regions, {
      read: (when) => (when === 'now' ? this.#publish() : this.#publisher.soon()),
      turned: (region) => this.#refresher.wake(region),
      scanned: options.scanned,
    })
    if (options.earlier) this.#reader.restore(options.earlier.readings)
    this.#publisher = new Publisher(() => this.#reader.readings(), options.firstVersion ?? Date.now())
    this.#publisher.subscribe(() => this.#settling.watch(this.topology().families))
    this.#refresher = new Refresher(
      {
        regions: options.regions,
        sweep: (region, also) => this.#reader.sweep(region, also),
        readMember: (region, keyId) => this.#reader.readMember(keyId, region, 'background'),
        members: (keyIds) => this.#reader.members(keyIds),
        unsettled: () => this.#reader.unsettled(),
        costs: () => this.#reader.costs(),
        callsMade: backgroundCalls,
      },
      {
        budget: options.budget ?? DEFAULT_BUDGET,
        retryAfterMs: options.retryAfterMs ?? RETRY_AFTER_MS,
        periods: options.periods,
        saved: options.earlier?.saved,
      },
    )
    this.#settling = new Settling({
      everyMs: options.settleEveryMs ?? 1_000,
      family: (keyId) => familyOf(this.topology(), keyId),
      read: (keyId, region) => this.#reader.readMember(keyId, region, 'background'),
      signal: this.#stopped.signal,
    })
  }

  /** Begins to read every Region, each in a loop of its own, so that a slow or dead one delays nobody. */
  start() {
    this.#firstAttempts ??= this.#refresher.start()
  }

  /** Gives up what is under way; the instance cannot be started again. */
  stop() {
    this.#stopped.abort()
    this.#refresher.stop()
    this.#reader.stop()
    this.#publisher.stop()
  }

  /** Resolves when every Region has been tried once, or has had time enough to answer; or soon after the first families. */
  async ready(): Promise<void> {
    const ended = new AbortController()
    const signal = AbortSignal.any([this.#stopped.signal, ended.signal])
    const after = (ms: number) => sleep(ms, undefined, { signal, ref: false }).catch(() => undefined)
    const attempts = this.#firstAttempts ?? this.refresh()
    await Promise.race([
      attempts,
      after(READ_TIMEOUT_MS),
      this.#firstFamily(signal).then(() => after(FIRST_FAMILIES_MS)),
    ])
    ended.abort()
  }

  /** Resolves with the first family; never when the signal is given before. */
  #firstFamily(signal: AbortSignal): Promise<void> {
    if (this.topology().families.length > 0) return Promise.resolve()
    return new Promise((resolve) => {
      const end = this.subscribe(() => {
        if (this.topology().families.length > 0) resolve()
      })
      signal.addEventListener('abort', end, { once: true })
    })
  }

  /** The snapshot as it is known now; asks nobody. */
  topology(): Topology {
    return this.#publisher.topology
  }

  /** What changed after that version, or everything when the version is not known here. */
  since(version: number): Topology | TopologyDelta {
    return this.#publisher.since(version)
  }

  /** Calls the listener with each new version, until the returned function is called. */
  subscribe(listener: (version: number) => void): () => void {
    return this.#publisher.subscribe(listener)
  }

  /** Somebody reads a screen or the machine door; `open` are the key ids of the families that the screen shows. */
  seen(open: Iterable<string> = []) {
    this.#refresher.seen(open)
  }

  /** How often what is read, and what that costs. */
  refreshing(): Refreshing {
    return this.#refresher.refreshing()
  }

  setBudget(budget: RefreshBudget) {
    this.#refresher.setBudget(budget)
  }

  /** What has been read since the last cut, with the version that shows it; null when nothing has. */
  cut(): Cut | null {
    this.#publish()
    const changes = this.#reader.takeChanges()
    if (changes.length === 0) return null
    const refreshed = { refreshing: this.refreshing(), saved: this.#refresher.saved }
    return { version: this.topology().version, changes, refreshed }
  }

  /** Reads all members of a family, and the aliases of their Regions, from now on; how the Regions answered. */
  probeFamily(keyId: string, alsoRegions: string[]): Promise<Map<string, Probe>> {
    return this.#reader.probeFamily(keyId, alsoRegions)
  }

  /** The same of several families; a Region that does not answer is asked for a few of them only. */
  probeFamilies(keyIds: string[]): Promise<Map<string, Map<string, Probe>>> {
    return this.#reader.probeFamilies(keyIds)
  }

  /** Reads every Region, from now on; done when all have answered or failed. */
  async refresh(): Promise<Topology> {
    await Promise.all(this.#reader.regions.map((region) => this.#reader.scan(region)))
    return this.topology()
  }

  /**
   * Reads all members of a family, and the aliases of their Regions, from now on, and publishes what was found.
   * `alsoRegions` are Regions where a member is expected that is not known yet. Regions that are not scanned are
   * left out.
   */
  async refreshFamily(keyId: string, alsoRegions: string[] = []): Promise<Family | undefined> {
    await this.probeFamily(keyId, alsoRegions)
    return familyOf(this.topology(), keyId)
  }

  /** The family with this key id: when it is not known, every Region is asked once. Malformed ids are nobody's. */
  async findFamily(keyId: string): Promise<Family | undefined> {
    const known = familyOf(this.topology(), keyId)
    if (known || !isKeyId(keyId)) return known
    return this.#reader.shared(`find ${keyId}`, async () => {
      const asked = new Map(
        this.#reader.regions.map((region) => {
          const reading = this.#reader.readMember(keyId, region, 'run').then(() => {
            if (!this.#reader.hasMember(region, keyId)) throw new Error(`${keyId} was not found in ${region}`)
          })
          return [region, reading]
        }),
      )
      // The first member names all others; only when nobody has it must the slowest Region be waited for.
      const found = await Promise.any(asked.values()).then(
        () => true,
        () => false,
      )
      const involved = found ? this.#reader.regionsOf(keyId).filter((region) => !this.#reader.isDown(region)) : []
      await Promise.allSettled(involved.flatMap((region) => [asked.get(region), this.#reader.readAliases(region)]))
      this.#publish()
      return familyOf(this.topology(), keyId)
    })
  }

  /** Reads what planners need to know, all at once; what could not be read says why. */
  async readFacts(needs: FactNeed[]): Promise<Facts> {
    return readFacts(needs, {
      maxReplicas: this.#options.maxReplicas,
      probeFamilies: (keyIds) => this.probeFamilies(keyIds),
      ask: (region, what, read) =>
        this.#reader.shared(`${what} ${region}`, () => toRead(region, read(this.#reader.ask(region, 'run')))),
    })
  }

  #publish() {
    this.#publisher.now()
  }
}
