'use client'

import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import ProgressBar from '@cloudscape-design/components/progress-bar'
import SpaceBetween from '@cloudscape-design/components/space-between'
import dynamic from 'next/dynamic'
import { useClock } from '@/components/shell/use-clock'
import type { SettingsView } from '@/lib/queries/machine-doors'
import { USD_PER_REQUEST } from '@/lib/topology/price'
import { allRequests, projectedUsd } from '@/lib/topology/requests'
import { CHART_HEIGHT } from './chart-height'
import { RequestsTable } from './requests-table'
import { number, usd } from './settings-words'

const RequestsChart = dynamic(() => import('./requests-chart').then((module) => module.RequestsChart), {
  ssr: false,
  // As high as what comes, so that nothing jumps.
  loading: () => <div style={{ height: CHART_HEIGHT + 120 }} />,
})

/** A month such as `2026-11` in words. */
const monthInWords = (month: string) =>
  new Intl.DateTimeFormat('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${month}-01`))

/** What has been asked of KMS this calendar month, by whom, and what it costs. */
export function CostOfRequests({ view: { requests, refreshing, settings } }: { view: SettingsView }) {
  const { background, run, total, usd: spent } = allRequests(requests)
  const most = settings.refreshBudget.watchedUsdPerMonth
  const onReading = background * USD_PER_REQUEST
  const projected = useClock(
    (now) => (refreshing ? usd(projectedUsd(requests, refreshing.usdPerMonth, now)) : 'Not known yet'),
    '…',
  )
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`Requests to KMS in ${monthInWords(requests.month)}, UTC, at 0.03 USD for 10,000. The 20,000 that AWS gives free each month are not taken off; proofs with asymmetric keys other than RSA_2048 cost five times as much.`}
        >
          Cost
        </Header>
      }
    >
      <SpaceBetween size="l">
        <KeyValuePairs
          columns={4}
          items={[
            { label: 'So far', value: usd(spent) },
            { label: 'At the end of the month, at the present pace', value: projected },
            { label: 'Background requests', value: number(background) },
            { label: 'Requests of people and runs', value: number(run) },
          ]}
        />
        <ProgressBar
          label="Of the budget for reading"
          value={Math.min(100, (onReading / most) * 100)}
          additionalInfo={`${usd(onReading)} of ${usd(most)}`}
        />
        {total === 0 ? (
          <Box color="text-body-secondary">Nothing has been asked of KMS this month yet.</Box>
        ) : (
          <SpaceBetween size="l">
            <RequestsChart requests={requests} />
            <RequestsTable requests={requests} />
          </SpaceBetween>
        )}
      </SpaceBetween>
    </Container>
  )
}
