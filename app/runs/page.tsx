import type { Metadata } from 'next'
import { RunsScreen } from '@/components/runs/runs-screen'
import { Prefetched } from '@/components/shell/prefetched'
import { LISTED_RUNS } from '@/lib/plans/run'
import { runsQuery } from '@/lib/queries/runs'
import { runs } from '@/lib/runs/live'

export const metadata: Metadata = { title: 'Runs' }

export default function RunsPage() {
  return (
    <Prefetched entries={[{ queryKey: runsQuery.queryKey, queryFn: () => runs().list(LISTED_RUNS) }]}>
      <RunsScreen />
    </Prefetched>
  )
}
