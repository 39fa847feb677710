// The topology as the browser knows it: one cache entry, read whole or one family at a time.

import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { refreshTopologyAction } from '@/lib/actions/refresh-topology'
import { mergeTopology } from '@/lib/topology/delta'
import { familyOf } from '@/lib/topology/family'
import type { Topology } from '@/lib/topology/topology'
import { getFamilyFacts, getTopologySince } from './machine-doors'
import { keyIdsOnScreen } from './on-screen'

/** The event stream wakes this query; the interval only covers a stream that broke, and keeps ages fresh. */
const FALLBACK_MS = 15_000

export const topologyKey = ['topology'] as const

const topologyQuery = queryOptions({
  queryKey: topologyKey,
  queryFn: async ({ client, queryKey, signal }) => {
    const known = client.getQueryData<Topology>(queryKey)
    return mergeTopology(known, await getTopologySince(known?.version, keyIdsOnScreen(), signal))
  },
  refetchInterval: FALLBACK_MS,
  staleTime: FALLBACK_MS,
})

export function useTopology() {
  return useQuery(topologyQuery)
}

/** One family from the same cache entry, so that map and detail never show two truths. */
export function useFamily(keyId: string) {
  return useQuery({ ...topologyQuery, select: (topology) => familyOf(topology, keyId) })
}

export function useRefreshTopology() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: () => refreshTopologyAction({}),
    onSettled: () => queryClient.invalidateQueries({ queryKey: topologyKey }),
  })
}

/** Policy, tags and rotations of every member: read when a family is open, and again when the family changes. */
export const familyFactsQuery = (keyId: string) =>
  queryOptions({
    queryKey: ['family-facts', keyId],
    queryFn: ({ signal }) => getFamilyFacts(keyId, signal),
    staleTime: 30_000,
    refetchInterval: 60_000,
  })

export function useFamilyFacts(keyId: string) {
  return useQuery(familyFactsQuery(keyId))
}
