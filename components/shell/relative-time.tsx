'use client'

import { ageInWords, exactTime } from '@/lib/topology/ages'
import { useClock } from './use-clock'

/** An age such as `3 min ago`, with the exact time on hover; the exact time alone until the page lives. */
export function RelativeTime({ iso }: { iso: string }) {
  const exact = exactTime(iso)
  const text = useClock((now) => ageInWords(iso, now), exact)
  return (
    <time dateTime={iso} title={exact}>
      {text}
    </time>
  )
}
