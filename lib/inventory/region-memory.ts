// Region memory: everything known of one Region. Scans and single reads overlap; of two answers the newer counts.

import type { KmsError } from '@/lib/kms/errors'
import type { AliasReading, MemberReading, RegionReading } from '@/lib/topology/readings'
import { failedReading, unreadRegion } from './scan-region'

/** Times are ISO texts of equal length, so they compare as text. */
export class RegionMemory {
  #reading: RegionReading
  #aliasesAsOf = ''
  /** Keys that were not found, with the time of asking, until a scan that began later has ended. */
  readonly #gone = new Map<string, string>()
  #attempted = false

  constructor(region: string) {
    this.#reading = unreadRegion(region)
  }

  get reading(): RegionReading {
    return this.#reading
  }

  /** Did the newest attempt fail? Not yet, before the first one has ended. */
  get isDown(): boolean {
    return this.#attempted && this.#reading.status !== 'ok'
  }

  /** Takes the result of a scan that began at `startedAt`, except where something was read since. */
  mergeScan(scan: RegionReading, startedAt: string) {
    const current = new Map(this.#reading.members.map((member) => [member.keyId, member]))
    const readSince = (keyId: string) => (current.get(keyId)?.asOf ?? '') > startedAt
    const members = new Map(
      scan.members
        .filter((member) => (this.#gone.get(member.keyId) ?? '') <= member.asOf)
        .map((member) => [member.keyId, member]),
    )
    for (const member of current.values()) {
      const scanned = members.get(member.keyId)
      if (scanned ? member.asOf > scanned.asOf : readSince(member.keyId)) members.set(member.keyId, member)
    }
    this.#reading = {
      ...scan,
      members: [...members.values()],
      unread: scan.unread.filter(({ keyId }) => !readSince(keyId)),
      aliases: this.#aliasesAsOf > startedAt ? this.#reading.aliases : scan.aliases,
    }
    if (scan.status === 'ok' && startedAt > this.#aliasesAsOf) this.#aliasesAsOf = startedAt
    for (const [keyId, at] of this.#gone) if (at <= startedAt) this.#gone.delete(keyId)
    this.#attempted = true
  }

  setMember(member: MemberReading) {
    const known = this.#reading.members.find(({ keyId }) => keyId === member.keyId)
    if (known && known.asOf > member.asOf) return
    this.#gone.delete(member.keyId)
    this.#reading = {
      ...this.#reading,
      members: [...this.#reading.members.filter(({ keyId }) => keyId !== member.keyId), member],
      unread: this.#reading.unread.filter(({ keyId }) => keyId !== member.keyId),
    }
  }

  /** The Region answered that it has no such key, when asked at that time. */
  setGone(keyId: string, askedAt: string) {
    const known = this.#reading.members.find((member) => member.keyId === keyId)
    if (known && known.asOf > askedAt) return
    this.#gone.set(keyId, askedAt)
    this.#reading = {
      ...this.#reading,
      members: this.#reading.members.filter((member) => member.keyId !== keyId),
      unread: this.#reading.unread.filter((key) => key.keyId !== keyId),
    }
  }

  setUnread(keyId: string, message: string) {
    const others = this.#reading.unread.filter((key) => key.keyId !== keyId)
    this.#reading = { ...this.#reading, unread: [...others, { keyId, message }] }
  }

  setAliases(aliases: AliasReading[], askedAt: string) {
    if (askedAt < this.#aliasesAsOf) return
    this.#aliasesAsOf = askedAt
    this.#reading = { ...this.#reading, aliases }
  }

  setFailed(error: KmsError, now: string) {
    this.#reading = failedReading(this.#reading, error, now)
    this.#attempted = true
  }
}
