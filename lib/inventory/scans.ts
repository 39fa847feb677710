// Scans as they end, told to whoever measures them.

import { once } from '@/lib/store/singletons'
import type { ReaderEvents } from './reader'

type ScanListener = NonNullable<ReaderEvents['scanned']>

const listeners = () => once('scan listeners', () => new Set<ScanListener>())

export const tellScan: ScanListener = (scan) => {
  for (const listener of listeners()) listener(scan)
}

/** Calls the listener after each scan and sweep of a Region, however it ended, until the returned function is called. */
export function onScan(listener: ScanListener): () => void {
  listeners().add(listener)
  return () => listeners().delete(listener)
}
