// Pacing: the one door through which every call to KMS goes. It bounds what is in flight per Region and counts.

import { once } from '@/lib/store/singletons'

/** Background reads leave room for what a person or a run is waiting for. */
export type Purpose = 'background' | 'run'

const MAX_IN_FLIGHT: Readonly<Record<Purpose, number>> = { background: 16, run: 32 }

interface Lane {
  inFlight: number
  waiting: (() => void)[]
}

const pacer = () =>
  once('kms pacing', () => ({ lanes: new Map<string, Lane>(), counts: new Map<string, Map<string, number>>() }))

function count(region: string, operation: string) {
  const { counts } = pacer()
  const ofRegion = counts.get(region) ?? new Map<string, number>()
  ofRegion.set(operation, (ofRegion.get(operation) ?? 0) + 1)
  counts.set(region, ofRegion)
}

/** Runs one call when its Region has room for it. */
export async function paced<T>(
  region: string,
  operation: string,
  purpose: Purpose,
  call: () => Promise<T>,
): Promise<T> {
  const { lanes } = pacer()
  const key = `${purpose} ${region}`
  const lane = lanes.get(key) ?? { inFlight: 0, waiting: [] }
  lanes.set(key, lane)

  if (lane.inFlight < MAX_IN_FLIGHT[purpose]) lane.inFlight += 1
  else await new Promise<void>((resolve) => lane.waiting.push(resolve))

  try {
    count(region, operation)
    return await call()
  } finally {
    // The place is handed over, so nobody who comes later can slip in between.
    const next = lane.waiting.shift()
    if (next) next()
    else lane.inFlight -= 1
  }
}

/** Calls since the start: Region → operation → count, as sent by us (retries of the SDK are not seen here). */
export const callCounts = (): Record<string, Record<string, number>> =>
  Object.fromEntries([...pacer().counts].map(([region, counts]) => [region, Object.fromEntries(counts)]))
