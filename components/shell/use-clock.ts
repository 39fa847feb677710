// One clock for all that shows an age: it ticks once a second, while somebody looks.

import { useSyncExternalStore } from 'react'

const TICK_MS = 1_000

const listeners = new Set<() => void>()
let ticking: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void) {
  listeners.add(listener)
  ticking ??= setInterval(() => {
    for (const tick of listeners) tick()
  }, TICK_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(ticking)
    ticking = undefined
  }
}

/**
 * What `tell` says at this moment; the component is drawn again only when that changes. The server and the first
 * paint cannot know the browser's moment: they show `before`.
 */
export function useClock<T extends string | number | boolean>(tell: (now: number) => T, before: T): T {
  return useSyncExternalStore(
    subscribe,
    () => tell(Date.now()),
    () => before,
  )
}
