// What is loaded apart from the page is fetched while nothing else is to be done, so that its first use need not wait.

import { useEffect } from 'react'

/** For browsers without idle callbacks: the page has been drawn by then. */
const LATER_MS = 2_000

/** `load` imports the part and is the same function each time; if it fails, whoever uses the part will tell. */
export function useWhenIdle(load: () => Promise<unknown>) {
  useEffect(() => {
    const begin = () => void load().catch(() => undefined)
    if (!('requestIdleCallback' in window)) {
      const timer = setTimeout(begin, LATER_MS)
      return () => clearTimeout(timer)
    }
    const asked = requestIdleCallback(begin)
    return () => cancelIdleCallback(asked)
  }, [load])
}
