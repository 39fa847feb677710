// Alias drift in few words, for a list: where callers would not find this family by its name.

import type { Family } from '@/lib/topology/topology'

export interface Drift {
  type: 'error' | 'warning'
  words: string
  regions: string[]
  /** The whole sentence of the finding. */
  message: string
}

export const aliasDrift = ({ findings }: Pick<Family, 'findings'>): Drift[] =>
  findings.flatMap(({ id, regions, message }): Drift[] => {
    if (id === 'alias-missing') return [{ type: 'warning', words: 'Alias missing', regions, message }]
    if (id === 'alias-elsewhere') return [{ type: 'error', words: 'Alias elsewhere', regions, message }]
    return []
  })
