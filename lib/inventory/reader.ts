// Reader: asks the Regions, and remembers what each of them said.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Ask } from '@/lib/kms/ask'
import { type KmsError, toKmsError } from '@/lib/kms/errors'
import { listAliases } from '@/lib/kms/list-aliases'
import type { Purpose } from '@/lib/kms/tokens'
import { isSettling, parseKeyArn } from '@/lib/topology/family'
import type { MemberReading, RegionReading } from '@/lib/topology/readings'
import type { RegionStatus } from '@/lib/topology/topology'
import type { Probe } from './read-facts'
import { readMember } from './read-member'
import type { Due } from './refresher'
import { type RegionChanges, RegionMemory } from './region-memory'
import { concernsRegion, reasonOf } from './region-status'
import { readRotations, scanRegion } from './scan-region'
import { SharedReads } from './shared-reads'

export interface ReaderEvents {
  /** Something was read: it may be published when there is time, or because it is complete, now. */
  read: (when: 'soon' | 'now') => void
  /** The Region has begun to fail, or answers again, as a single read found out. */
  turned: (region: string) => void
  /** A scan or a sweep has ended. */
  scanned?: ((scan: { region: string; full: boolean; status: RegionStatus; seconds: number }) => void) | undefined
}

/** How long rotation settings wait until the members of the other Regions have been read. */
const ROTATIONS_WAIT_MS = 5_000
/** Of the keys that could not be described, so many are tried again by each sweep. */
const TRIED_AGAIN = 2
/** The largest pages that KMS gives, to reckon what a list costs (KMS API Reference, ListKeys and ListAliases). */
const KEYS_A_PAGE = 1_000
const ALIASES_A_PAGE = 100

/** Do members of one family name the same relatives? Whatever was read while they changed roles may not. */
const relativesIn = ({ primaryArn, replicaArns }: MemberReading) => [primaryArn, ...replicaArns].join(' ')

export class Reader {
  readonly #regions: Map<string, RegionMemory>
  readonly #events: ReaderEvents
  readonly #reads = new SharedReads()
  readonly #stopped = new AbortController()
  /** Regions whose keys are being described, each with the end of that. */
  readonly #describing = new Map<string, Promise<void>>()
  /** Families whose members were found to name different relatives. */
  readonly #unsettled = new Set<string>()

  constructor(regions: string[], events: ReaderEvents) {
    this.#regions = new Map(regions.map((region) => [region, new RegionMemory(region)]))
    this.#events = events
  }

  stop() {
    this.#stopped.abort()
  }

