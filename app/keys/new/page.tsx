import type { Metadata } from 'next'
import { CreateKey } from '@/components/forms/create-primary/create-key'
import { Prefetched } from '@/components/shell/prefetched'
import { loadTopology } from '@/lib/inventory/load-topology'
import { topologyKey } from '@/lib/queries/topology'

export const metadata: Metadata = { title: 'Create key' }

export default function CreateKeyPage() {
  return (
    <Prefetched entries={[{ queryKey: topologyKey, queryFn: loadTopology }]}>
      <CreateKey />
    </Prefetched>
  )
}
