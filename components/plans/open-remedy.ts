// Opening the plan of a remedy: what it leaves open is chosen from the topology of this moment.

import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { topologyKey } from '@/lib/queries/topology'
import { completeRemedy } from '@/lib/topology/remedies'
import type { RequestData, Topology } from '@/lib/topology/topology'
import { useOpenPlan } from './open-plan'

/** `openRemedy(request)` opens the review of the plan that mends a finding. */
export function useOpenRemedy() {
  const openPlan = useOpenPlan()
  const client = useQueryClient()
  return useCallback(
    (request: RequestData) => {
      const topology = client.getQueryData<Topology>(topologyKey)
      openPlan(topology ? completeRemedy(request, topology) : request)
    },
    [client, openPlan],
  )
}
