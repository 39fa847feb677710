'use client'

import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import { Link } from '@/components/shell/link'
import type { SettingsView } from '@/lib/queries/machine-doors'

const modes = { emulator: 'The built-in emulator', aws: 'AWS, by the SDK’s own credential chain' } as const
const databases = { embedded: 'Embedded, in the data folder', postgresql: 'PostgreSQL, at DATABASE_URL' } as const

function scannerOf(refreshing: SettingsView['refreshing']) {
  if (refreshing === null) return 'Not known yet'
  return refreshing.here ? 'This process' : 'Another process on the same database'
}

/** What this is, and what it is connected to. */
export function About({ view: { about, refreshing } }: { view: SettingsView }) {
  const { version, mode, endpoint, database, quotaShare, node } = about
  return (
    <Container header={<Header variant="h2">About</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          { label: 'Version', value: `KMS Atlas ${version}, Node.js ${node}` },
          { label: 'Keys come from', value: modes[mode] },
          { label: 'Endpoint of KMS', value: endpoint ?? 'That of AWS in each Region' },
          { label: 'Database', value: databases[database] },
          {
            label: 'Regions are read by',
            value: scannerOf(refreshing),
          },
          {
            label: 'Request quotas',
            value: `Background reads take at most ${quotaShare} % of each (ATLAS_QUOTA_SHARE)`,
          },
          {
            label: 'For monitors',
            value: (
              <Link href="/api/metrics" external>
                Prometheus metrics
              </Link>
            ),
          },
        ]}
      />
    </Container>
  )
}
