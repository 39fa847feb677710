import type { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Inventory } from '@/lib/inventory/inventory'
import { onScan, tellScan } from '@/lib/inventory/scans'
import { startEmulator, type TestEmulator } from '@/lib/kms/emulator-for-tests'
import { callCounts } from '@/lib/kms/pacing'
import type { MonthOfRequests } from '@/lib/topology/requests'
import { type ReadMetric, readPrometheusText } from './prometheus-text-for-tests'
import { newRegistry } from './registry'

const REGIONS = ['eu-west-1', 'us-east-1']
const SILENT = 'ap-southeast-1'
const REQUESTS: MonthOfRequests = {
  month: '2026-11',
  counts: [
    { region: 'us-east-1', operation: 'ListKeys', purpose: 'background', count: 900 },
    { region: 'eu-west-1', operation: 'ListKeys', purpose: 'background', count: 100 },
    { region: 'us-east-1', operation: 'Encrypt', purpose: 'run', count: 3 },
  ],
}
const RUNS = { queued: 0, running: 2, succeeded: 40 }

let emulator: TestEmulator
let inventory: Inventory
/** Made before anything is read, as in a server. */
let registry: Registry

beforeAll(async () => {
  emulator = await startEmulator('demo')
  await emulator.fault(SILENT, 'unreachable')
  inventory = new Inventory({ regions: [SILENT, ...REGIONS], maxReplicas: 10, scanned: tellScan })
  registry = registryWith()
  await inventory.refresh()
})
afterAll(async () => {
  inventory?.stop()
  await emulator?.stop()
})

const registryWith = (other: Partial<Parameters<typeof newRegistry>[0]> = {}) =>
  newRegistry({
    topology: () => inventory.topology(),
    calls: callCounts,
    runs: async () => RUNS,
    refreshing: () => inventory.refreshing(),
    requests: async () => REQUESTS,
    onScan,
    now: () => Date.now() + 60_000,
    ...other,
  })

const scrape = async (from = registry) => readPrometheusText(await from.metrics())

/** The value of the only sample with these labels, and perhaps more. */
function readingOf(metric: ReadMetric | undefined, labels: Record<string, string> = {}): number | undefined {
  const fits = metric?.samples.filter((sample) =>
    Object.entries(labels).every(([name, value]) => sample.labels[name] === value),
  )
  expect(fits?.length).toBeLessThanOrEqual(1)
  return fits?.[0]?.value
}
const sumOf = (metric: ReadMetric | undefined) => metric?.samples.reduce((sum, { value }) => sum + value, 0)

