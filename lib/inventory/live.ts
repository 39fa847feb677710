// The inventory of this process: one instance, however often this module is evaluated.

import { env } from '@/lib/env'
import { regionsToScan } from '@/lib/kms/regions'
import { once } from '@/lib/store/singletons'
import { Inventory } from './inventory'

export const inventory = (): Inventory =>
  once('inventory', () => new Inventory({ regions: regionsToScan(), maxReplicas: env().ATLAS_MAX_REPLICAS }))
