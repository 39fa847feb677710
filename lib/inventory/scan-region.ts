// The scan of one Region: its keys, its aliases, and each of its multi-Region keys described, told as they come.

import { setImmediate } from 'node:timers/promises'
import type { Ask } from '@/lib/kms/ask'
import { describeMember } from '@/lib/kms/describe-member'
import { type KmsError, toKmsError } from '@/lib/kms/errors'
import { aliasPages } from '@/lib/kms/list-aliases'
import { answers, keyPages } from '@/lib/kms/list-keys'
import type { AliasReading, MemberReading, RegionReading } from '@/lib/topology/readings'
import { isReadable } from '@/lib/topology/region-trouble'
import { rotationOf, tellsRotation, unreadRotation } from './read-member'
import { concernsRegion, reasonOf, statusOf } from './region-status'

/** A Region of which nothing has been read yet. */
export const unreadRegion = (region: string): RegionReading => ({
  region,
  status: 'unreachable',
  message: 'Not read yet',
  awaited: true,
  asOf: null,
  members: [],
  unread: [],
  aliases: [],
  otherKeys: 0,
})

/** The reading of a Region that failed: everything known so far stays, the reason and the time are added. */
export function failedReading(previous: RegionReading, error: KmsError, now: string): RegionReading {
  const { liveFrom: _, awaited: __, unreadable: ___, ...known } = previous
  return { ...known, status: statusOf(error), message: reasonOf(error), since: sinceOf(previous, now) }
}

/** Members that were not described again by this reading stay live when they were so before. */
function liveFromOf({ status, liveFrom, members }: RegionReading, startedAt: string): string {
  if (status !== 'ok') return liveFrom ?? startedAt
  return members.reduce((earliest, { asOf }) => (asOf < earliest ? asOf : earliest), startedAt)
}

/** A list that is denied, since the scan that found it first. */
const deniedPart = (part: 'keys' | 'aliases', error: KmsError, previous: RegionReading, now: string) => ({
  part,
  message: reasonOf(error),
  since: previous.unreadable?.find((each) => each.part === part)?.since ?? now,
})

/**
 * The reading of a Region that denies the list of its aliases, when somebody asked for that alone: everything else in it
 * goes on as it was.
 */
export function withoutAliases(previous: RegionReading, error: KmsError, now: string): RegionReading {
  if (!isReadable(previous)) return failedReading(previous, error, now)
  const others = (previous.unreadable ?? []).filter(({ part }) => part !== 'aliases')
  return {
    ...previous,
    ...deniedStatus(previous, [...others, deniedPart('aliases', error, previous, now)], now),
    liveFrom: liveFromOf(previous, now),
  }
}

const deniedStatus = (previous: RegionReading, unreadable: NonNullable<RegionReading['unreadable']>, now: string) => ({
  status: 'denied' as const,
  message: unreadable.map(({ part, message }) => `${deniedInWords[part]}: ${message}`).join('. '),
  since: sinceOf(previous, now),
  unreadable,
})

const deniedInWords = { keys: 'Keys could not be listed', aliases: 'Aliases could not be read' }

const sinceOf = ({ status, since }: RegionReading, now: string) => (status === 'ok' ? now : (since ?? now))

export interface ScanOptions {
  /** What was known. */
  previous: RegionReading
  /** Which Regions failed last time. */
  isDown: (region: string) => boolean
  /** Key ids of members that relatives name here, for a Region that does not list its keys. */
  named: () => string[]
  /** Is this key to be described? Others stay as they were known, as long as they are listed. */
  wants: (keyId: string) => boolean
  /** Are the aliases to be read? Else they stay as they were known. */
  withAliases: boolean
  /** The first keys have been listed: from now on they are described. */
  listed: () => void
  /** A member as soon as it has been described; its rotation is the one that was known before. */
  described: (member: MemberReading) => void
  /** The aliases read so far. */
  aliases: (soFar: AliasReading[]) => void
}

type Described = MemberReading | { unread: string } | 'gone'

/** The keys of one scan, described while they are being listed. */
class Descriptions {
  readonly #where: Ask
  readonly #options: ScanOptions
  readonly #known: Map<string, MemberReading>
  readonly #failed: (error: unknown) => void
  readonly #asked = new Map<string, Promise<Described>>()
  readonly #kept = new Set<string>()
  readonly #unread: Map<string, string>

  constructor(where: Ask, options: ScanOptions, failed: (error: unknown) => void) {
    this.#where = where
    this.#options = options
    this.#known = new Map(options.previous.members.map((member) => [member.keyId, member]))
    this.#unread = new Map(options.previous.unread.map(({ keyId, message }) => [keyId, message]))
    this.#failed = failed
  }

