// The first read of a page: the snapshot as soon as every Region has been tried once.

import type { Topology } from '@/lib/topology/topology'
import { inventory } from './live'

export async function loadTopology(): Promise<Topology> {
  inventory().seen()
  await inventory().ready()
  return inventory().topology()
}
