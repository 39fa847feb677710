// Alias drift in few words, for a list: where callers would not find this family by its name.

import { inWords } from '@/lib/topology/in-words'
import type { Family } from '@/lib/topology/topology'

export interface Drift {
  type: 'error' | 'warning'
  words: string
  /** The whole sentence of the finding. */
  message: string
}

export const aliasDrift = ({ findings }: Pick<Family, 'findings'>): Drift[] =>
  findings.flatMap(({ id, regions, message }): Drift[] => {
    if (id === 'alias-missing') return [{ type: 'warning', words: `missing in ${inWords(regions)}`, message }]
    if (id === 'alias-elsewhere') return [{ type: 'error', words: `another key in ${inWords(regions)}`, message }]
    return []
  })
