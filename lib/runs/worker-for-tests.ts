// For tests: a process that carries out runs on a PostgreSQL (`DATABASE_URL`), as a dashboard would, until it is killed.

import { shareQuotas } from '@/lib/kms/shared-tokens'
import { openPostgres } from '@/lib/store/database'
import { JobQueue } from '@/lib/store/job-queue'
import { SharedNotices } from '@/lib/store/notices'
import { quotaBucketsOf } from '@/lib/store/quota-buckets'
import { PACE } from './pace'
import type { PartJob } from './restand'
import { Runs } from './runs'

const url = process.env.DATABASE_URL ?? ''
const store = await openPostgres(url)
const database = async () => store.db
shareQuotas(quotaBucketsOf(database))
const runs = new Runs({
  database,
  notices: new SharedNotices(url),
  refreshFamily: async () => undefined,
  pace: { ...PACE, pollMs: 200 },
  queue: new JobQueue<PartJob>({ name: 'run-part', connection: async () => store.jobs, isAlone: false }),
})
await runs.start()
process.send?.('at work')
