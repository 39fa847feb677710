// Ages and waiting times in words, as coarse as a person would say them.

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** From this long on, the next larger unit says enough: `90 min`, then `2 h`; `36 h`, then `2 days`. */
const ENOUGH_MINUTES_MS = 100 * MINUTE_MS
const ENOUGH_HOURS_MS = 48 * HOUR_MS

/** `3 s`, `12 min`, `5 h`, `12 days`; never negative. */
export function spanInWords(ms: number): string {
  const span = Math.max(0, ms)
  if (span < MINUTE_MS) return `${Math.floor(span / SECOND_MS)} s`
  if (span < ENOUGH_MINUTES_MS) return `${Math.floor(span / MINUTE_MS)} min`
  if (span < ENOUGH_HOURS_MS) return `${Math.floor(span / HOUR_MS)} h`
  return `${Math.floor(span / DAY_MS).toLocaleString('en-US')} days`
}

/** `3 s ago`, `in 12 days`; clocks that differ a little make it `now`, not the future. */
export function ageInWords(iso: string, now: number): string {
  const age = now - Date.parse(iso)
  if (Number.isNaN(age)) return iso
  if (age >= 0) return `${spanInWords(age)} ago`
  return age > -2 * SECOND_MS ? 'now' : `in ${spanInWords(-age)}`
}

/** `2026-11-23 22:10:04 UTC`: exact, sortable and the same on every machine. */
export function exactTime(iso: string): string {
  const time = new Date(iso)
  return Number.isNaN(time.getTime()) ? iso : `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
