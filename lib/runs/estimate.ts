// Estimate: how much longer a run over many families takes, from how fast its waves have gone by so far. Pure.

import type { RunPart } from '@/lib/plans/run'

type TimedPart = Pick<RunPart, 'wave' | 'status' | 'startedAt' | 'endedAt'>

interface Wave {
  size: number
  /** Milliseconds; null while none of its parts has begun. */
  startedAt: number | null
  /** When its parts ended, the first one first. */
  ends: number[]
}

function wavesOf(parts: readonly TimedPart[]): Wave[] {
  const groups = [...Map.groupBy(parts, ({ wave }) => wave)].sort(([a], [b]) => a - b)
  return groups.map(([, group]) => {
    const starts = group.flatMap(({ startedAt }) => (startedAt === null ? [] : [Date.parse(startedAt)]))
    return {
      size: group.length,
      startedAt: starts.length > 0 ? Math.min(...starts) : null,
      ends: group.flatMap(({ endedAt }) => (endedAt === null ? [] : [Date.parse(endedAt)])).sort((a, b) => a - b),
    }
  })
}

/**
 * Milliseconds from one end to the next. What KMS takes for each differs more than that, so the first few ends say little:
 * at first it is what the quotas allow. Null without two ends.
 */
function gapOf({ startedAt, ends }: Wave, floorGap: number): number | null {
  const [first, last] = [ends[0], ends.at(-1)]
  if (startedAt === null || ends.length < 2 || first === undefined || last === undefined) return null
  const certainty = Math.min(1, (2 * (last - first)) / Math.max(1, first - startedAt))
  const seen = Math.max(floorGap, (last - first) / (ends.length - 1))
  return floorGap + certainty * (seen - floorGap)
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** What waves have taken so far, in milliseconds. */
interface Measured {
  /** From one part to the next. */
  gap: number
  /** From the start of a wave until its first part has ended. */
  latency: number
  /** From the start of a wave until the next one begins, for a wave of one part: without the checks at the end. */
  lead: number
}

function measured(waves: Wave[], floorGap: number): Measured | null {
  const begun = waves.filter(({ startedAt, ends }) => startedAt !== null && ends.length > 0)
  if (begun.length === 0) return null
  const gaps = begun.flatMap((wave) => gapOf(wave, floorGap) ?? [])
  const gap = gaps.length > 0 ? mean(gaps) : floorGap
  const latency = mean(begun.map(({ startedAt, ends }) => (ends[0] ?? 0) - (startedAt ?? 0)))
  const leads = waves.flatMap(({ startedAt, size }, index) => {
    const next = waves[index + 1]?.startedAt
    return startedAt === null || next === null || next === undefined ? [] : [next - startedAt - (size - 1) * gap]
  })
  return { gap, latency, lead: leads.length > 0 ? mean(leads) : latency }
}

/**
 * Seconds until the last part has ended, or null when nobody can tell: before the canary family has ended, and while
 * families are waited for longer than usual. `minimumSeconds` is what the quotas make all parts take.
 */
export function secondsLeft(parts: readonly TimedPart[], minimumSeconds: number, now: number): number | null {
  if (parts.length < 2 || parts.some(({ status }) => status === 'waiting')) return null
  const [canary, ...waves] = wavesOf(parts)
  if (!canary || canary.ends.length < canary.size || waves.length === 0) return null
  const floorGap = (minimumSeconds * 1_000) / parts.length
  // Until one of the others has ended, the canary family tells how long a part takes.
  const pace = measured(waves, floorGap) ?? measured([canary], floorGap)
  if (!pace) return null
  const { gap, latency, lead } = pace
  const current = waves.findLastIndex(({ startedAt }) => startedAt !== null)
  const later = waves.slice(current + 1)
  const cycles = later.reduce((sum, { size }) => sum + lead + (size - 1) * gap, 0)
  const checks = Math.max(0, latency - lead)
  const wave = waves[current]
  if (!wave || wave.startedAt === null) return Math.max(0, cycles + checks) / 1_000
  const last = wave.ends.at(-1)
  // From the last end on, as the others follow; before the first one, from the start on.
  const expected =
    last === undefined ? wave.startedAt + latency + (wave.size - 1) * gap : last + (wave.size - wave.ends.length) * gap
  const untilNext = expected - checks - now
  return Math.max(0, later.length > 0 ? untilNext + cycles + checks : expected - now) / 1_000
}

/** `about 40 s`, `about 2 min`, `about 3 h`. */
export function leftInWords(seconds: number): string {
  const [unit, size] =
    seconds < 100 ? (['s', 1] as const) : seconds < 6_000 ? (['min', 60] as const) : (['h', 3_600] as const)
  const many = seconds / size
  const step = unit === 's' ? (many < 20 ? 1 : 10) : many < 5 ? 0.5 : 1
  return `about ${Math.max(1, Math.round(many / step) * step)} ${unit}`
}
