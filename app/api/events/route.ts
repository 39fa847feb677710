import { door } from '@/app/api/door'
import { openEventStream } from '@/lib/runs/event-streams'

/** Server-Sent Events: `topology` with a version, `run` with an id. */
export const GET = door((request) => {
  return new Response(openEventStream(request.signal), {
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    },
  })
})
