// The registry: product metrics and those of the process, collected anew for each scrape.

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { onScan } from '@/lib/inventory/scans'
import { type MetricSources, productMetrics } from './product-metrics'

/** Seconds: a sweep of a near Region takes a few hundredths, a scan of a thousand keys across the world half a minute. */
const SCAN_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/** A registry of its own, so that several can stand side by side; `metrics()` answers the Prometheus text. */
export function newRegistry(sources: MetricSources & { onScan: typeof onScan }): Registry {
  const registry = new Registry()
  for (const { type, samples, labels, ...named } of productMetrics) {
    const configuration = { ...named, labelNames: labels, registers: [registry] }
    if (type === 'gauge') {
      new Gauge({
        ...configuration,
        async collect() {
          const collected = await samples(sources)
          this.reset()
          for (const { labels, value } of collected) this.set(labels, value)
          // Without labels it would be 0, which says something else than nothing.
          if (collected.length === 0 && labels.length === 0) this.remove()
        },
      })
    } else {
      new Counter({
        ...configuration,
        async collect() {
          const collected = await samples(sources)
          this.reset()
          for (const { labels, value } of collected) this.inc(labels, value)
        },
      })
    }
  }
  const scans = new Histogram({
    name: 'kms_atlas_scan_duration_seconds',
    help: 'How long reading a Region took, however it ended: scan describes every key, sweep only new ones.',
    labelNames: ['region', 'what'],
    buckets: SCAN_BUCKETS,
    registers: [registry],
  })
  sources.onScan(({ region, full, seconds }) => scans.observe({ region, what: full ? 'scan' : 'sweep' }, seconds))
  collectDefaultMetrics({ register: registry })
  return registry
}
