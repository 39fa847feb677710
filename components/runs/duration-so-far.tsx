'use client'

import { durationInWords, millisecondsBetween } from '@/components/shell/duration'
import { useClock } from '@/components/shell/use-clock'

function Until({ startedAt }: { startedAt: string }) {
  return useClock((now) => durationInWords(Math.floor((now - Date.parse(startedAt)) / 1000) * 1000), '…')
}

/** How long it took, or takes until now; a dash for what has not begun, or has stopped half-way. */
export function DurationSoFar({
  startedAt,
  endedAt,
  goesOn,
}: {
  startedAt: string | null
  endedAt: string | null
  goesOn: boolean
}) {
  if (startedAt !== null && endedAt !== null) return durationInWords(millisecondsBetween(startedAt, endedAt))
  return startedAt !== null && goesOn ? <Until startedAt={startedAt} /> : '–'
}
