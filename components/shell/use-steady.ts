// Steady values: what is the same as last time is the very object of last time, so nothing that hangs on it is done again.

import { useState } from 'react'

/** What `steady` makes of the last value and this one: the last one wherever nothing has changed. */
export function useSteady<T>(value: T, steady: (before: T, after: T) => T): T {
  const [kept, keep] = useState(value)
  const next = steady(kept, value)
  if (next !== kept) keep(next)
  return next
}
