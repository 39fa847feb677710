// alias-elsewhere: the primary's alias points to a key of another family in a Region where this family has a member.

import { aliasHolder, shortKeyId } from '../family'
import { inWords } from '../in-words'
import type { Family, Finding, Topology } from '../topology'
import { missingAliases } from './missing-aliases'

export function aliasElsewhere(family: Family, topology: Topology): Finding[] {
  return missingAliases(family, topology)
    .filter(({ held }) => held.length > 0)
    .map(({ name, held }) => {
      const holders = new Set(held.flatMap((region) => aliasHolder(topology, region, name)?.keyId ?? []))
      return {
        id: 'alias-elsewhere',
        severity: 'high',
        regions: held,
        message: `${name} points to another key in ${inWords(held)} (${[...holders].map(shortKeyId).join(', ')}): callers there work with other key material.`,
        remedy: {
          label: 'Edit aliases',
          request: { kind: 'set-aliases', keyId: family.keyId, changes: [{ change: 'everywhere', name }] },
        },
      }
    })
}
