// Plans as the browser asks for them: made afresh for each request, never taken from a cache of earlier reviews.

import { queryOptions, useQuery } from '@tanstack/react-query'
import { makePlanAction } from '@/lib/actions/make-plan'
import type { RequestData } from '@/lib/topology/topology'

/**
 * The plan for a request, or a refusal with messages at its fields. It is read once and stays as it was reviewed,
 * until `refetch` makes it again ("review it again").
 */
const planQuery = (request: RequestData) =>
  queryOptions({
    queryKey: ['plan', request],
    queryFn: () => makePlanAction(request),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    retry: false,
  })

/** Null asks for nothing: the form is not complete yet. */
export function usePlan(request: RequestData | null) {
  return useQuery({ ...planQuery(request ?? { kind: '' }), enabled: request !== null })
}
