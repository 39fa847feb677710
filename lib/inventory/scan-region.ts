// The scan of one Region: its keys, its aliases, and each of its multi-Region keys described.

import type { Ask } from '@/lib/kms/ask'
import { type KmsError, toKmsError } from '@/lib/kms/errors'
import { listAliases } from '@/lib/kms/list-aliases'
import { answers, listKeys } from '@/lib/kms/list-keys'
import type { AliasReading, MemberReading, RegionReading } from '@/lib/topology/readings'
import { readMember } from './read-member'
import { concernsRegion, reasonOf, statusOf } from './region-status'

/** A Region of which nothing has been read yet. */
export const unreadRegion = (region: string): RegionReading => ({
  region,
  status: 'unreachable',
  message: 'Not read yet',
  asOf: null,
  members: [],
  unread: [],
  aliases: [],
  otherKeys: 0,
})

/** The reading of a Region that failed: everything known so far stays, the reason and the time are added. */
export function failedReading(previous: RegionReading, error: KmsError, now: string): RegionReading {
  const since = previous.status === 'ok' ? now : (previous.since ?? now)
  return { ...previous, status: statusOf(error), message: reasonOf(error), since }
}

type Described = { member: MemberReading; rotationMessage?: string } | { unread: string } | 'gone'

async function describe(
  where: Ask,
  keyId: string,
  known: MemberReading | undefined,
  isDown: (region: string) => boolean,
): Promise<Described> {
  try {
    return await readMember(where, keyId, isDown)
  } catch (thrown) {
    const error = toKmsError(thrown, where.region)
    if (concernsRegion(error)) throw error
    // Listed, described before and not found any more: deleted in between. Never described: too new to be found.
    if (error.kind === 'not-found' && known) return 'gone'
    return { unread: reasonOf(error) }
  }
}

/** Aliases, or why they may not be read; other failures are the Region's. */
async function readAliases(where: Ask): Promise<{ aliases: AliasReading[] } | { denied: KmsError }> {
  try {
    return { aliases: await listAliases(where) }
  } catch (thrown) {
    const error = toKmsError(thrown, where.region)
    if (error.kind === 'denied') return { denied: error }
    throw error
  }
}

const count = (of: number, one: string, many: string) => (of === 1 ? one : `${of} ${many}`)

/**
 * Reads one Region: all key ids and all aliases side by side, then every `mrk-` key there. It never throws for what
 * KMS answers: a failure becomes a status with a reason, and what was known before stays as it was.
 *
 * - A key that may not be described is named in `unread`; an earlier description of it is kept.
 * - Denied aliases make the Region `denied`, with its keys read all the same.
 * - The first sign that the Region itself fails ends the scan: asking thousands of keys of a dead Region would take
 *   minutes.
 *
 * `previous` is what was known, `isDown` tells which Regions failed last time.
 */
export async function scanRegion(
  where: Ask,
  previous: RegionReading,
  isDown: (region: string) => boolean,
): Promise<RegionReading> {
  const { region } = where
  const startedAt = new Date().toISOString()
  const failed = new AbortController()
  const scan: Ask = { ...where, signal: AbortSignal.any([failed.signal, ...(where.signal ? [where.signal] : [])]) }
  try {
    const [listed, aliases] = await Promise.all([
      listKeys(scan).then(async (keyIds) => {
        const known = new Map(previous.members.map((member) => [member.keyId, member]))
        const ours = keyIds.filter((keyId) => keyId.startsWith('mrk-'))
        const described = await Promise.all(
          ours.map(async (keyId) => [keyId, await describe(scan, keyId, known.get(keyId), isDown)] as const),
        )
        return { known, described, otherKeys: keyIds.length - ours.length }
      }),
      readAliases(scan),
    ])

    const members: MemberReading[] = []
    const unread: RegionReading['unread'] = []
    const rotationMessages: string[] = []
    for (const [keyId, is] of listed.described) {
      if (is === 'gone') continue
      if ('unread' in is) {
        unread.push({ keyId, message: is.unread })
        const before = listed.known.get(keyId)
        if (before) members.push(before)
        continue
      }
      members.push(is.member)
      if (is.rotationMessage !== undefined) rotationMessages.push(is.rotationMessage)
    }

    const reading = { region, asOf: startedAt, members, unread, otherKeys: listed.otherKeys }
    if ('denied' in aliases) {
      const since = previous.status === 'ok' ? startedAt : (previous.since ?? startedAt)
      const message = `Aliases could not be read: ${reasonOf(aliases.denied)}`
      return { ...reading, status: 'denied', message, since, aliases: previous.aliases }
    }
    const [rotationMessage] = rotationMessages
    const partly =
      rotationMessage &&
      `The rotation of ${count(rotationMessages.length, 'one key', 'keys')} could not be read: ${rotationMessage}`
    return { ...reading, status: 'ok', ...(partly && { message: partly }), aliases: aliases.aliases }
  } catch (thrown) {
    failed.abort()
    return failedReading(previous, toKmsError(thrown, region), startedAt)
  }
}

/** Does the Region answer at all? Throws a `KmsError` when it does not. */
export async function probeRegion(where: Ask): Promise<{ latencyMs: number }> {
  const start = performance.now()
  await answers(where)
  return { latencyMs: Math.round(performance.now() - start) }
}
