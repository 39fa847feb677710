// The training switch as the browser uses it; there is none on real AWS.

import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { listTrainedRegionsAction, trainRegionAction } from '@/lib/actions/train'
import type { RegionFault } from '@/lib/topology/training'

const trainedRegionsQuery = queryOptions({
  queryKey: ['training'],
  queryFn: () => listTrainedRegionsAction({}),
})

export function useTrainedRegions(enabled: boolean) {
  return useQuery({ ...trainedRegionsQuery, enabled })
}

export function useTrainRegion() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (training: { region: string; fault: RegionFault | null; forSeconds?: number }) =>
      trainRegionAction(training),
    onSettled: () => queryClient.invalidateQueries({ queryKey: trainedRegionsQuery.queryKey }),
  })
}
