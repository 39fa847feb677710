'use client'

import BarChart from '@cloudscape-design/components/bar-chart'
import { useMemo } from 'react'
import { type MonthOfRequests, requestsBy } from '@/lib/topology/requests'
import { CHART_HEIGHT } from './chart-height'
import { number } from './settings-words'

/** More bars would be too thin to tell apart; the table has them all. */
const MOST_BARS = 8

/** Requests by operation, as bars. */
export function RequestsChart({ requests }: { requests: MonthOfRequests }) {
  const groups = useMemo(() => requestsBy('operation', requests).slice(0, MOST_BARS), [requests])
  const most = Math.max(...groups.map(({ total }) => total))
  return (
    <BarChart
      horizontalBars
      stackedBars
      hideFilter
      height={CHART_HEIGHT}
      xScaleType="categorical"
      xDomain={groups.map(({ name }) => name)}
      yDomain={[0, most]}
      yTitle="Requests this month"
      series={[
        {
          title: 'Background',
          type: 'bar',
          valueFormatter: number,
          data: groups.map(({ name, background }) => ({ x: name, y: background })),
        },
        {
          title: 'People and runs',
          type: 'bar',
          valueFormatter: number,
          data: groups.map(({ name, run }) => ({ x: name, y: run })),
        },
      ]}
      i18nStrings={{ yTickFormatter: number }}
      ariaLabel="Requests to KMS this month by operation"
      empty="Nothing has been asked of KMS this month yet."
    />
  )
}
