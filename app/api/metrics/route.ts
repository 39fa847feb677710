import { door } from '@/app/api/door'
import { metrics } from '@/lib/metrics/live'

/** Prometheus text. A scrape asks nobody but the database, and does not count as somebody watching. */
export const GET = door(async () => {
  const registry = metrics()
  return new Response(await registry.metrics(), {
    headers: { 'content-type': registry.contentType, 'cache-control': 'no-store' },
  })
})
