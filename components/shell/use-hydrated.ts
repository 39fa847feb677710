// Whether the page lives already: before, what is typed or pressed would go to the browser and be lost.

import { useSyncExternalStore } from 'react'

const never = () => () => {}

export const useHydrated = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
