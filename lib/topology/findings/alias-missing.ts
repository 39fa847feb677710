// alias-missing: callers that use the primary's alias in another Region find no key there.

import { inWords } from '../in-words'
import type { Family, Finding, Topology } from '../topology'
import { missingAliases } from './missing-aliases'

export function aliasMissing(family: Family, topology: Topology): Finding[] {
  return missingAliases(family, topology)
    .filter(({ free }) => free.length > 0)
    .map(({ name, free }) => ({
      id: 'alias-missing',
      severity: 'medium',
      regions: free,
      message: `${name} does not exist in ${inWords(free)}: callers that use it there find no key.`,
      remedy: {
        label: 'Align aliases',
        request: { kind: 'set-aliases', keyId: family.keyId, changes: [{ change: 'everywhere', name }] },
      },
    }))
}
