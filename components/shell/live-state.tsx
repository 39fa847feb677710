'use client'

import { useTopology } from '@/lib/queries/topology'
import { exactTime, spanInWords } from '@/lib/topology/ages'
import { StatusIndicator } from './status-indicator'
import { useClock } from './use-clock'

/** A snapshot is renewed every 15 s; this long without a new one is worth a word. */
const OLD_MS = 90_000

/** Whether what the screen shows is what the server knows, and how old that is. */
export function LiveState({ connected }: { connected: boolean }) {
  const { data, isError, isPending } = useTopology()
  const takenAt = data ? Date.parse(data.takenAt) : null
  const age = useClock((now) => (takenAt === null ? '' : spanInWords(now - takenAt)), '')
  const isOld = useClock((now) => takenAt !== null && now - takenAt > OLD_MS, false)
  const ago = age === '' ? '' : ` · ${age} ago`
  const exact = data ? `Last reading ${exactTime(data.takenAt)}` : undefined

  if (!connected || isError) {
    return (
      <span title={exact}>
        <StatusIndicator type="warning">connection lost, trying again{ago}</StatusIndicator>
        {/* Said once; the age beside it would be said every second. */}
        <span role="status" className="visually-hidden">
          Connection lost
        </span>
      </span>
    )
  }
  if (isPending) return <StatusIndicator type="loading">reading</StatusIndicator>
  return (
    <span title={exact}>
      {isOld ? (
        <StatusIndicator type="warning">no new reading for {age}</StatusIndicator>
      ) : (
        <StatusIndicator type="success">live{ago}</StatusIndicator>
      )}
    </span>
  )
}
