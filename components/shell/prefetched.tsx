// A page's first data, read on the server and handed to the same queries that the browser goes on with.

import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'

interface Entry {
  queryKey: readonly unknown[]
  queryFn: () => Promise<unknown>
}

export async function Prefetched({ entries, children }: { entries: Entry[]; children: ReactNode }) {
  const queryClient = new QueryClient()
  await Promise.all(entries.map((entry) => queryClient.prefetchQuery(entry)))
  return <HydrationBoundary state={dehydrate(queryClient)}>{children}</HydrationBoundary>
}
