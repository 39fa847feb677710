// Key states as a person reads them.

import type { KeyState, Known } from './topology'

const words: Partial<Record<KeyState, string>> = {
  PendingImport: 'Pending import',
  PendingDeletion: 'Pending deletion',
  PendingReplicaDeletion: 'Pending replica deletion',
}

/** State and how sure it is: `Enabled`, `Enabled when last read`, `state not known`. */
export function stateInWords({ state, known }: { state: KeyState; known: Known }): string {
  if (state === 'Unknown') return 'state not known'
  return `${words[state] ?? state}${known === 'stale' ? ' when last read' : ''}`
}
