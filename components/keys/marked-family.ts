// The family that is marked in the list, told to the cells that show it, so that marking draws no other cell again.

import { createContext } from 'react'

interface Marked {
  /** The key id; null when none is marked. */
  keyId: string | null
  mark: (keyId: string) => void
}

export const MarkedFamily = createContext<Marked>({ keyId: null, mark: () => {} })
