'use client'

import { I18nProvider } from '@cloudscape-design/components/i18n'
import enMessages from '@cloudscape-design/components/i18n/messages/all.en'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { DoorError } from '@/lib/queries/machine-doors'

const RETRIES = 2

/** What the server refused will be refused again; only a silent server is asked once more. */
const mayRetry = (failures: number, error: Error) =>
  failures < RETRIES && (!(error instanceof DoorError) || error.code === 'unavailable')

export function Providers({ children }: { children: ReactNode }) {
  const [queryClient] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: mayRetry } } }))
  return (
    <QueryClientProvider client={queryClient}>
      <I18nProvider locale="en" messages={[enMessages]}>
        {children}
      </I18nProvider>
    </QueryClientProvider>
  )
}
