// imported-material: KMS copies no imported key material, so a new member waits for a person.

import { inWords } from '@/lib/topology/in-words'
import type { Check } from '../plan'
import { warned } from './verdicts'

/** Source: KMS Developer Guide, "Create multi-Region keys with imported key material". */
export const importedMaterial = (origin: string, regions: string[]): Check[] =>
  origin === 'EXTERNAL' && regions.length > 0
    ? [
        warned(
          'imported-material',
          `The key material is imported: the new ${regions.length === 1 ? 'key' : 'keys'} in ${inWords(regions)} will end in PendingImport, and work only after the same material is imported there by hand.`,
        ),
      ]
    : []
