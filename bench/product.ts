// The built product with many families, as a person starts it: on free ports, with a data folder of its own.

import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type EmulatorDoors, emulatorAt } from './emulator/process.ts'
import { end, startProgram } from './processes.ts'

export interface Product {
  url: string
  emulator: EmulatorDoors
  /** Answers of its machine doors, as JSON. */
  get: (path: string) => Promise<unknown>
  post: (path: string, body: object) => Promise<unknown>
  /** Reads every Region, and answers the topology. */
  refresh: () => Promise<{ version: number; families: BenchFamily[] }>
  /** What it tells monitors at this moment. Asking counts as nobody's watching. */
  metrics: () => Promise<Metrics>
}

/** Of a family, what benchmarks look at. */
export interface BenchFamily {
  keyId: string
  primaryRegion: string | null
  members: { region: string; role: string; state: string; aliases: string[] }[]
}

/** Starts it (built before, when sources have changed), does `work` with it, and ends it. */
export async function withProduct<T>(scenario: string, work: (product: Product) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'atlas-bench-'))
  const child = startProgram('scripts/start.ts', [], {
    environment: { PORT: '0', EMULATOR_PORT: '0', ATLAS_SCENARIO: scenario, ATLAS_DATA_DIR: dataDir },
  })
  try {
    const { url, emulatorUrl } = await addressesOf(child)
    const refresh = async () =>
      (await json(`${url}/api/topology/refresh`, POST)) as Awaited<ReturnType<Product['refresh']>>
    return await work({
      url,
      emulator: emulatorAt(emulatorUrl),
      get: (path) => json(url + path),
      post: (path, body) => json(url + path, { ...POST, body: JSON.stringify(body) }),
      refresh,
      metrics: () => metricsOf(url),
    })
  } finally {
    await end(child)
    await rm(dataDir, { recursive: true, force: true })
  }
}

const POST: RequestInit = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }

async function json(url: string, request?: RequestInit): Promise<unknown> {
  const response = await fetch(url, request)
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
  return response.json()
}

/** The start script prints a line for each. */
function addressesOf(child: ChildProcess): Promise<{ url: string; emulatorUrl: string }> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The product ended with ${code} before it was ready`)))
    if (!child.stdout) return
    let emulatorUrl = ''
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, name, url = ''] = /^(emulator|ready) (http:\S+)$/.exec(line) ?? []
      if (name === 'emulator') emulatorUrl = url
      if (name === 'ready') resolve({ url, emulatorUrl })
    })
  })
}

/** Prometheus text, taken apart. */
export class Metrics {
  readonly #samples: { name: string; labels: Map<string, string>; value: number }[] = []

  constructor(text: string) {
    for (const line of text.split('\n')) {
      const [, name = '', labels = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
      if (value === undefined) continue
      const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(
        ([, label = '', is = '']) => [label, is] as const,
      )
      this.#samples.push({ name, labels: new Map(pairs), value: Number(value) })
    }
  }

  /** Of all samples with that name and these labels; 0 when there is none. */
  sum(name: string, labels: Record<string, string> = {}): number {
    return this.#of(name, labels).reduce((sum, { value }) => sum + value, 0)
  }

  /** The sums by one of the labels. */
  by(label: string, name: string, labels: Record<string, string> = {}): Map<string, number> {
    const sums = new Map<string, number>()
    for (const { labels: has, value } of this.#of(name, labels)) {
      const group = has.get(label) ?? ''
      sums.set(group, (sums.get(group) ?? 0) + value)
    }
    return sums
  }

  #of(name: string, labels: Record<string, string>) {
    return this.#samples.filter(
      (sample) =>
        sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels.get(label) === value),
    )
  }
}

async function metricsOf(url: string): Promise<Metrics> {
  const response = await fetch(`${url}/api/metrics`)
  if (!response.ok) throw new Error(`${url}/api/metrics: ${response.status}`)
  return new Metrics(await response.text())
}
