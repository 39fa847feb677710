// The registry: product metrics and those of the process, collected anew for each scrape.

import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { type MetricSources, productMetrics } from './product-metrics'

/** A registry of its own, so that several can stand side by side; `metrics()` answers the Prometheus text. */
export function newRegistry(sources: MetricSources): Registry {
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
  collectDefaultMetrics({ register: registry })
  return registry
}
