// Durations in words: short, and never more exact than they are known.

/** `0.3 s`, `42 s`, `2 min 5 s`, `3 h 4 min`. */
export function durationInWords(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000
  if (seconds < 9.95) return `${Number(seconds.toFixed(1))} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Milliseconds between two ISO times. */
export const millisecondsBetween = (from: string, to: string) => Date.parse(to) - Date.parse(from)
