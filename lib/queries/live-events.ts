// Live events: one event stream a browser, whose news wakes the queries of every tab.

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { runsKey } from './runs'
import { topologyKey } from './topology'

const NAME = 'kms-atlas-events'

/** A browser allows six connections a host: the tab that holds the lock opens the stream and tells the others. */
type News = { event: 'topology' | 'run' } | { event: 'stream'; open: boolean }

function keepStream(tell: (news: News) => void, signal: AbortSignal): Promise<void> {
  // The lock may be granted in the moment in which its tab gives up.
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const stream = new EventSource('/api/events')
    stream.addEventListener('open', () => tell({ event: 'stream', open: true }))
    stream.addEventListener('error', () => tell({ event: 'stream', open: false }))
    for (const event of ['topology', 'run'] as const) stream.addEventListener(event, () => tell({ event }))
    signal.addEventListener('abort', () => {
      stream.close()
      resolve()
    })
  })
}

/** Wakes topology and runs whenever the server says that there is something new; `false` while the stream is broken. */
export function useLiveEvents(): { connected: boolean } {
  const queryClient = useQueryClient()
  const [connected, setConnected] = useState(true)

  useEffect(() => {
    const ended = new AbortController()
    const channel = new BroadcastChannel(NAME)
    const hear = (news: News) => {
      if (news.event === 'stream') setConnected(news.open)
      // Nobody looks at a hidden page: it reads when it is seen again.
      const refetchType = document.hidden ? 'none' : 'active'
      if (news.event === 'topology') void queryClient.invalidateQueries({ queryKey: topologyKey, refetchType })
      if (news.event === 'run') void queryClient.invalidateQueries({ queryKey: runsKey })
    }
    channel.addEventListener('message', ({ data }: MessageEvent<News>) => hear(data))
    const tell = (news: News) => {
      hear(news)
      channel.postMessage(news)
    }
    // Locks exist in secure contexts, which loopback is; without them every tab keeps a stream of its own.
    const leading = navigator.locks
      ? navigator.locks.request(NAME, { signal: ended.signal }, () => keepStream(tell, ended.signal))
      : keepStream(hear, ended.signal)
    leading.catch((error: unknown) => {
      if (!ended.signal.aborted) console.error('The event stream could not be opened', error)
    })
    return () => {
      ended.abort()
      channel.close()
    }
  }, [queryClient])

  return { connected }
}
