// The metrics of this process: one registry and one store of counts, however often this module is evaluated.

import type { Registry } from 'prom-client'
import { inventory } from '@/lib/inventory/live'
import { onScan } from '@/lib/inventory/scans'
import { callCounts } from '@/lib/kms/pacing'
import { runs } from '@/lib/runs/live'
import { database } from '@/lib/store/database'
import { once } from '@/lib/store/singletons'
import { newRegistry } from './registry'
import { RequestCounts } from './request-counts'

/** A monitor wants the other numbers all the more when the database is down. */
async function unlessDown<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    console.error('The database did not answer for a monitor', error)
    return null
  }
}

export const metrics = (): Registry =>
  once('metrics', () =>
    newRegistry({
      topology: () => inventory().topology(),
      calls: callCounts,
      runs: () => unlessDown(() => runs().countByStatus()),
      refreshing: () => inventory().refreshing(),
      requests: () => unlessDown(() => storedRequests().thisMonth()),
      onScan,
      now: Date.now,
    }),
  )

export const storedRequests = (): RequestCounts =>
  once('stored requests', () => new RequestCounts({ database, calls: callCounts, now: () => new Date() }))
