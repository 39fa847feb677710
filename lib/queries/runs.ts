// Runs as the browser knows them: the list, and one with its live steps.

import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { startRunAction } from '@/lib/actions/start-run'
import { steerRunAction } from '@/lib/actions/steer-run'
import { hasEnded } from '@/lib/plans/run'
import type { StartRunRequest } from '@/lib/plans/start-run'
import { getRun, getRunPart, getRuns } from './machine-doors'

/** The event stream wakes these queries; the intervals only cover a stream that broke. */
const LIST_FALLBACK_MS = 15_000
const RUN_FALLBACK_MS = 3_000

export const runsKey = ['runs'] as const

export const runsQuery = queryOptions({
  queryKey: [...runsKey, 'list'],
  queryFn: async ({ signal }) => (await getRuns(signal)).runs,
  refetchInterval: LIST_FALLBACK_MS,
})

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: [...runsKey, 'one', id],
    queryFn: ({ signal }) => getRun(id, signal),
    refetchInterval: ({ state }) => (state.data && hasEnded(state.data) ? false : RUN_FALLBACK_MS),
  })

export function useRuns() {
  return useQuery(runsQuery)
}

export function useRun(id: string) {
  return useQuery(runQuery(id))
}

/** One part of a run with its steps; `goesOn` while they may change. */
export function useRunPart(id: string, part: number, goesOn: boolean) {
  return useQuery({
    queryKey: [...runsKey, 'part', id, part],
    queryFn: ({ signal }) => getRunPart(id, part, signal),
    refetchInterval: goesOn ? RUN_FALLBACK_MS : false,
  })
}

export function useStartRun() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (request: StartRunRequest) => startRunAction(request),
    onSettled: () => queryClient.invalidateQueries({ queryKey: runsKey }),
  })
}

export type Steering = Parameters<typeof steerRunAction>[0]

export function useSteerRun() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (steering: Steering) => steerRunAction(steering),
    onSettled: () => queryClient.invalidateQueries({ queryKey: runsKey }),
  })
}
