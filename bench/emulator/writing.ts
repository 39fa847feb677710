// CreateKey a second: acknowledged only when it is on disk, against the same in memory.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SERVER_CORE } from '../processes.ts'
import { perSecond, printTable } from '../table.ts'
import { lightRate } from './clients.ts'
import { REGION, withEmulator } from './process.ts'

const AT_ONCE = [1, 8, 64]
const TIMES = { warmUpSeconds: 1, seconds: 4 }

export async function benchWriting(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-emulator-'))
  try {
    const rows: string[][] = []
    for (const atOnce of AT_ONCE) {
      const inMemory = await createKeyRate(atOnce, [])
      const withFile = await createKeyRate(atOnce, ['--data', join(folder, `${atOnce}.jsonl`)])
      rows.push([String(atOnce), perSecond(inMemory), perSecond(withFile)])
    }
    printTable('CreateKey acknowledged', ['calls at once', 'in memory', 'on disk (--data)'], rows)
  } finally {
    await rm(folder, { recursive: true })
  }
}

function createKeyRate(atOnce: number, args: string[]): Promise<number> {
  return withEmulator({ args: ['--scenario', 'empty', ...args], core: SERVER_CORE }, async (emulator) => {
    const calls = { region: REGION, operation: 'CreateKey', bodies: [{ MultiRegion: true, Description: 'Bench key' }] }
    const { perSecond: rate } = await lightRate(emulator, calls, { ...TIMES, atOnce })
    return rate
  })
}
