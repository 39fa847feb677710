// From the start of the process to the line with the address.

import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuMsOf } from '../processes.ts'
import { below, median, megabytes, milliseconds, printTable } from '../table.ts'
import { TEN_THOUSAND_KEYS, withEmulator } from './process.ts'

const RUNS = 5
const GOAL_MS = 1000

export async function benchStart(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-emulator-'))
  try {
    const file = join(folder, 'keys.jsonl')
    await withEmulator({ args: ['--data', file, '--scenario', 'empty'] }, ({ door }) =>
      door('PUT', 'topology', TEN_THOUSAND_KEYS),
    )
    const { size } = await stat(file)
    const rows = [
      await rowOf('scenario demo, nothing compiled before', ['--scenario', 'demo'], {
        NODE_DISABLE_COMPILE_CACHE: '1',
      }),
      await rowOf('scenario empty', ['--scenario', 'empty']),
      await rowOf('scenario demo', ['--scenario', 'demo']),
      await rowOf('scenario fleet-1000x6', ['--scenario', 'fleet-1000x6']),
      await rowOf(`a state file of 10,000 keys (${megabytes(size)})`, ['--data', file]),
    ]
    printTable(
      `Start until the line "emulator http://…", median of ${RUNS}`,
      ['with', 'time', 'slowest', 'processor', '< 1 s'],
      rows,
    )
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function rowOf(name: string, args: string[], environment = {}): Promise<string[]> {
  const times: number[] = []
  const used: number[] = []
  for (let run = 0; run < RUNS; run++) {
    await withEmulator({ args, environment }, async ({ startedInMs, pid }) => {
      times.push(startedInMs)
      used.push(cpuMsOf(pid))
    })
  }
  const time = median(times)
  return [name, milliseconds(time), milliseconds(Math.max(...times)), milliseconds(median(used)), below(time, GOAL_MS)]
}
