// The runs of this process: one instance, however often this module is evaluated.

import { env } from '@/lib/env'
import { inventory } from '@/lib/inventory/live'
import { database, jobConnection } from '@/lib/store/database'
import { JobQueue } from '@/lib/store/job-queue'
import { notices } from '@/lib/store/notices'
import { once } from '@/lib/store/singletons'
import { PACE } from './pace'
import type { PartJob } from './restand'
import { Runs } from './runs'

export const runs = (): Runs =>
  once(
    'runs',
    () =>
      new Runs({
        database,
        notices: notices(),
        refreshFamily: (keyId, regions) => inventory().refreshFamily(keyId, regions),
        pace: PACE,
        queue: new JobQueue<PartJob>({
          name: 'run-part',
          connection: jobConnection,
          // The embedded database belongs to one process.
          isAlone: env().DATABASE_URL === undefined,
        }),
      }),
  )
