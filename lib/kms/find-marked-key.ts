// Marked keys: CreateKey has no client token, so a key that we made carries a tag by which it is recognised when
// the answer was lost.

import { MARK_TAG } from '@/lib/topology/mark-tag'
import type { Ask } from './ask'
import { describeMember } from './describe-member'
import { toKmsError } from './errors'
import { listKeys } from './list-keys'
import { readTags } from './tags'

/** The clock of KMS and ours may differ. */
const CLOCK_SKEW_MS = 5 * 60_000

/**
 * The primary key in a Region whose tag `atlas:step` has this value, or null. Only keys created since
 * `createdAfter` (ISO time) are looked at, newest first.
 *
 * Null leads to the key being made again, so doubt is thrown, not answered with null: a key that is listed but not
 * found yet, or a new one whose tags may not be read, could be ours. A key that may not be described is not.
 */
export async function findMarkedKey(
  where: Ask,
  sought: { mark: string; createdAfter: string },
): Promise<string | null> {
  const since = Date.parse(sought.createdAfter) - CLOCK_SKEW_MS
  const keyIds = (await listKeys(where)).filter((keyId) => keyId.startsWith('mrk-'))
  const members = await Promise.all(
    keyIds.map((keyId) =>
      describeMember(where, keyId).catch((thrown) => {
        const error = toKmsError(thrown, where.region)
        if (error.kind === 'denied') return null
        throw error
      }),
    ),
  )
  const candidates = members
    .flatMap((member) =>
      member?.role === 'PRIMARY' && member.createdAt
        ? [{ keyId: member.keyId, born: Date.parse(member.createdAt) }]
        : [],
    )
    .filter((member) => member.born >= since)
    .sort((a, b) => b.born - a.born)
  for (const { keyId } of candidates) {
    const tags = await readTags(where, keyId)
    if (tags.some((tag) => tag.key === MARK_TAG && tag.value === sought.mark)) return keyId
  }
  return null
}
