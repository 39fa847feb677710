import type { Metadata } from 'next'
import { Overview } from '@/components/overview/overview'
import { Prefetched } from '@/components/shell/prefetched'
import { loadTopology } from '@/lib/inventory/load-topology'
import { topologyKey } from '@/lib/queries/topology'

export const metadata: Metadata = { title: 'Overview' }

export default function OverviewPage() {
  return (
    <Prefetched entries={[{ queryKey: topologyKey, queryFn: loadTopology }]}>
      <Overview />
    </Prefetched>
  )
}
