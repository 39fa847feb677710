// The family that was opened last from the list, so that who comes back finds it. It does not stand in the URL: a
// change of the URL takes the place of a navigation that is under way.

import { useSyncExternalStore } from 'react'

const NAME = 'kms-atlas-last-opened'

const listeners = new Set<() => void>()

function subscribe(changed: () => void) {
  listeners.add(changed)
  return () => listeners.delete(changed)
}

/** Remembers it for this tab. */
export function rememberOpened(keyId: string) {
  sessionStorage.setItem(NAME, keyId)
  for (const changed of listeners) changed()
}

/** The key id, or null when none was opened in this tab. */
export const useLastOpened = (): string | null =>
  useSyncExternalStore(
    subscribe,
    () => sessionStorage.getItem(NAME),
    () => null,
  )
