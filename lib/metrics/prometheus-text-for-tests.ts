// For tests: a strict reader of the Prometheus text format 0.0.4. Whatever a scraper might stumble over, it throws.
// Source: Prometheus, "Exposition formats", text-based format.

export interface ReadSample {
  name: string
  labels: Record<string, string>
  value: number
}

export interface ReadMetric {
  name: string
  help: string
  type: string
  samples: ReadSample[]
}

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped']
const HEAD = /^# (HELP|TYPE) (\S+) (.*)$/
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/
/** A name, and a value in which only backslash, quote and line feed are escaped. */
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(?:,|$)/
/** What ParseFloat of Go takes, NaN in any case of letters. */
const NUMBER = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|nan|[+-]inf)$/i
/** Samples of these types have names of their own. */
const SUFFIXES: Record<string, string[]> = { histogram: ['_bucket', '_sum', '_count'], summary: ['', '_sum', '_count'] }

function refuseIf(wrong: boolean, what: string): void {
  if (wrong) throw new Error(`Not Prometheus text: ${what}`)
}

function readLabels(text: string | undefined): Record<string, string> {
  const labels: Record<string, string> = {}
  for (let rest = text ?? ''; rest !== ''; ) {
    const [all, name, value] = LABEL.exec(rest) ?? []
    if (all === undefined || name === undefined || value === undefined) throw new Error(`Not labels: ${text}`)
    refuseIf(name in labels || name.startsWith('__'), `label ${name} of ${text}`)
    labels[name] = value.replace(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign))
    rest = rest.slice(all.length)
  }
  return labels
}

function readNumber(text: string): number {
  refuseIf(!NUMBER.test(text), `number ${text}`)
  return Number(text.replace(/inf$/i, 'Infinity'))
}

const withoutBound = ({ labels: { le: _, ...labels } }: ReadSample) => JSON.stringify(Object.entries(labels).sort())

function checkBuckets({ name, samples }: ReadMetric) {
  const of = (suffix: string) => samples.filter((sample) => sample.name === `${name}${suffix}`)
  for (const buckets of Map.groupBy(of('_bucket'), withoutBound).values()) {
    const [first] = buckets
    if (!first) continue
    const bounds = buckets.map(({ labels }) => readNumber(labels.le ?? ''))
    const counts = buckets.map(({ value }) => value)
    const rises = (numbers: number[]) => numbers.every((number, index) => number >= (numbers[index - 1] ?? -Infinity))
    refuseIf(!rises(bounds) || !rises(counts) || bounds.at(-1) !== Infinity, `buckets of ${name}`)
    const whole = of('_count').find((sample) => withoutBound(sample) === withoutBound(first))
    refuseIf(whole?.value !== counts.at(-1), `count of ${name}`)
  }
}

function checkMetric(metric: ReadMetric) {
  const { name, help, type, samples } = metric
  refuseIf(!METRIC_NAME.test(name) || help === '' || !TYPES.includes(type), `head of ${name}`)
  const names = (SUFFIXES[type] ?? ['']).map((suffix) => name + suffix)
  for (const sample of samples) refuseIf(!names.includes(sample.name), `${sample.name} under ${name}`)
  const series = samples.map((sample) => JSON.stringify([sample.name, Object.entries(sample.labels).sort()]))
  refuseIf(new Set(series).size < series.length, `a series of ${name} twice`)
  refuseIf(type === 'counter' && samples.some(({ value }) => value < 0), `falling ${name}`)
  if (type === 'histogram') checkBuckets(metric)
}

/** Every metric by its name; each must have one HELP, then one TYPE, then its samples, all together. */
export function readPrometheusText(text: string): Map<string, ReadMetric> {
  refuseIf(!text.endsWith('\n'), 'the last line does not end')
  const metrics = new Map<string, ReadMetric>()
  let current: ReadMetric | undefined
  for (const line of text.split('\n')) {
    if (line === '') continue
    const [, keyword, named, rest = ''] = HEAD.exec(line) ?? []
    if (keyword === 'HELP' && named !== undefined) {
      refuseIf(metrics.has(named), `${named} twice`)
      current = { name: named, help: rest, type: '', samples: [] }
      metrics.set(named, current)
      continue
    }
    if (!current) throw new Error(`Before the first metric: ${line}`)
    if (keyword === 'TYPE') {
      refuseIf(named !== current.name || current.type !== '' || current.samples.length > 0, line)
      current.type = rest
      continue
    }
    const [, name, labels, value] = SAMPLE.exec(line) ?? []
    if (name === undefined || value === undefined) throw new Error(`Neither head nor sample: ${line}`)
    current.samples.push({ name, labels: readLabels(labels), value: readNumber(value) })
  }
  for (const metric of metrics.values()) checkMetric(metric)
  return metrics
}
