// The inventory of this process: one instance, however often this module is evaluated.

import { env } from '@/lib/env'
import { regionsToScan } from '@/lib/kms/regions'
import { database } from '@/lib/store/database'
import { leadership } from '@/lib/store/leadership'
import { notices } from '@/lib/store/notices'
import { once } from '@/lib/store/singletons'
import { tellScan } from './scans'
import { SharedInventory } from './shared-inventory'

export const inventory = (): SharedInventory =>
  once(
    'inventory',
    () =>
      new SharedInventory({
        regions: regionsToScan(),
        maxReplicas: env().ATLAS_MAX_REPLICAS,
        database,
        notices: env().DATABASE_URL ? notices() : null,
        leadership: leadership(),
        scanned: tellScan,
      }),
  )
