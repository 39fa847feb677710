import type { Metadata } from 'next'
import { SettingsScreen } from '@/components/settings/settings-screen'
import { Prefetched } from '@/components/shell/prefetched'
import { settingsQuery } from '@/lib/queries/settings'
import { readSettingsView } from './settings-view'

export const metadata: Metadata = { title: 'Settings' }

export default function SettingsPage() {
  return (
    <Prefetched entries={[{ queryKey: settingsQuery.queryKey, queryFn: readSettingsView }]}>
      <SettingsScreen />
    </Prefetched>
  )
}
