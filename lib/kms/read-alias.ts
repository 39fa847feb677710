// One alias of a Region: which key it points to.

import type { Ask } from './ask'
import { aliasPages } from './list-aliases'

/**
 * The id of the key that the alias points to, or null when there is no such alias. KMS has no call for one alias,
 * so the sweep is read up to the page that holds it.
 */
export async function readAlias(where: Ask, name: string): Promise<string | null> {
  for await (const page of aliasPages(where)) {
    const found = page.find((alias) => alias.name === name)
    if (found) return found.keyId
  }
  return null
}