  get regions(): string[] {
    return [...this.#regions.keys()]
  }

  readings(): RegionReading[] {
    return [...this.#regions.values()].map((memory) => memory.reading)
  }

  /** Takes what an earlier process knew. */
  restore(readings: RegionReading[]) {
    for (const reading of readings) this.#regions.get(reading.region)?.restore(reading, new Date())
  }

  /** What has changed since this was asked last, Region by Region. */
  takeChanges(): RegionChanges[] {
    return [...this.#regions.values()].flatMap((memory) => memory.takeChanges() ?? [])
  }

  /** A Region that is not scanned cannot be asked either. */
  readonly isDown = (region: string) => this.#regions.get(region)?.isDown ?? true

  /** Where and for whom to ask; given up when the process ends. */
  ask(region: string, purpose: Purpose): Ask {
    return { region, purpose, signal: this.#stopped.signal }
  }

  /** One read under way serves all who ask for the same. */
  shared<T>(name: string, read: () => Promise<T>): Promise<T> {
    return this.#reads.join(name, read)
  }

  /** Lists what is in the Region and describes what is new, unless somebody else is reading it just now. */
  sweep(region: string, { withAliases }: { withAliases: boolean }): Promise<RegionStatus> {
    return this.#reads.join(`scan ${region}`, () => this.#scan(region, { full: false, withAliases }))
  }

  /** Reads all of the Region, from now on. */
  scan(region: string): Promise<RegionStatus> {
    return this.#reads.fresh(`scan ${region}`, () => this.#scan(region, { full: true, withAliases: true }))
  }

  hasMember(region: string, keyId: string): boolean {
    return this.#regions.get(region)?.member(keyId) !== undefined
  }

  /** Members in Regions that answer, of these families or of all, with the time of their last reading. */
  *members(keyIds?: string[]): Generator<Due> {
    for (const [region, memory] of this.#regions) {
      if (memory.status === 'unreachable' || memory.status === 'disabled') continue
      if (keyIds === undefined) for (const age of memory.ages()) yield { region, ...age }
      for (const keyId of keyIds ?? []) {
        const member = memory.member(keyId)
        if (member) yield { region, keyId, at: member.asOf }
      }
    }
  }

  unsettled(): string[] {
    return [...this.#unsettled]
  }

  /** Calls that it takes to read each thing once, as far as is known. */
  costs(): { keys: number; aliases: number; others: number } {
    const costs = { keys: 0, aliases: 0, others: 0 }
    const families = new Set<string>()
    for (const { members, unread, otherKeys, aliases } of this.readings()) {
      costs.keys += Math.max(1, Math.ceil((members.length + unread.length + otherKeys) / KEYS_A_PAGE))
      costs.aliases += Math.max(1, Math.ceil(aliases.length / ALIASES_A_PAGE))
      costs.others += members.length
      for (const { keyId } of members) families.add(keyId)
    }
    return { ...costs, others: costs.others + families.size }
  }

  /** Always at the pace of background reads: it asks for more than any run, and would starve other callers. */
  async #scan(region: string, wanted: { full: boolean; withAliases: boolean }): Promise<RegionStatus> {
    const memory = this.#regions.get(region)
    if (!memory) return 'unreachable'
    // While a Region failed, anything in it may have changed.
    const full = wanted.full || !memory.isKnown
    const withAliases = full || wanted.withAliases || memory.status !== 'ok'
    const where = this.ask(region, 'background')
    const startedAt = new Date().toISOString()
    const start = performance.now()
    const described = Promise.withResolvers<void>()
    const { reading: previous } = memory
    const fresh = new Set<string>()
    const again = new Set(previous.unread.slice(0, TRIED_AGAIN).map(({ keyId }) => keyId))
    const isNew = (keyId: string) => !memory.member(keyId) && (!memory.isUnread(keyId) || again.has(keyId))
    const reading = await scanRegion(where, {
      previous,
      isDown: this.isDown,
      named: () => this.#namedIn(region),
      wants: full ? () => true : isNew,
      withAliases,
      listed: () => this.#describing.set(region, described.promise),
      described: (member) => {
        if (!memory.member(member.keyId)) fresh.add(member.keyId)
        memory.setScanned(member, startedAt)
        this.#events.read('soon')
      },
      aliases: (soFar) => {
        memory.setFirstAliases(soFar)
        this.#events.read('soon')
      },
    }).finally(() => {
      this.#describing.delete(region)
      described.resolve()
    })
    if (this.#stopped.signal.aborted) return reading.status
    memory.mergeScan(reading, startedAt, { withAliases })
    if (full && reading.status === 'ok') this.#tellThoseThatListNoKeys()
    this.#events.read('now')
    const seconds = (performance.now() - start) / 1_000
    this.#events.scanned?.({ region, full, status: reading.status, seconds })
    const answers = reading.status === 'ok' || reading.liveFrom !== undefined
    const { members } = memory.reading
    if (answers) await this.#readRotationsIn(memory, full ? members : members.filter(({ keyId }) => fresh.has(keyId)))
    if (!full) {
      const gone = previous.members.filter(({ keyId }) => !memory.member(keyId)).map(({ keyId }) => keyId)
      for (const keyId of [...fresh, ...gone]) void this.#readRelatives(keyId, startedAt)
    }
    return memory.status
  }

  /** After the members everywhere, so that these are seen first; once a family, in its primary's Region. */
  async #readRotationsIn(memory: RegionMemory, members: MemberReading[]) {
    if (members.length === 0) return
    const { region } = memory.reading
    await this.#atMost(ROTATIONS_WAIT_MS, Promise.all(this.#describing.values()))
    try {
      await readRotations(this.ask(region, 'background'), {
        members,
        isDown: this.isDown,
        read: (member) => {
          memory.setRotation(member)
          this.#events.read('soon')
        },
      })
    } catch (thrown) {
      if (!this.#stopped.signal.aborted) memory.setFailed(toKmsError(thrown, region), new Date().toISOString())
    }
    this.#events.read('now')
  }

  /** Waits for the end of that, but no longer than so. */
  async #atMost(ms: number, work: Promise<unknown>): Promise<void> {
    const ended = new AbortController()
    const signal = AbortSignal.any([this.#stopped.signal, ended.signal])
    const late = sleep(ms, undefined, { signal, ref: false }).catch(() => undefined)
    await Promise.race([work.finally(() => ended.abort()), late])
  }

  /** A Region that may be described but not listed knows only of the keys that others name: now there may be more. */
  #tellThoseThatListNoKeys() {
    for (const [region, memory] of this.#regions) {
      const { unreadable = [] } = memory.reading
      if (!unreadable.some(({ part }) => part === 'keys')) continue
      if (this.#namedIn(region).some((keyId) => !memory.member(keyId) && !memory.isUnread(keyId)))
        this.#events.turned(region)
    }
  }

  /** Keys that relatives say are in this Region. */
  #namedIn(region: string): string[] {
    const named = new Set<string>()
    for (const memory of this.#regions.values()) {
      for (const { keyId, primaryArn, replicaArns } of memory.reading.members) {
        if ([primaryArn, ...replicaArns].some((arn) => parseKeyArn(arn)?.region === region)) named.add(keyId)
      }
    }
    return [...named]
  }

  /** Reads one member; what comes of it is remembered, and answered as a probe of the Region. */
  async readMember(keyId: string, region: string, purpose: Purpose): Promise<Probe> {
    const memory = this.#regions.get(region)
    if (!memory) return { ok: false, reason: 'NotScanned', message: `${region} is not among the Regions that are read` }
    return this.#reads.fresh(`member ${region}/${keyId}`, async () => {
      const askedAt = new Date().toISOString()
      const start = performance.now()
      const before = memory.member(keyId)
      const answered = (): Probe => {
        // It answers again: do not wait for its next scan.
        if (memory.status === 'unreachable') this.#events.turned(region)
        this.#events.read('soon')
        return { ok: true, value: { latencyMs: Math.round(performance.now() - start) } }
      }
      try {
        const member = await readMember(this.ask(region, purpose), keyId, this.isDown)
        memory.setMember(member)
        const isNews = before === undefined || relativesIn(before) !== relativesIn(member)
        // Whoever reads for a person or a run reads the whole family anyway.
        if (isNews && purpose === 'background') void this.#readRelatives(keyId, askedAt)
        else this.#compareRelatives(keyId)
        return answered()
      } catch (thrown) {
        const error = toKmsError(thrown, region)
        if (this.#stopped.signal.aborted) return { ok: false, reason: error.awsName, message: error.message }
        if (error.kind === 'not-found') {
          memory.setGone(keyId, askedAt)
          if (before && purpose === 'background') void this.#readRelatives(keyId, askedAt)
          return answered()
        }
        if (concernsRegion(error)) this.#failed(region, memory, error)
        else if (this.regionsOf(keyId).includes(region)) memory.setUnread(keyId, reasonOf(error))
        this.#events.read('soon')
        return { ok: false, reason: error.awsName, message: error.message }
      }
    })
  }

  /** What one member says has changed: those that were read before that are read again. */
  async #readRelatives(keyId: string, since: string) {
    const old = this.regionsOf(keyId).filter((region) => {
      const memory = this.#regions.get(region)
      return memory && !memory.isDown && (memory.member(keyId)?.asOf ?? '') < since
    })
    await Promise.all(old.map((region) => this.readMember(keyId, region, 'background')))
    this.#compareRelatives(keyId)
  }

  /** Members that do not agree yet are looked at more often until they do. */
  #compareRelatives(keyId: string) {
    const members = [...this.#regions.values()].flatMap((memory) => (memory.isDown ? [] : (memory.member(keyId) ?? [])))
    const agree = new Set(members.map(relativesIn)).size <= 1 && !members.some(isSettling)
    if (agree) this.#unsettled.delete(keyId)
    else this.#unsettled.add(keyId)
  }

  /** Reads all aliases of the Region, for a person or a run. */
  async readAliases(region: string): Promise<void> {
    const memory = this.#regions.get(region)
    if (!memory) return
    await this.#reads.fresh(`aliases ${region}`, async () => {
      const askedAt = new Date().toISOString()
      try {
        memory.setAliases(await listAliases(this.ask(region, 'run')), askedAt)
      } catch (thrown) {
        const error = toKmsError(thrown, region)
        if (this.#stopped.signal.aborted) return
        if (error.kind === 'denied') memory.setAliasesDenied(error, askedAt)
        else this.#failed(region, memory, error)
      }
    })
  }

  #failed(region: string, memory: RegionMemory, error: KmsError) {
    const wasDown = memory.isDown
    memory.setFailed(error, new Date().toISOString())
    // Its loop pauses as if all were well: from now on it looks for the recovery.
    if (!wasDown) this.#events.turned(region)
  }

  /** Regions in which the family has, or is said to have, a member; those that are not scanned left out. */
  regionsOf(keyId: string): string[] {
    const memories = [...this.#regions]
    const named = memories.flatMap(([, memory]) => {
      const member = memory.member(keyId)
      const arns = member ? [member.arn, member.primaryArn, ...member.replicaArns] : []
      return arns.flatMap((arn) => parseKeyArn(arn)?.region ?? [])
    })
    const unread = memories.flatMap(([region, memory]) => (memory.isUnread(keyId) ? region : []))
    return [...new Set([...named, ...unread])].filter((region) => this.#regions.has(region))
  }

  /** Reads all members of a family and the aliases of their Regions, from now on; how the Regions answered. */
  async probeFamily(keyId: string, alsoRegions: string[]): Promise<Map<string, Probe>> {
    const probes = await this.#probe(keyId, alsoRegions, async (region) => {
      const [probe] = await Promise.all([this.readMember(keyId, region, 'run'), this.readAliases(region)])
      return probe
    })
    this.#events.read('now')
    return probes
  }

  /**
   * Probes several families. As few as see every Region come first: what they find silent is not asked for all the others
   * as well, each of which would wait until its request has timed out.
   */
  async probeFamilies(keyIds: string[]): Promise<Map<string, Map<string, Probe>>> {
    const seen = new Set<string>()
    const scouts = keyIds.filter((keyId) => {
      const unseen = this.regionsOf(keyId).filter((region) => !seen.has(region))
      for (const region of unseen) seen.add(region)
      return unseen.length > 0
    })
    const aliases = new Map<string, Promise<void>>()
    const silent = new Map<string, Probe>()
    const probes = new Map<string, Map<string, Probe>>()
    const probe = async (keyId: string) => {
      const answers = await this.#probe(keyId, [], async (region) => {
        const reading = aliases.get(region) ?? this.readAliases(region)
        aliases.set(region, reading)
        const [answer] = await Promise.all([silent.get(region) ?? this.readMember(keyId, region, 'run'), reading])
        return answer
      })
      probes.set(keyId, answers)
    }
    await Promise.all(scouts.map(probe))
    for (const [region, answer] of [...probes.values()].flatMap((answers) => [...answers])) {
      const status = this.#regions.get(region)?.status
      if (!answer.ok && (status === 'unreachable' || status === 'disabled')) silent.set(region, answer)
    }
    await Promise.all(keyIds.filter((keyId) => !probes.has(keyId)).map(probe))
    // Once for all of them: with a thousand families, each publication takes longer than a request.
    this.#events.read('now')
    return probes
  }

  async #probe(
    keyId: string,
    alsoRegions: string[],
    ask: (region: string) => Promise<Probe>,
  ): Promise<Map<string, Probe>> {
    const probes = new Map<string, Probe>()
    // Those read first may name more: a second round finds a replica that was not known before.
    for (const round of [alsoRegions.filter((region) => this.#regions.has(region)), []]) {
      const regions = [...new Set([...this.regionsOf(keyId), ...round])].filter((region) => !probes.has(region))
      await Promise.all(regions.map(async (region) => probes.set(region, await ask(region))))
    }
    return probes
  }
}
