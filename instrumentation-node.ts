// The server process: opens the database, starts the inventory and the runs, and ends all of it when told.

import { env } from '@/lib/env'
import { inventory } from '@/lib/inventory/live'
import { shareQuotas } from '@/lib/kms/shared-tokens'
import { metrics, storedRequests } from '@/lib/metrics/live'
import { closeEventStreams } from '@/lib/runs/event-streams'
import { runs } from '@/lib/runs/live'
import { settings, subscribe } from '@/lib/settings/settings'
import { closeDatabase, database } from '@/lib/store/database'
import { quotaBucketsOf } from '@/lib/store/quota-buckets'

/** What a person can put right is told in one sentence; no stack. */
const sentenceOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

export async function startServer() {
  try {
    env()
    await database()
    await keepToBudget()
  } catch (error) {
    console.error(sentenceOf(error))
    process.exit(1)
  }
  // The embedded database belongs to this process, and so do the quotas.
  if (env().DATABASE_URL) shareQuotas(quotaBucketsOf(database))
  // Before what it measures.
  metrics()
  storedRequests().start()
  inventory().start()
  await runs().start()
  endWhenTold()
}

/** The inventory spends what people have set, from now on and whenever somebody changes it. */
async function keepToBudget() {
  subscribe(({ refreshBudget }) => inventory().setBudget(refreshBudget))
  inventory().setBudget((await settings()).refreshBudget)
}

/** An open event stream would keep the server alive, and a run must be left in a state from which it can go on. */
function endWhenTold() {
  let ending = false
  const end = async () => {
    if (ending) return
    ending = true
    try {
      closeEventStreams()
      await runs().stop()
      await inventory().stop()
      await storedRequests().stop()
      await closeDatabase()
      process.exit(0)
    } catch (error) {
      console.error('The server did not end cleanly', error)
      process.exit(1)
    }
  }
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(event, () => void end())
}
