// Settling: families in a passing state are read each second until they have settled.

import { setTimeout as sleep } from 'node:timers/promises'
import { isSettling } from '@/lib/topology/family'
import type { Family } from '@/lib/topology/topology'

/**
 * Where to look while a family settles: at a replica that is being created, or at all members during a promotion, since
 * both roles change and the others name the new primary. Regions that fail are left to their own loop.
 */
function settlingIn(family: Family | undefined): string[] {
  const live = family?.members.filter((member) => member.known === 'live') ?? []
  const settling = live.filter(isSettling)
  const involved = settling.some((member) => member.state === 'Updating') ? live : settling
  return involved.map((member) => member.region)
}

export interface SettlingOptions {
  everyMs: number
  family: (keyId: string) => Family | undefined
  read: (keyId: string, region: string) => Promise<unknown>
  signal: AbortSignal
}

export class Settling {
  readonly #watched = new Set<string>()
  readonly #options: SettlingOptions

  constructor(options: SettlingOptions) {
    this.#options = options
  }

  /** Looks after those of these families that are in a passing state; each once. */
  watch(families: Family[]) {
    for (const family of families) if (settlingIn(family).length > 0) void this.#watch(family.keyId)
  }

  async #watch(keyId: string) {
    if (this.#watched.has(keyId)) return
    this.#watched.add(keyId)
    const { everyMs, family, read, signal } = this.#options
    while (!signal.aborted) {
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined)
      const regions = signal.aborted ? [] : settlingIn(family(keyId))
      if (regions.length === 0) break
      await Promise.all(regions.map((region) => read(keyId, region)))
    }
    this.#watched.delete(keyId)
  }
}
