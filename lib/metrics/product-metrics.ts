// Product metrics: what a monitor is told of KMS Atlas, as a table of metrics and how each is read.

import type { CallCount } from '@/lib/kms/call-counts'
import { blindSpotsOf } from '@/lib/topology/blind-spots'
import type { Refreshing } from '@/lib/topology/refreshing'
import { allRequests, type MonthOfRequests } from '@/lib/topology/requests'
import type { Topology } from '@/lib/topology/topology'

/** Where the numbers come from; all of it is known already, nobody is asked for a scrape but the database. */
export interface MetricSources {
  topology: () => Topology
  calls: () => CallCount[]
  /** Runs by status; null when the database does not answer. */
  runs: () => Promise<Record<string, number> | null>
  /** Null while it is not known. */
  refreshing: () => Refreshing | null
  /** Of this month, by all processes; null when the database does not answer. */
  requests: () => Promise<MonthOfRequests | null>
  /** Milliseconds since 1970. */
  now: () => number
}

export interface Sample {
  labels: Record<string, string>
  value: number
}

interface ProductMetric {
  name: string
  help: string
  type: 'counter' | 'gauge'
  labels: readonly string[]
  samples: (sources: MetricSources) => Sample[] | Promise<Sample[]>
}

/** One sample for each different set of labels, with how many of the items have it. */
function countBy<T>(items: Iterable<T>, labelsOf: (item: T) => Record<string, string>): Sample[] {
  const samples = new Map<string, Sample>()
  for (const item of items) {
    const labels = labelsOf(item)
    const name = JSON.stringify(labels)
    const sample = samples.get(name)
    if (sample) sample.value += 1
    else samples.set(name, { labels, value: 1 })
  }
  return [...samples.values()]
}

/** Of a number that is there once refreshing is known. */
const ofRefreshing =
  (numberOf: (refreshing: Refreshing) => number) =>
  ({ refreshing }: MetricSources): Sample[] => {
    const known = refreshing()
    return known ? [{ labels: {}, value: numberOf(known) }] : []
  }

export const productMetrics: readonly ProductMetric[] = [
  {
    name: 'kms_atlas_kms_requests_total',
    help: 'Requests sent to KMS by this process since its start; purpose run includes people, who read a key before they change it.',
    type: 'counter',
    labels: ['region', 'operation', 'purpose', 'outcome'],
    samples: ({ calls }) => calls().map(({ count, ...labels }) => ({ labels, value: count })),
  },
  {
    name: 'kms_atlas_region_readable',
    help: '1 while keys and aliases of the Region can be read, else 0.',
    type: 'gauge',
    labels: ['region'],
    samples: ({ topology }) =>
      topology().regions.map(({ name, status }) => ({ labels: { region: name }, value: status === 'ok' ? 1 : 0 })),
  },
  {
    name: 'kms_atlas_snapshot_age_seconds',
    help: 'Seconds since the last good reading of the Region; absent while there has been none.',
    type: 'gauge',
    labels: ['region'],
    samples: ({ topology, now }) =>
      topology().regions.flatMap(({ name, asOf }) =>
        asOf === null ? [] : [{ labels: { region: name }, value: Math.max(0, now() - Date.parse(asOf)) / 1000 }],
      ),
  },
  {
    name: 'kms_atlas_snapshot_version',
    help: 'Version of the snapshot; it rises with each change that was seen.',
    type: 'gauge',
    labels: [],
    samples: ({ topology }) => [{ labels: {}, value: topology().version }],
  },
  {
    name: 'kms_atlas_families',
    help: 'Key families: a multi-Region primary key with its replica keys.',
    type: 'gauge',
    labels: [],
    samples: ({ topology }) => [{ labels: {}, value: topology().families.length }],
  },
  {
    name: 'kms_atlas_members',
    help: 'Multi-Region keys by Region and key state.',
    type: 'gauge',
    labels: ['region', 'state'],
    samples: ({ topology }) =>
      countBy(
        topology().families.flatMap(({ members }) => members),
        ({ region, state }) => ({ region, state }),
      ),
  },
  {
    name: 'kms_atlas_findings',
    help: 'Findings of all families by kind and severity.',
    type: 'gauge',
    labels: ['id', 'severity'],
    samples: ({ topology }) =>
      countBy(
        topology().families.flatMap(({ findings }) => findings),
        ({ id, severity }) => ({ id, severity }),
      ),
  },
  {
    name: 'kms_atlas_blind_spots',
    help: 'What could not be read: 1 for each Region and part (region, keys, aliases, descriptions or rotation).',
    type: 'gauge',
    labels: ['region', 'part'],
    samples: ({ topology }) => countBy(blindSpotsOf(topology()), ({ region, part }) => ({ region, part })),
  },
  {
    name: 'kms_atlas_runs',
    help: 'Runs by status, all that are kept; absent while the database does not answer.',
    type: 'gauge',
    labels: ['status'],
    samples: async ({ runs }) =>
      Object.entries((await runs()) ?? {}).map(([status, value]) => ({ labels: { status }, value })),
  },
  {
    name: 'kms_atlas_request_budget_usd',
    help: 'What reading may cost in 30 days, in USD: at most, and while nobody watches.',
    type: 'gauge',
    labels: ['watching'],
    samples: ({ refreshing }) => {
      const budget = refreshing()?.budget
      if (!budget) return []
      return [
        { labels: { watching: 'yes' }, value: budget.watchedUsdPerMonth },
        { labels: { watching: 'no' }, value: budget.unwatchedUsdPerMonth },
      ]
    },
  },
  {
    name: 'kms_atlas_request_budget_saved_requests',
    help: 'Requests that are saved up for the time when somebody watches; below zero after what could not wait.',
    type: 'gauge',
    labels: [],
    samples: ofRefreshing(({ budget }) => budget.saved),
  },
  {
    name: 'kms_atlas_refresh_pace_usd',
    help: 'What reading at the present pace would cost in 30 days, in USD.',
    type: 'gauge',
    labels: [],
    samples: ofRefreshing(({ usdPerMonth }) => usdPerMonth),
  },
  {
    name: 'kms_atlas_refresh_period_seconds',
    help: 'Seconds from one reading to the next at the present pace: lists of keys, of aliases, families on open screens, all other members.',
    type: 'gauge',
    labels: ['what'],
    samples: ({ refreshing }) =>
      Object.entries(refreshing()?.periods ?? {}).map(([what, value]) => ({ labels: { what }, value })),
  },
  {
    name: 'kms_atlas_watched',
    help: '1 while somebody reads a screen or the topology, else 0.',
    type: 'gauge',
    labels: [],
    samples: ofRefreshing(({ watched }) => (watched ? 1 : 0)),
  },
  {
    name: 'kms_atlas_month_requests',
    help: 'Requests of this calendar month (UTC) by all processes on the same database; absent while it does not answer.',
    type: 'gauge',
    labels: ['purpose'],
    samples: async ({ requests }) => {
      const month = await requests()
      if (!month) return []
      const { background, run } = allRequests(month)
      return [
        { labels: { purpose: 'background' }, value: background },
        { labels: { purpose: 'run' }, value: run },
      ]
    },
  },
]
