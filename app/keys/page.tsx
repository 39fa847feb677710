import type { Metadata } from 'next'
import { KeysScreen } from '@/components/keys/keys-screen'
import { Prefetched } from '@/components/shell/prefetched'
import { loadTopology } from '@/lib/inventory/load-topology'
import { topologyKey } from '@/lib/queries/topology'

export const metadata: Metadata = { title: 'Keys' }

export default function KeysPage() {
  return (
    <Prefetched entries={[{ queryKey: topologyKey, queryFn: loadTopology }]}>
      <KeysScreen />
    </Prefetched>
  )
}
