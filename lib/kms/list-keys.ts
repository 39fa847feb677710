// ListKeys: the ids of all keys of a Region.

import { ListKeysCommand } from '@aws-sdk/client-kms'
import { type Ask, ask } from './ask'

/** The largest page that KMS gives (KMS API Reference, ListKeys). */
const PAGE_SIZE = 1000

/** Key ids page by page in KMS's own order; those of multi-Region keys begin with `mrk-`. */
export async function* keyPages(where: Ask): AsyncGenerator<string[]> {
  let marker: string | undefined
  do {
    const page = await ask(where, 'ListKeys', (client, options) =>
      client.send(new ListKeysCommand({ Limit: PAGE_SIZE, Marker: marker }), options),
    )
    yield (page.Keys ?? []).flatMap((key) => key.KeyId ?? [])
    marker = page.Truncated ? page.NextMarker : undefined
  } while (marker !== undefined)
}

export async function listKeys(where: Ask): Promise<string[]> {
  const keyIds: string[] = []
  for await (const page of keyPages(where)) keyIds.push(...page)
  return keyIds
}

/** Asks for a single key id, only to see whether the Region answers. */
export async function answers(where: Ask): Promise<void> {
  await ask(where, 'ListKeys', (client, options) => client.send(new ListKeysCommand({ Limit: 1 }), options))
}
