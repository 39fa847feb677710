// Region memory: everything known of one Region. Scans and single reads overlap; of two answers the newer counts.

import type { KmsError } from '@/lib/kms/errors'
import type { AliasReading, MemberReading, RegionReading } from '@/lib/topology/readings'
import { isReadable } from '@/lib/topology/region-trouble'
import { failedReading, unreadRegion, withoutAliases } from './scan-region'

/** What has changed since it was asked last, to be stored. */
export interface RegionChanges {
  region: string
  /** All but the members, when any of it has changed or been read again. */
  rest?: Omit<RegionReading, 'members'>
  /** Members that have changed or been read again; null for those that are gone. */
  members: { keyId: string; reading: MemberReading | null }[]
}

/** A key that could not be described. */
interface Unread {
  message: string
  since?: string | undefined
  triedAt: string
}

/** The next process goes on from what was read so short a time ago as if it had read it itself. */
const YOUNG_MS = 60_000

/** The member, whose rotation has been unread since it was so first. */
function sinceFirst(member: MemberReading, known: MemberReading | undefined): MemberReading {
  const { rotationUnread } = member
  const since = known?.rotationUnread?.since
  return rotationUnread && since ? { ...member, rotationUnread: { ...rotationUnread, since } } : member
}

/** Times are ISO texts of equal length, so they compare as text. */
export class RegionMemory {
  /** Members and unread keys stand in the maps: with a thousand of them a new list for each answer would take long. */
  #rest: Omit<RegionReading, 'members' | 'unread'>
  #members = new Map<string, MemberReading>()
  #unread = new Map<string, Unread>()
  #aliasesAsOf = ''
  /** Keys that were not found, with the time of asking, until a scan that began later has ended. */
  readonly #gone = new Map<string, string>()
  #attempted = false
  /** Key ids of members, and whether anything else, to be stored. */
  readonly #changed = new Set<string>()
  #restChanged = false
  /** Made when it is asked for, until something changes. */
  #reading: RegionReading | undefined

  constructor(region: string) {
    this.#rest = unreadRegion(region)
  }

  /**
   * Takes what was stored by an earlier process. Until it has been tried here, the Region is only awaited, unless it
   * was read moments ago.
   */
  restore({ members, unread, ...known }: RegionReading, now: Date) {
    const { asOf, liveFrom: _, since: __, awaited: ___, ...rest } = known
    const isYoung = known.status === 'ok' && asOf !== null && now.getTime() - Date.parse(asOf) < YOUNG_MS
    this.#members = new Map(members.map((member) => [member.keyId, member]))
    this.#unread = new Map(unread.map(({ keyId, message, since }) => [keyId, { message, since, triedAt: '' }]))
    this.#rest = isYoung
      ? known
      : { ...rest, asOf, status: 'unreachable', message: 'Not read since the dashboard was started', awaited: true }
    this.#aliasesAsOf = asOf ?? ''
    this.#reading = undefined
  }