  get knownKeyIds() {
    return this.#known.keys()
  }

  /** Those that are to be described; the others it takes as they were known. */
  wanted(keyIds: string[]): string[] {
    return keyIds.filter((keyId) => {
      if (this.#options.wants(keyId)) return true
      this.#kept.add(keyId)
      return false
    })
  }

  /** Begins to describe a key; what becomes of it `ended` tells. */
  begin(keyId: string): Promise<Described> {
    const asked = this.#describe(keyId)
    // The first failure ends the scan, whatever else is waited for at that moment.
    asked.catch(this.#failed)
    this.#asked.set(keyId, asked)
    return asked
  }

  /** Resolves with all that was described, or rejects with the first failure of the Region. */
  async ended(): Promise<Pick<RegionReading, 'members' | 'unread'>> {
    const members: MemberReading[] = []
    const unread: RegionReading['unread'] = []
    for (const [keyId, asked] of this.#asked) {
      const is = await asked
      if (is === 'gone') continue
      if (!('unread' in is)) {
        members.push(is)
        continue
      }
      unread.push({ keyId, message: is.unread })
      const before = this.#known.get(keyId)
      if (before) members.push(before)
    }
    for (const keyId of this.#kept) {
      const member = this.#known.get(keyId)
      const message = this.#unread.get(keyId)
      if (member) members.push(member)
      if (message !== undefined) unread.push({ keyId, message })
    }
    return { members, unread }
  }

  async #describe(keyId: string): Promise<Described> {
    const known = this.#known.get(keyId)
    try {
      const described = await describeMember(this.#where, keyId)
      const isTold = known && tellsRotation(described, this.#options.isDown)
      const member = isTold ? { ...described, ...rotationIn(known) } : described
      this.#options.described(member)
      return member
    } catch (thrown) {
      const error = toKmsError(thrown, this.#where.region)
      if (concernsRegion(error)) throw error
      // Listed, described before and not found any more: deleted in between. Never described: too new to be found.
      if (error.kind === 'not-found' && known) return 'gone'
      return { unread: reasonOf(error) }
    }
  }
}

const rotationIn = ({ rotation, rotationUnread }: MemberReading) => ({
  rotation,
  ...(rotationUnread && { rotationUnread }),
})

/** What `read` gives, or why it is denied; other failures are the Region's. */
async function unlessDenied<T>(region: string, read: () => Promise<T>): Promise<T | { denied: KmsError }> {
  try {
    return await read()
  } catch (thrown) {
    const error = toKmsError(thrown, region)
    if (error.kind === 'denied') return { denied: error }
    throw error
  }
}

/** So many requests are made before the answers have a turn. */
const AT_A_STRETCH = 4

/** Lists the keys and describes each `mrk-` key from the first page on; counts the others. */
async function readKeys(
  where: Ask,
  { listed }: ScanOptions,
  descriptions: Descriptions,
): Promise<{ otherKeys: number }> {
  let otherKeys = 0
  for await (const page of keyPages(where)) {
    listed()
    const ours = page.filter((keyId) => keyId.startsWith('mrk-'))
    for (const [index, keyId] of descriptions.wanted(ours).entries()) {
      void descriptions.begin(keyId)
      // In between, the first answers are taken: a thousand requests at a stretch would keep them waiting.
      if (index % AT_A_STRETCH === 0) await setImmediate()
    }
    otherKeys += page.length - ours.length
  }
  return { otherKeys }
}

async function readAliases(where: Ask, { aliases }: ScanOptions): Promise<{ aliases: AliasReading[] }> {
  let soFar: AliasReading[] = []
  for await (const page of aliasPages(where)) {
    soFar = [...soFar, ...page]
    aliases(soFar)
  }
  return { aliases: soFar }
}

/** So many refusals in a row are taken for a refusal of all. */
const REFUSALS = 3

/** Where keys may not be listed, those that are known may be described all the same: a few are tried before the others. */
async function describeKnown(descriptions: Descriptions, { named, previous }: ScanOptions) {
  const known = [...new Set([...descriptions.knownKeyIds, ...named()])]
  // When that has just begun, nothing else says whether they can still be read.
  const keyIds = previous.status === 'ok' ? known : descriptions.wanted(known)
  for (const [index, keyId] of keyIds.entries()) {
    const is = await descriptions.begin(keyId)
    if (is !== 'gone' && 'unread' in is && index + 1 < REFUSALS) continue
    if (is === 'gone' || !('unread' in is)) for (const other of keyIds.slice(index + 1)) void descriptions.begin(other)
    return
  }
}

/**
 * Reads one Region: all key ids and all aliases side by side, and those `mrk-` keys that are wanted as soon as they are
 * listed: all of them in a scan, only new ones in a sweep. It never throws for what KMS answers: a failure becomes a status with a reason, and what was known before stays.
 *
 * - A key that may not be described is named in `unread`; an earlier description of it is kept.
 * - Denied lists make the Region `denied`, and stand in `unreadable` unless everything is denied. With denied aliases its keys are read all the same; with denied keys its
 *   aliases are, and those keys that are known already, as far as they may be described.
 * - The first sign that the Region itself fails ends the scan: asking thousands of keys of a dead Region would take
 *   minutes.
 *
 * Rotation is not read here, see `readRotations`.
 */
export async function scanRegion(where: Ask, options: ScanOptions): Promise<RegionReading> {
  const { region } = where
  const { previous } = options
  const startedAt = new Date().toISOString()
  const failed = new AbortController()
  const fail = (error: unknown) => failed.abort(error)
  const scan: Ask = { ...where, signal: AbortSignal.any([failed.signal, ...(where.signal ? [where.signal] : [])]) }
  const descriptions = new Descriptions(scan, options, fail)
  try {
    const askAliases = () => unlessDenied(region, () => readAliases(scan, options))
    const [keys, wanted] = await Promise.all([
      unlessDenied(region, () => readKeys(scan, options, descriptions)),
      options.withAliases ? askAliases() : { aliases: previous.aliases },
    ])
    if ('denied' in keys) await describeKnown(descriptions, options)
    // Whether everything is denied, or the keys alone, only the other list can tell.
    const aliases = 'denied' in keys && !options.withAliases ? await askAliases() : wanted
    const { members, unread } = await descriptions.ended()
    const aliasesKnown = 'denied' in aliases ? previous.aliases : aliases.aliases
    const parts = [
      ...('denied' in keys ? [deniedPart('keys', keys.denied, previous, startedAt)] : []),
      ...('denied' in aliases ? [deniedPart('aliases', aliases.denied, previous, startedAt)] : []),
    ]

    if ('denied' in keys) {
      const answered = members.filter(({ asOf }) => asOf >= startedAt)
      const liveFrom = previous.liveFrom ?? (answered.length > 0 ? startedAt : undefined)
      return {
        ...failedReading(previous, keys.denied, startedAt),
        ...((!('denied' in aliases) || liveFrom !== undefined) && deniedStatus(previous, parts, startedAt)),
        ...(liveFrom !== undefined && { liveFrom }),
        members: [...new Map([...previous.members, ...answered].map((member) => [member.keyId, member])).values()],
        unread: answered.length > 0 ? unread : previous.unread,
        aliases: aliasesKnown,
      }
    }
    const reading = { region, asOf: startedAt, members, unread, otherKeys: keys.otherKeys, aliases: aliasesKnown }
    if (!('denied' in aliases)) return { ...reading, status: 'ok' }
    return { ...reading, ...deniedStatus(previous, parts, startedAt), liveFrom: liveFromOf(previous, startedAt) }
  } catch (thrown) {
    fail(thrown)
    return failedReading(previous, toKmsError(failed.signal.reason, region), startedAt)
  }
}

/**
 * Reads the rotation settings of those members that are to tell them, and tells each as it comes, or why it could not be
 * read. Throws the `KmsError` that says that the Region itself fails.
 */
export async function readRotations(
  where: Ask,
  {
    members,
    isDown,
    read,
  }: {
    members: MemberReading[]
    isDown: (region: string) => boolean
    read: (member: MemberReading) => void
  },
): Promise<void> {
  await Promise.all(
    members
      .filter((member) => tellsRotation(member, isDown))
      .map(async ({ rotationUnread: _, ...member }) => {
        try {
          read({ ...member, ...(await rotationOf(where, member.keyId)) })
        } catch (thrown) {
          const error = toKmsError(thrown, where.region)
          if (concernsRegion(error)) throw error
          read({ ...member, ...unreadRotation(error) })
        }
      }),
  )
}

/** Does the Region answer at all? Throws a `KmsError` when it does not. */
export async function probeRegion(where: Ask): Promise<{ latencyMs: number }> {
  const start = performance.now()
  await answers(where)
  return { latencyMs: Math.round(performance.now() - start) }
}
