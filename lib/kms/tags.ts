// The tags of one member; each member has its own.

import { ListResourceTagsCommand } from '@aws-sdk/client-kms'
import type { Tag } from '@/lib/topology/facts'
import { type Ask, ask } from './ask'

/** The largest page that KMS gives, and the most tags that a key can have (KMS API Reference, ListResourceTags). */
const PAGE_SIZE = 50

export async function readTags(where: Ask, keyId: string): Promise<Tag[]> {
  const tags: Tag[] = []
  let marker: string | undefined
  do {
    const page = await ask(where, 'ListResourceTags', (client, options) =>
      client.send(new ListResourceTagsCommand({ KeyId: keyId, Limit: PAGE_SIZE, Marker: marker }), options),
    )
    tags.push(...(page.Tags ?? []).map(({ TagKey = '', TagValue = '' }) => ({ key: TagKey, value: TagValue })))
    marker = page.Truncated ? page.NextMarker : undefined
  } while (marker !== undefined)
  return tags
}