  /** What has changed since this was asked last. */
  takeChanges(): RegionChanges | null {
    if (!this.#restChanged && this.#changed.size === 0) return null
    const { members: _, ...rest } = this.reading
    const changes = {
      region: this.#rest.region,
      ...(this.#restChanged && { rest }),
      members: [...this.#changed].map((keyId) => ({ keyId, reading: this.#members.get(keyId) ?? null })),
    }
    this.#changed.clear()
    this.#restChanged = false
    return changes
  }

  /** Key ids with the time of their last reading, or of the last attempt; those read longest ago are due first. */
  *ages(): Generator<{ keyId: string; at: string }> {
    for (const [keyId, { asOf }] of this.#members) {
      const triedAt = this.#unread.get(keyId)?.triedAt ?? ''
      yield { keyId, at: triedAt > asOf ? triedAt : asOf }
    }
    for (const [keyId, { triedAt }] of this.#unread) if (!this.#members.has(keyId)) yield { keyId, at: triedAt }
  }

  get size(): number {
    return this.#members.size
  }

  get reading(): RegionReading {
    this.#reading ??= {
      ...this.#rest,
      members: [...this.#members.values()],
      unread: [...this.#unread].map(([keyId, { message, since }]) => ({ keyId, message, ...(since && { since }) })),
    }
    return this.#reading
  }

  member(keyId: string): MemberReading | undefined {
    return this.#members.get(keyId)
  }

  isUnread(keyId: string): boolean {
    return this.#unread.has(keyId)
  }

  get status() {
    return this.#rest.status
  }

  /** Can nothing of it be read since the newest attempt? Not before the first one has ended. */
  get isDown(): boolean {
    return this.#attempted && !isReadable(this.#rest)
  }

  /** Has it been read by this process, and has it answered ever since, as far as it may be read? */
  get isKnown(): boolean {
    return this.#attempted && (this.#rest.status === 'ok' || this.#rest.liveFrom !== undefined)
  }

  /** Takes the result of a scan that began at `startedAt`, except where something was read since. */
  mergeScan(scan: RegionReading, startedAt: string, { withAliases = true } = {}) {
    const readSince = (keyId: string) => (this.#members.get(keyId)?.asOf ?? '') > startedAt
    const members = new Map(
      scan.members
        .filter((member) => (this.#gone.get(member.keyId) ?? '') <= member.asOf)
        .map((member) => [member.keyId, member]),
    )
    for (const member of this.#members.values()) {
      const scanned = members.get(member.keyId)
      if (scanned ? member.asOf > scanned.asOf : readSince(member.keyId)) members.set(member.keyId, member)
    }
    const unread = scan.unread.filter(({ keyId }) => !readSince(keyId))
    this.#unread = new Map(
      unread.map(({ keyId, message }) => {
        const before = this.#unread.get(keyId)
        return [
          keyId,
          before?.message === message ? before : { message, since: before?.since ?? startedAt, triedAt: startedAt },
        ]
      }),
    )
    for (const keyId of this.#members.keys()) if (!members.has(keyId)) this.#changed.add(keyId)
    for (const [keyId, member] of members) if (this.#members.get(keyId) !== member) this.#changed.add(keyId)
    this.#members = members
    const keepsAliases = !withAliases || this.#aliasesAsOf > startedAt
    this.#change({ ...scan, aliases: keepsAliases ? this.#rest.aliases : scan.aliases })
    if (withAliases && scan.status === 'ok' && startedAt > this.#aliasesAsOf) this.#aliasesAsOf = startedAt
    for (const [keyId, at] of this.#gone) if (at <= startedAt) this.#gone.delete(keyId)
    this.#attempted = true
  }

  setMember(member: MemberReading) {
    const known = this.#members.get(member.keyId)
    if (known && known.asOf > member.asOf) return
    this.#gone.delete(member.keyId)
    this.#members.set(member.keyId, sinceFirst(member, known))
    if (this.#unread.delete(member.keyId)) this.#restChanged = true
    this.#changed.add(member.keyId)
    this.#reading = undefined
  }

  /** A member as a scan that is still under way has found it: the Region answers again, whatever was before. */
  setScanned(member: MemberReading, startedAt: string) {
    if ((this.#gone.get(member.keyId) ?? '') > member.asOf) return
    this.setMember(member)
    if (this.#rest.status !== 'ok' && this.#rest.liveFrom !== startedAt) {
      this.#change({ ...this.#rest, liveFrom: startedAt })
    }
  }

  /** The rotation that belongs to the description of that time; a newer one has its own. */
  setRotation({ keyId, asOf, rotation, rotationUnread }: MemberReading) {
    const known = this.#members.get(keyId)
    if (!known || known.asOf !== asOf) return
    const { rotationUnread: _, ...member } = known
    const read = { ...member, rotation, ...(rotationUnread && { rotationUnread }) }
    this.#members.set(keyId, sinceFirst(read, known))
    this.#changed.add(keyId)
    this.#reading = undefined
  }

  /** The Region answered that it has no such key, when asked at that time. */
  setGone(keyId: string, askedAt: string) {
    const known = this.#members.get(keyId)
    if (known && known.asOf > askedAt) return
    this.#gone.set(keyId, askedAt)
    this.#members.delete(keyId)
    this.#changed.add(keyId)
    if (this.#unread.delete(keyId)) this.#restChanged = true
    this.#reading = undefined
  }

  setUnread(keyId: string, message: string) {
    const now = new Date().toISOString()
    this.#unread.set(keyId, { message, since: this.#unread.get(keyId)?.since ?? now, triedAt: now })
    this.#restChanged = true
    this.#reading = undefined
  }

  setAliases(aliases: AliasReading[], askedAt: string) {
    if (askedAt < this.#aliasesAsOf) return
    this.#aliasesAsOf = askedAt
    this.#change({ ...this.#rest, aliases })
  }

  /** The first pages of the aliases, shown while none were known before. */
  setFirstAliases(aliases: AliasReading[]) {
    if (this.#aliasesAsOf === '') this.#change({ ...this.#rest, aliases })
  }

  /** Somebody asked for the aliases alone, and they are denied. */
  setAliasesDenied(error: KmsError, now: string) {
    this.#change(withoutAliases(this.reading, error, now))
    this.#attempted = true
  }

  setFailed(error: KmsError, now: string) {
    this.#change(failedReading(this.reading, error, now))
    this.#attempted = true
  }

  #change({ members: _, unread: __, ...rest }: Omit<RegionReading, 'members' | 'unread'> & Partial<RegionReading>) {
    this.#rest = rest
    this.#restChanged = true
    this.#reading = undefined
  }
}
