// Inventory: asks every Region through the gateway, keeps the live snapshot, and fetches facts for planners.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Ask } from '@/lib/kms/ask'
import { READ_TIMEOUT_MS } from '@/lib/kms/client'
import { type KmsError, toKmsError } from '@/lib/kms/errors'
import { listAliases } from '@/lib/kms/list-aliases'
import type { Purpose } from '@/lib/kms/tokens'
import type { FactNeed, Facts } from '@/lib/topology/facts'
import { familyOf, isSettling, parseKeyArn } from '@/lib/topology/family'
import type { Family, RegionStatus, Topology, TopologyDelta } from '@/lib/topology/topology'
import { type Probe, readFacts, toRead } from './read-facts'
import { readMember } from './read-member'
import { RegionMemory } from './region-memory'
import { concernsRegion, reasonOf } from './region-status'
import { readRotations, scanRegion } from './scan-region'
import { SharedReads } from './shared-reads'
import { Versions } from './versions'

export interface InventoryOptions {
  regions: string[]
  /** Replicas per primary above which plans warn. */
  maxReplicas: number
  /** Between two scans of a Region that answers. */
  scanEveryMs?: number
  /** Between two reads of a member that is in a passing state. */
  settleEveryMs?: number
  /** Waits after the first, second, … failed attempt; the last one stays. */
  retryAfterMs?: readonly number[]
}

/**
 * A hanging Region is noticed after the read timeout (5 s), so with at most 4 s between attempts its recovery shows
 * within 10 s.
 */
const RETRY_AFTER_MS = [1_000, 2_000, 4_000]
/** A Region that answers "denied" or "slow down" does so at once: it is asked less often. */
const REFUSED_AFTER_MS = 8_000
/** How long rotation settings wait until the members of the other Regions have been read. */
const ROTATIONS_WAIT_MS = 5_000
/** What is read bit by bit is published at most so often, and takes at most about this share of the time. */
const PUBLISH_EVERY_MS = 100
const PUBLISH_SHARE = 0.05

const keyIdPattern = /^mrk-[0-9a-f]{32}$/

export class Inventory {
  readonly #options: Required<InventoryOptions>
  readonly #regions: Map<string, RegionMemory>
  readonly #versions: Versions
  readonly #reads = new SharedReads()
  readonly #listeners = new Set<(version: number) => void>()
  readonly #stopped = new AbortController()
  /** The pauses between scans; ending one scans its Region at once. */
  readonly #pauses = new Map<string, AbortController>()
  readonly #settling = new Set<string>()
  #firstAttempts: Promise<unknown> | undefined
  #publishTimer: NodeJS.Timeout | undefined
  /** When what comes bit by bit may be published again, by `performance.now()`. */
  #publishFrom = 0
  /** Regions whose keys are being described, each with the end of that. */
  readonly #describing = new Map<string, Promise<void>>()

  constructor(options: InventoryOptions) {
    this.#options = { scanEveryMs: 15_000, settleEveryMs: 1_000, retryAfterMs: RETRY_AFTER_MS, ...options }
    this.#regions = new Map(options.regions.map((region) => [region, new RegionMemory(region)]))
    this.#versions = new Versions(this.#readings(), new Date())
  }

