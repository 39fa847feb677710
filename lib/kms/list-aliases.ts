// ListAliases: one unfiltered sweep over all aliases of a Region; asking per key would cost a call for each.

import { ListAliasesCommand } from '@aws-sdk/client-kms'
import type { AliasReading } from '@/lib/topology/readings'
import { type Ask, ask } from './ask'

/** The largest page that KMS gives (KMS API Reference, ListAliases). */
const PAGE_SIZE = 100

/** The aliases page by page; those of AWS managed keys, and those without a target, are left out. */
export async function* aliasPages(where: Ask): AsyncGenerator<AliasReading[]> {
  let marker: string | undefined
  do {
    const page = await ask(where, 'ListAliases', (client, options) =>
      client.send(new ListAliasesCommand({ Limit: PAGE_SIZE, Marker: marker }), options),
    )
    yield (page.Aliases ?? []).flatMap(({ AliasName: name, TargetKeyId: keyId }) =>
      name && keyId && !name.startsWith('alias/aws/') ? [{ name, keyId }] : [],
    )
    marker = page.Truncated ? page.NextMarker : undefined
  } while (marker !== undefined)
}

export async function listAliases(where: Ask): Promise<AliasReading[]> {
  const aliases: AliasReading[] = []
  for await (const page of aliasPages(where)) aliases.push(...page)
  return aliases
}
