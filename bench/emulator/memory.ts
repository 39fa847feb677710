// The resident set of an emulator process with many keys: once they are there, and after work has been done with them.

import { memoryOf } from '../processes.ts'
import { below, megabytes, printTable } from '../table.ts'
import { lightRate } from './clients.ts'
import { REGION, type RunningEmulator, someKeyIds, TEN_THOUSAND_KEYS, withEmulator } from './process.ts'

const GOAL_BYTES = 300e6
const CALLS = { atOnce: 16, warmUpSeconds: 0, seconds: 3 }

export async function benchMemory(): Promise<void> {
  const rows = [
    await rowOf('demo', ({ door }) => door('POST', 'scenarios/demo')),
    await rowOf('fleet-1000x6 (6,000 keys)', ({ door }) => door('POST', 'scenarios/fleet-1000x6')),
    await rowOf('10,000 keys by PUT topology', ({ door }) => door('PUT', 'topology', TEN_THOUSAND_KEYS)),
    await rowOf('10,000 keys by CreateKey', createTenThousandKeys),
  ]
  printTable('Memory of the process', ['holding', 'loaded', 'after calls', 'highest', '< 300 MB'], rows)
}

async function rowOf(what: string, load: (emulator: RunningEmulator) => Promise<unknown>): Promise<string[]> {
  return withEmulator({ args: ['--scenario', 'empty'] }, async (emulator) => {
    await load(emulator)
    const loaded = memoryOf(emulator.pid).now
    const bodies = (await someKeyIds(emulator)).map((KeyId) => ({ KeyId }))
    await lightRate(emulator, { region: REGION, operation: 'DescribeKey', bodies }, CALLS)
    const { now, highest } = memoryOf(emulator.pid)
    return [what, megabytes(loaded), megabytes(now), megabytes(highest), below(Math.max(highest, now), GOAL_BYTES)]
  })
}

async function createTenThousandKeys({ kms }: RunningEmulator): Promise<void> {
  const creators = Array.from({ length: 20 }, async () => {
    for (let key = 0; key < 500; key++) await kms('CreateKey', { MultiRegion: true, Description: 'Bench key' })
  })
  await Promise.all(creators)
}