  /** Begins to read every Region, each in a loop of its own, so that a slow or dead one delays nobody. */
  start() {
    if (this.#firstAttempts) return
    const regions = [...this.#regions.keys()]
    this.#firstAttempts = Promise.all(
      regions.map((region) => new Promise<void>((attempted) => void this.#watch(region, attempted))),
    )
  }

  /** Gives up what is under way; the instance cannot be started again. */
  stop() {
    this.#stopped.abort()
    clearTimeout(this.#publishTimer)
    this.#listeners.clear()
  }

  /** Resolves when every Region has been tried once, or has had time enough to answer. */
  async ready(): Promise<void> {
    await this.#atMost(READ_TIMEOUT_MS, this.#firstAttempts ?? this.refresh())
  }

  /** The snapshot as it is known now; asks nobody. */
  topology(): Topology {
    return this.#versions.topology
  }

  /** What changed after that version, or everything when the version is not known here. */
  since(version: number): Topology | TopologyDelta {
    return this.#versions.since(version)
  }

  /** Calls the listener with each new version, until the returned function is called. */
  subscribe(listener: (version: number) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Reads every Region, from now on; done when all have answered or failed. */
  async refresh(): Promise<Topology> {
    await Promise.all(
      [...this.#regions.keys()].map((region) => this.#reads.fresh(`scan ${region}`, () => this.#scan(region))),
    )
    return this.topology()
  }

  /**
   * Reads all members of a family, and the aliases of their Regions, from now on, and publishes what was found.
   * `alsoRegions` are Regions where a member is expected that is not known yet. Regions that are not scanned are
   * left out.
   */
  async refreshFamily(keyId: string, alsoRegions: string[] = []): Promise<Family | undefined> {
    await this.#probeFamily(keyId, alsoRegions)
    return familyOf(this.topology(), keyId)
  }

  /** The family with this key id: when it is not known, every Region is asked once. Malformed ids are nobody's. */
  async findFamily(keyId: string): Promise<Family | undefined> {
    const known = familyOf(this.topology(), keyId)
    if (known || !keyIdPattern.test(keyId)) return known
    return this.#reads.join(`find ${keyId}`, async () => {
      const asked = new Map(
        [...this.#regions.keys()].map((region) => {
          const reading = this.#readMemberIn(keyId, region, 'run').then(() => {
            if (this.#regions.get(region)?.member(keyId) === undefined)
              throw new Error(`${keyId} was not found in ${region}`)
          })
          return [region, reading]
        }),
      )
      // The first member names all others; only when nobody has it must the slowest Region be waited for.
      const found = await Promise.any(asked.values()).then(
        () => true,
        () => false,
      )
      const involved = found ? this.#regionsOf(keyId).filter((region) => !this.#isDown(region)) : []
      await Promise.allSettled(involved.flatMap((region) => [asked.get(region), this.#readAliasesIn(region)]))
      this.#publish()
      return familyOf(this.topology(), keyId)
    })
  }

  /** Reads what planners need to know, all at once; what could not be read says why. */
  async readFacts(needs: FactNeed[]): Promise<Facts> {
    return readFacts(needs, {
      maxReplicas: this.#options.maxReplicas,
      probeFamily: (keyId) => this.#probeFamily(keyId, []),
      ask: (region, what, read) =>
        this.#reads.join(`${what} ${region}`, () => toRead(region, read(this.#ask(region, 'run')))),
    })
  }

  #readings() {
    return [...this.#regions.values()].map((memory) => memory.reading)
  }

  /** A Region that is not scanned cannot be asked either. */
  readonly #isDown = (region: string) => this.#regions.get(region)?.isDown ?? true

  #ask(region: string, purpose: Purpose): Ask {
    return { region, purpose, signal: this.#stopped.signal }
  }

  async #pause(ms: number, ended?: AbortSignal): Promise<void> {
    const signals = [this.#stopped.signal, ...(ended ? [ended] : [])]
    // Rejects only when it is ended early, which is as good as its end.
    await sleep(ms, undefined, { signal: AbortSignal.any(signals), ref: false }).catch(() => undefined)
  }

  /** Waits for the end of that, but no longer than so. */
  async #atMost(ms: number, work: Promise<unknown>): Promise<void> {
    const ended = new AbortController()
    await Promise.race([work.finally(() => ended.abort()), this.#pause(ms, ended.signal)])
  }

  #pauseAfter(status: RegionStatus, failures: number): number {
    const { scanEveryMs, retryAfterMs } = this.#options
    if (status === 'ok') return scanEveryMs
    if (status !== 'unreachable') return Math.min(scanEveryMs, REFUSED_AFTER_MS)
    return retryAfterMs[Math.min(failures, retryAfterMs.length) - 1] ?? scanEveryMs
  }

  async #watch(region: string, attempted: () => void) {
    let failures = 0
    while (!this.#stopped.signal.aborted) {
      const status = await this.#reads
        .join(`scan ${region}`, () => this.#scan(region))
        .catch((error: unknown): RegionStatus => {
          console.error(`The scan of ${region} broke off`, error)
          return 'unreachable'
        })
      attempted()
      failures = status === 'ok' ? 0 : failures + 1
      const pause = new AbortController()
      this.#pauses.set(region, pause)
      await this.#pause(this.#pauseAfter(status, failures), pause.signal)
    }
    attempted()
  }

  /** Always at the pace of background reads: it asks for more than any run, and would starve other callers. */
  async #scan(region: string): Promise<RegionStatus> {
    const memory = this.#regions.get(region)
    if (!memory) return 'unreachable'
    const where = this.#ask(region, 'background')
    const startedAt = new Date().toISOString()
    const described = Promise.withResolvers<void>()
    const reading = await scanRegion(where, {
      previous: memory.reading,
      isDown: this.#isDown,
      named: () => this.#namedIn(region),
      listed: () => this.#describing.set(region, described.promise),
      described: (member) => {
        memory.setScanned(member, startedAt)
        // The very first family waits for nothing.
        if (this.topology().families.length === 0) this.#publishFrom = 0
        this.#publishSoon()
      },
      aliases: (soFar) => {
        memory.setFirstAliases(soFar)
        if (this.topology().families.length > 0) this.#publishSoon()
      },
    }).finally(() => {
      this.#describing.delete(region)
      described.resolve()
    })
    if (this.#stopped.signal.aborted) return reading.status
    memory.mergeScan(reading, startedAt)
    this.#publish()
    if (reading.status === 'ok' || reading.liveFrom !== undefined) await this.#readRotationsIn(region, memory)
    return memory.status
  }

  /** After the members everywhere, so that these are seen first; once a family, in its primary's Region. */
  async #readRotationsIn(region: string, memory: RegionMemory) {
    await this.#atMost(ROTATIONS_WAIT_MS, Promise.all(this.#describing.values()))
    try {
      const message = await readRotations(this.#ask(region, 'background'), {
        members: memory.reading.members,
        isDown: this.#isDown,
        read: ({ keyId, asOf, rotation }) => {
          memory.setRotation(keyId, asOf, rotation)
          this.#publishSoon()
        },
      })
      memory.setMessage(message)
    } catch (thrown) {
      if (!this.#stopped.signal.aborted) memory.setFailed(toKmsError(thrown, region), new Date().toISOString())
    }
    this.#publish()
  }

  /** Keys that relatives say are in this Region. */
  #namedIn(region: string): string[] {
    const here = ({ members }: Family) => members.some((member) => member.region === region)
    return this.topology().families.flatMap((family) => (here(family) ? family.keyId : []))
  }

  /** Reads one member; what comes of it is remembered, and answered as a probe of the Region. */
  async #readMemberIn(keyId: string, region: string, purpose: Purpose): Promise<Probe> {
    const memory = this.#regions.get(region)
    if (!memory) return { ok: false, reason: 'NotScanned', message: `${region} is not among the Regions that are read` }
    return this.#reads.fresh(`member ${region}/${keyId}`, async () => {
      const askedAt = new Date().toISOString()
      const start = performance.now()
      const answered = (): Probe => {
        // It answers again: do not wait for its next scan.
        if (memory.status === 'unreachable') this.#pauses.get(region)?.abort()
        return { ok: true, value: { latencyMs: Math.round(performance.now() - start) } }
      }
      try {
        memory.setMember(await readMember(this.#ask(region, purpose), keyId, this.#isDown))
        return answered()
      } catch (thrown) {
        const error = toKmsError(thrown, region)
        if (this.#stopped.signal.aborted) return { ok: false, reason: error.awsName, message: error.message }
        if (error.kind === 'not-found') {
          memory.setGone(keyId, askedAt)
          return answered()
        }
        if (concernsRegion(error)) this.#failed(region, memory, error)
        else if (this.#regionsOf(keyId).includes(region)) memory.setUnread(keyId, reasonOf(error))
        return { ok: false, reason: error.awsName, message: error.message }
      }
    })
  }

  async #readAliasesIn(region: string): Promise<void> {
    const memory = this.#regions.get(region)
    if (!memory) return
    await this.#reads.fresh(`aliases ${region}`, async () => {
      const askedAt = new Date().toISOString()
      try {
        memory.setAliases(await listAliases(this.#ask(region, 'run')), askedAt)
      } catch (thrown) {
        const error = toKmsError(thrown, region)
        if (!this.#stopped.signal.aborted) this.#failed(region, memory, error)
      }
    })
  }

  #failed(region: string, memory: RegionMemory, error: KmsError) {
    const wasDown = memory.isDown
    memory.setFailed(error, new Date().toISOString())
    // Its loop pauses as if all were well: from now on it looks for the recovery.
    if (!wasDown) this.#pauses.get(region)?.abort()
  }

  /** Regions in which the family has, or is said to have, a member; those that are not scanned left out. */
  #regionsOf(keyId: string): string[] {
    const memories = [...this.#regions]
    const named = memories.flatMap(([, memory]) => {
      const member = memory.member(keyId)
      const arns = member ? [member.arn, member.primaryArn, ...member.replicaArns] : []
      return arns.flatMap((arn) => parseKeyArn(arn)?.region ?? [])
    })
    const unread = memories.flatMap(([region, memory]) => (memory.isUnread(keyId) ? region : []))
    return [...new Set([...named, ...unread])].filter((region) => this.#regions.has(region))
  }

  async #probeFamily(keyId: string, alsoRegions: string[]): Promise<Map<string, Probe>> {
    const probes = new Map<string, Probe>()
    // Those read first may name more: a second round finds a replica that was not known before.
    for (const round of [alsoRegions.filter((region) => this.#regions.has(region)), []]) {
      const regions = [...new Set([...this.#regionsOf(keyId), ...round])].filter((region) => !probes.has(region))
      await Promise.all(
        regions.map(async (region) => {
          const [probe] = await Promise.all([this.#readMemberIn(keyId, region, 'run'), this.#readAliasesIn(region)])
          probes.set(region, probe)
        }),
      )
    }
    this.#publish()
    return probes
  }

  /** The first of several changes is seen at once, those that follow together, at a pace that leaves time for others. */
  #publishSoon() {
    this.#publishTimer ??= setTimeout(
      () => {
        try {
          this.#publish()
        } catch (error) {
          console.error('The snapshot could not be renewed', error)
        }
      },
      Math.max(0, this.#publishFrom - performance.now()),
    ).unref()
  }

  #publish() {
    const start = performance.now()
    this.#publishNow()
    const end = performance.now()
    this.#publishFrom = end + Math.max(PUBLISH_EVERY_MS, (end - start) / PUBLISH_SHARE)
  }

  #publishNow() {
    clearTimeout(this.#publishTimer)
    this.#publishTimer = undefined
    if (this.#stopped.signal.aborted) return
    const isNew = this.#versions.update(this.#readings(), new Date())
    for (const { keyId } of this.topology().families.filter((family) => this.#settlingIn(family).length > 0)) {
      void this.#watchSettling(keyId)
    }
    if (!isNew) return
    const { version } = this.topology()
    for (const listener of this.#listeners) {
      try {
        listener(version)
      } catch (error) {
        console.error('A listener of the inventory failed', error)
      }
    }
  }

  /**
   * Where to look while a family settles: at a replica that is being created, or at all members during a promotion,
   * since both roles change and the others name the new primary. Regions that fail are left to their own loop.
   */
  #settlingIn(family: Family | undefined): string[] {
    const live = family?.members.filter((member) => member.known === 'live') ?? []
    const settling = live.filter(isSettling)
    const involved = settling.some((member) => member.state === 'Updating') ? live : settling
    return involved.map((member) => member.region)
  }

  async #watchSettling(keyId: string) {
    if (this.#settling.has(keyId)) return
    this.#settling.add(keyId)
    while (!this.#stopped.signal.aborted) {
      await this.#pause(this.#options.settleEveryMs)
      const regions = this.#settlingIn(familyOf(this.topology(), keyId))
      if (regions.length === 0) break
      await Promise.all(regions.map((region) => this.#readMemberIn(keyId, region, 'background')))
      this.#publishSoon()
    }
    this.#settling.delete(keyId)
  }
}
