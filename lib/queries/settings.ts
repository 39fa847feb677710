// Settings as the browser knows them: what is set, how refreshing goes, and what this month has cost.

import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { saveSettingsAction } from '@/lib/actions/save-settings'
import { getSettings } from './machine-doors'

/** Pace and requests move all the time; nobody needs them more often. */
const EVERY_MS = 15_000

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => getSettings(signal),
  refetchInterval: EVERY_MS,
})

export function useSettings() {
  return useQuery(settingsQuery)
}

type SettingsPatch = Parameters<typeof saveSettingsAction>[0]

export function useSaveSettings() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (patch: SettingsPatch) => saveSettingsAction(patch),
    // What is stored now, so that the form does not show the old amounts until the next answer.
    onSuccess: (answer) => {
      if (!answer.ok) return
      queryClient.setQueryData(settingsQuery.queryKey, (view) => view && { ...view, settings: answer.value })
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: settingsQuery.queryKey }),
  })
}
