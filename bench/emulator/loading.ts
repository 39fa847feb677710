// Loading scenarios and topologies over the control doors, as seen by who asks for it.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuMsOf } from '../processes.ts'
import { below, median, milliseconds, printTable } from '../table.ts'
import { type RunningEmulator, TEN_THOUSAND_KEYS, withEmulator } from './process.ts'

const RUNS = 5
const GOAL_MS = 2000

export async function benchLoading(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-emulator-'))
  try {
    const inMemory = await withEmulator({ args: ['--scenario', 'empty'] }, timesOf)
    const withFile = await withEmulator({ args: ['--data', join(folder, 'keys.jsonl')] }, timesOf)
    const rows = [...inMemory].map(([what, memory]) => {
      const file = withFile.get(what) ?? memory
      const slowest = Math.max(memory.slowest, file.slowest)
      return [what, ...[memory.median, memory.used, file.median, slowest].map(milliseconds), below(slowest, GOAL_MS)]
    })
    printTable(
      `Loading by door, median of ${RUNS}`,
      ['what', 'in memory', 'processor', 'to a file', 'slowest', '< 2 s'],
      rows,
    )
  } finally {
    await rm(folder, { recursive: true })
  }
}

type Times = { median: number; slowest: number; used: number }

async function timesOf({ door, pid }: RunningEmulator): Promise<Map<string, Times>> {
  const { scenarios } = (await door('GET', 'scenarios')) as { scenarios: string[] }
  const times = new Map<string, Times>()
  for (const scenario of scenarios) times.set(scenario, await timed(pid, () => door('POST', `scenarios/${scenario}`)))
  times.set('PUT topology, 10,000 keys', await timed(pid, () => door('PUT', 'topology', TEN_THOUSAND_KEYS)))
  return times
}

async function timed(pid: number, work: () => Promise<unknown>): Promise<Times> {
  const times: number[] = []
  const usedBefore = cpuMsOf(pid)
  for (let run = 0; run < RUNS; run++) {
    const began = performance.now()
    await work()
    times.push(performance.now() - began)
  }
  return { median: median(times), slowest: Math.max(...times), used: (cpuMsOf(pid) - usedBefore) / RUNS }
}
