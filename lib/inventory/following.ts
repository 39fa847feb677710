// Following: the inventory of a process that does not scan. It shows what the scanning process stores, and asks it for
// what must be read now.

import { setTimeout as sleep } from 'node:timers/promises'
import type { FactNeed, Facts } from '@/lib/topology/facts'
import { familyOf, isKeyId } from '@/lib/topology/family'
import type { RegionReading } from '@/lib/topology/readings'
import type { Refreshing } from '@/lib/topology/refreshing'
import type { Family, Topology, TopologyDelta } from '@/lib/topology/topology'
import type { InventoryAnswer, InventoryRequest } from './inventory-requests'
import { readFacts, toRead } from './read-facts'
import { SharedReads } from './shared-reads'
import { readingsOf, type Stored, type StoredSnapshot } from './stored-snapshot'
import { Versions } from './versions'

export interface FollowingOptions {
  /** Regions that are read; what is stored of others is left out. */
  regions: string[]
  maxReplicas: number
  store: Pick<StoredSnapshot, 'load'>
  ask: (request: InventoryRequest) => Promise<InventoryAnswer>
  /** A new version has been taken over. */
  changed: (version: number) => void
}

/** Should a notice be lost. */
const LOOK_EVERY_MS = 10_000
/** How far the scanning process may be ahead of what it has stored, and how often that is looked for. */
const AHEAD_MS = 1_000
const LOOK_AGAIN_MS = 50

const memberKey = ({ region, keyId }: { region: string; keyId: string }) => `${region}/${keyId}`

export class Following {
  readonly #options: FollowingOptions
  readonly #reads = new SharedReads()
  readonly #stopped = new AbortController()
  readonly #regions = new Map<string, Stored['regions'][number]>()
  readonly #members = new Map<string, Stored['members'][number]>()
  readonly #firstLook: Promise<void>
  #versions: Versions | undefined
  #refreshing: Refreshing | undefined
  #seenUntil: Date | undefined
  #timer: NodeJS.Timeout

  constructor(options: FollowingOptions) {
    this.#options = options
    this.#timer = setInterval(() => void this.catchUp().catch(complain), LOOK_EVERY_MS).unref()
    this.#firstLook = this.catchUp().catch(complain)
  }

  stop() {
    this.#stopped.abort()
    clearInterval(this.#timer)
  }

  ready(): Promise<void> {
    return this.#firstLook
  }

  topology(): Topology {
    return (this.#versions ?? nothing).topology
  }

  /** Takes over what has been stored since the last time; whoever asks while that is under way gets what comes after it. */
  catchUp(): Promise<void> {
    return this.#reads.fresh('stored', async () => {
      const stored = await this.#options.store.load(this.#seenUntil)
      if (!stored || this.#stopped.signal.aborted) return
      this.#seenUntil = stored.writtenAt
      for (const rest of stored.regions) this.#regions.set(rest.region, rest)
      for (const member of stored.members) this.#members.set(memberKey(member), member)
      this.#refreshing = { ...stored.refreshed.refreshing, here: false }
      if (this.#versions === undefined) this.#versions = new Versions(this.#readings(), new Date(), stored.version)
      else if (!this.#versions.update(this.#readings(), new Date(), stored.version)) return
      this.#options.changed(stored.version)
    })
  }

  /** A browser may come from the process that scans, which is ahead until it has stored what it knows. */
  async since(version: number): Promise<Topology | TopologyDelta> {
    const until = performance.now() + AHEAD_MS
    while (version > this.topology().version && performance.now() < until && !this.#stopped.signal.aborted) {
      await this.catchUp().catch(complain)
      if (version > this.topology().version) await sleep(LOOK_AGAIN_MS, undefined, { ref: false })
    }
    return (this.#versions ?? nothing).since(version)
  }

  refreshing(): Refreshing | undefined {
    return this.#refreshing
  }

  async refresh(): Promise<Topology> {
    await this.#ask({ what: 'refresh' })
    return this.topology()
  }

  async refreshFamily(keyId: string, alsoRegions: string[] = []): Promise<Family | undefined> {
    await this.#ask({ what: 'probe', keyId, alsoRegions })
    return familyOf(this.topology(), keyId)
  }

  async findFamily(keyId: string): Promise<Family | undefined> {
    const known = familyOf(this.topology(), keyId)
    if (known || !isKeyId(keyId)) return known
    await this.#ask({ what: 'find', keyId })
    return familyOf(this.topology(), keyId)
  }

  async readFacts(needs: FactNeed[]): Promise<Facts> {
    const { signal } = this.#stopped
    return readFacts(needs, {
      maxReplicas: this.#options.maxReplicas,
      probeFamilies: async (keyIds) => {
        const { families = [] } = await this.#ask({ what: 'probe-all', keyIds })
        return new Map(families.map(([keyId, probes]) => [keyId, new Map(probes)]))
      },
      ask: (region, what, read) =>
        this.#reads.join(`${what} ${region}`, () => toRead(region, read({ region, purpose: 'run', signal }))),
    })
  }

  /** Asks the scanning process, and waits until what it found is known here. */
  async #ask(request: InventoryRequest): Promise<InventoryAnswer> {
    const answer = await this.#reads.fresh(`ask ${JSON.stringify(request)}`, () => this.#options.ask(request))
    if (this.topology().version < answer.version) await this.catchUp()
    return answer
  }

  #readings(): RegionReading[] {
    const { regions } = this.#options
    return readingsOf({
      regions: [...this.#regions.values()].filter(({ region }) => regions.includes(region)),
      members: [...this.#members.values()],
    })
  }
}

/** Before anything was ever stored. */
const nothing = new Versions([], new Date(), 0)

const complain = (error: unknown) => console.error('The stored snapshot could not be read', error)
