// Event streams: tells open pages what is new, as Server-Sent Events. Ids and versions only, never content.

import { inventory } from '@/lib/inventory/live'
import { once } from '@/lib/store/singletons'
import { runs } from './live'

/** Proxies and browsers give up on a connection that says nothing. */
const COMMENT_MS = 15_000

/** A run over many families changes many times a second: nobody reads it that often. */
const RUN_AGAIN_MS = 250

/** Tells of an id at once, and then at most once in so long. */
function sparingly(tell: (id: string) => void, ms: number) {
  const resting = new Map<string, { isNews: boolean; timer: NodeJS.Timeout }>()
  const rest = (id: string) => {
    const timer = setTimeout(() => {
      const { isNews = false } = resting.get(id) ?? {}
      resting.delete(id)
      if (isNews) hear(id)
    }, ms)
    resting.set(id, { isNews: false, timer })
  }
  const hear = (id: string) => {
    const known = resting.get(id)
    if (known) known.isNews = true
    else {
      tell(id)
      rest(id)
    }
  }
  return {
    hear,
    end: () => {
      for (const { timer } of resting.values()) clearTimeout(timer)
      resting.clear()
    },
  }
}

/** How to close each stream that is open now. */
const openStreams = () => once('event streams', () => new Set<() => void>())

/** A stream that ends with `signal`, when its reader goes, or at `closeEventStreams`. */
export function openEventStream(signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let release = () => {}
  return new ReadableStream({
    start(controller) {
      const send = (text: string) => controller.enqueue(encoder.encode(text))
      const tell = (event: 'topology' | 'run', data: string) => send(`event: ${event}\ndata: ${data}\n\n`)
      const changed = sparingly((runId) => tell('run', runId), RUN_AGAIN_MS)
      const unsubscribe = [
        inventory().subscribe((version) => tell('topology', String(version))),
        runs().subscribe(changed.hear),
        changed.end,
      ]
      const comment = setInterval(() => send(': still here\n\n'), COMMENT_MS)
      const close = () => {
        release()
        controller.close()
      }
      release = () => {
        clearInterval(comment)
        for (const end of unsubscribe) end()
        openStreams().delete(close)
        signal.removeEventListener('abort', close)
      }
      // Its reader may have gone before the stream began.
      if (signal.aborted) return close()
      openStreams().add(close)
      signal.addEventListener('abort', close)
      // A page that connects anew may have missed a version.
      tell('topology', String(inventory().topology().version))
    },
    cancel: () => release(),
  })
}

/** An open stream would keep the server alive. */
export function closeEventStreams() {
  for (const close of [...openStreams()]) close()
}
