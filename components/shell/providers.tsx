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

/** A browser without a network still reaches a dashboard on its own machine: requests are never held back. */
const networkMode = 'always' as const

const defaultOptions = { queries: { retry: mayRetry, networkMode }, mutations: { networkMode } }

export function Providers({ children }: { children: ReactNode }) {
  const [queryClient] = useState(() => new QueryClient({ defaultOptions }))
  return (
    <QueryClientProvider client={queryClient}>
      <I18nProvider locale="en" messages={[enMessages]}>
        {children}
      </I18nProvider>
    </QueryClientProvider>
  )
}
