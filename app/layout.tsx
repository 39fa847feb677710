// The frame of every page: document, colour scheme, queries, navigation.

import '@cloudscape-design/global-styles/index.css'
import './globals.css'
import type { Metadata, Viewport } from 'next'
import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { AppShell } from '@/components/shell/app-shell'
import { DARK_CLASS, SCHEME_COOKIE, schemeScript } from '@/components/shell/colour-scheme'
import { Prefetched } from '@/components/shell/prefetched'
import { Providers } from '@/components/shell/providers'
import { env } from '@/lib/env'
import { loadTopology } from '@/lib/inventory/load-topology'
import { topologyKey } from '@/lib/queries/topology'

export const metadata: Metadata = {
  title: { default: 'KMS Atlas', template: '%s · KMS Atlas' },
  description: 'AWS KMS multi-Region keys: topology and disaster-recovery operations',
}

export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' }

export default async function RootLayout({ children }: { children: ReactNode }) {
  const chosen = (await cookies()).get(SCHEME_COOKIE)?.value
  const dark = chosen === 'dark'
  return (
    <html lang="en" suppressHydrationWarning>
      <body className={dark ? DARK_CLASS : undefined} suppressHydrationWarning>
        {/* Before the first paint: without a choice of the person, the system's scheme counts. */}
        <script>{schemeScript}</script>
        <Providers>
          {/* Here and not in the pages: the frame reads the topology too, and it should be sent once. */}
          <Prefetched entries={[{ queryKey: topologyKey, queryFn: loadTopology }]}>
            <AppShell training={env().ATLAS_TRAINING_URL !== undefined} endpoint={env().AWS_ENDPOINT_URL_KMS ?? null}>
              {children}
            </AppShell>
          </Prefetched>
        </Providers>
      </body>
    </html>
  )
}
