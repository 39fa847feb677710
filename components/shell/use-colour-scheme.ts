// The scheme in use as React sees it: it follows whoever turns the class on `body`.

import { useSyncExternalStore } from 'react'
import { type ColourScheme, currentScheme } from './colour-scheme'

function subscribe(changed: () => void) {
  const observer = new MutationObserver(changed)
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] })
  return () => observer.disconnect()
}

export const useColourScheme = (): ColourScheme => useSyncExternalStore(subscribe, currentScheme, () => 'light')
