// The rules of tags: at most 50 to a key, no key twice in one request, none beginning with aws:.

import { KmsError } from '../wire/errors.ts'
import type { Tag } from './family.ts'

const MAX_TAGS = 50

export function requireValidTags(tags: readonly Tag[]): void {
  if (tags.length > MAX_TAGS) throw tagError('Too many tags')
  requireNotReserved(tags.map(({ TagKey }) => TagKey))
  if (new Set(tags.map(({ TagKey }) => TagKey)).size < tags.length) throw tagError('Duplicate tag keys')
}

export function requireNotReserved(tagKeys: readonly string[]): void {
  if (tagKeys.some((tagKey) => tagKey.toLowerCase().startsWith('aws:'))) {
    throw tagError('Tags beginning with aws: are reserved')
  }
}

/** The tags of a key after TagResource: the same tag key replaces the value. Listed in the order of their keys. */
export function mergedTags(before: readonly Tag[], added: readonly Tag[]): Tag[] {
  const merged = new Map([...before, ...added].map((tag) => [tag.TagKey, tag]))
  if (merged.size > MAX_TAGS) throw tagError('Too many tags')
  return sortedTags([...merged.values()])
}

export const sortedTags = (tags: readonly Tag[]) => [...tags].sort((a, b) => (a.TagKey < b.TagKey ? -1 : 1))

const tagError = (message: string) => new KmsError('TagException', message)