describe('the metrics', () => {
  it('count the requests as the other side has counted them', async () => {
    const requests = (await scrape()).get('kms_atlas_kms_requests_total')
    expect(requests?.type).toBe('counter')
    for (const region of REGIONS) {
      for (const operation of ['ListKeys', 'ListAliases', 'DescribeKey']) {
        const counted = readingOf(requests, { region, operation, purpose: 'background', outcome: 'ok' })
        expect(counted).toBeGreaterThan(0)
        expect(counted).toBe(await emulator.calls(region, operation))
      }
    }
    expect(requests?.samples.filter(({ labels }) => labels.region === SILENT && labels.outcome === 'ok')).toEqual([])
    expect(readingOf(requests, { region: SILENT, operation: 'ListKeys', outcome: 'unreachable' })).toBeGreaterThan(0)
  })

  it('tell of the snapshot, and how old it is by Region', async () => {
    const topology = inventory.topology()
    const metrics = await scrape()
    expect(readingOf(metrics.get('kms_atlas_snapshot_version'))).toBe(topology.version)
    expect(readingOf(metrics.get('kms_atlas_families'))).toBe(topology.families.length)
    expect(sumOf(metrics.get('kms_atlas_members'))).toBe(topology.families.flatMap(({ members }) => members).length)
    expect(readingOf(metrics.get('kms_atlas_members'), { region: 'us-east-1', state: 'Enabled' })).toBeGreaterThan(0)
    const findings = topology.families.flatMap((family) => family.findings)
    expect(findings.length).toBeGreaterThan(0)
    expect(sumOf(metrics.get('kms_atlas_findings'))).toBe(findings.length)

    expect(readingOf(metrics.get('kms_atlas_region_readable'), { region: 'us-east-1' })).toBe(1)
    expect(readingOf(metrics.get('kms_atlas_region_readable'), { region: SILENT })).toBe(0)
    expect(readingOf(metrics.get('kms_atlas_blind_spots'), { region: SILENT })).toBe(1)
    expect(readingOf(metrics.get('kms_atlas_blind_spots'), { region: 'us-east-1' })).toBeUndefined()
    expect(readingOf(metrics.get('kms_atlas_snapshot_age_seconds'), { region: 'us-east-1' })).toBeGreaterThanOrEqual(60)
    expect(readingOf(metrics.get('kms_atlas_snapshot_age_seconds'), { region: SILENT })).toBeUndefined()
  })

  it('tell how long reading a Region took', async () => {
    const scans = (await scrape()).get('kms_atlas_scan_duration_seconds')
    expect(scans?.type).toBe('histogram')
    const counted = (region: string) =>
      scans?.samples.find(({ name, labels }) => name.endsWith('_count') && labels.region === region)?.value
    for (const region of [SILENT, ...REGIONS]) expect(counted(region)).toBe(1)
    tellScan({ region: 'us-east-1', full: false, status: 'ok', seconds: 0.2 })
    const after = (await scrape()).get('kms_atlas_scan_duration_seconds')
    const bucket = (what: string, le: string) =>
      after?.samples.find(({ labels }) => labels.region === 'us-east-1' && labels.what === what && labels.le === le)
        ?.value
    expect(bucket('sweep', '0.1')).toBe(0)
    expect(bucket('sweep', '0.25')).toBe(1)
    expect(bucket('scan', '+Inf')).toBe(1)
  })

  it('tell of the budget for reading, the pace, and the requests of the month', async () => {
    const metrics = await scrape()
    expect(readingOf(metrics.get('kms_atlas_request_budget_usd'), { watching: 'yes' })).toBe(5)
    expect(readingOf(metrics.get('kms_atlas_request_budget_usd'), { watching: 'no' })).toBe(1)
    expect(readingOf(metrics.get('kms_atlas_request_budget_saved_requests'))).toBeGreaterThan(0)
    expect(readingOf(metrics.get('kms_atlas_refresh_pace_usd'))).toBeGreaterThan(0)
    const { periods } = inventory.refreshing()
    expect(readingOf(metrics.get('kms_atlas_refresh_period_seconds'), { what: 'keys' })).toBeCloseTo(periods.keys)
    expect(readingOf(metrics.get('kms_atlas_month_requests'), { purpose: 'background' })).toBe(1_000)
    expect(readingOf(metrics.get('kms_atlas_month_requests'), { purpose: 'run' })).toBe(3)

    const unknown = await scrape(registryWith({ refreshing: () => null }))
    expect(unknown.get('kms_atlas_request_budget_usd')?.samples).toEqual([])
    expect(unknown.get('kms_atlas_refresh_period_seconds')?.samples).toEqual([])
    expect(unknown.get('kms_atlas_watched')?.samples).toEqual([])
  })

  it('tell of runs and of the process, and of all the rest while the database is silent', async () => {
    const metrics = await scrape()
    for (const [status, many] of Object.entries(RUNS)) {
      expect(readingOf(metrics.get('kms_atlas_runs'), { status })).toBe(many)
    }
    expect(readingOf(metrics.get('process_resident_memory_bytes'))).toBeGreaterThan(0)
    expect(metrics.has('nodejs_eventloop_lag_seconds')).toBe(true)

    const silent = await scrape(registryWith({ runs: async () => null, requests: async () => null }))
    expect(silent.get('kms_atlas_runs')?.samples).toEqual([])
    expect(silent.get('kms_atlas_month_requests')?.samples).toEqual([])
    expect(silent.get('kms_atlas_families')?.samples).toHaveLength(1)
  })

  it('escape what stands in labels, and take nothing twice', async () => {
    const odd = 'a "quote", a \\ and\na line'
    const calls: ReturnType<typeof callCounts> = [
      { region: odd, operation: 'ListKeys', purpose: 'run', outcome: 'ok', count: 3 },
    ]
    const ofOdd = registryWith({ calls: () => calls })
    await scrape(ofOdd)
    const requests = (await scrape(ofOdd)).get('kms_atlas_kms_requests_total')
    expect(requests?.samples).toEqual([
      {
        name: 'kms_atlas_kms_requests_total',
        labels: { region: odd, operation: 'ListKeys', purpose: 'run', outcome: 'ok' },
        value: 3,
      },
    ])
  })
})

describe('the reader of these tests', () => {
  const head = '# HELP a_total Some.\n# TYPE a_total counter\n'
  it.each([
    ['a sample before its head', 'a_total 1\n'],
    ['a last line without an end', `${head}a_total 1`],
    ['a sample of another metric', `${head}b_total 1\n`],
    ['a number that is none', `${head}a_total one\n`],
    ['an unescaped quote', `${head}a_total{b="c"d"} 1\n`],
    ['a series twice', `${head}a_total{b="c"} 1\na_total{b="c"} 2\n`],
    ['a metric twice', `${head}a_total 1\n${head}`],
    ['a type that is none', '# HELP a Some.\n# TYPE a number\na 1\n'],
    ['buckets without the last', '# HELP h Some.\n# TYPE h histogram\nh_bucket{le="1"} 1\nh_sum 1\nh_count 1\n'],
  ])('refuses %s', (_, text) => {
    expect(() => readPrometheusText(text)).toThrow()
  })
})
