// The built product with many families, as a person starts it: on free ports, with a data folder of its own.

import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { end, startProgram } from '../processes.ts'

export interface Product {
  url: string
  emulatorUrl: string
}

/** Starts it (built before, when sources have changed), does `work` with it, and ends it. */
export async function withProduct<T>(scenario: string, work: (product: Product) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'atlas-bench-'))
  const child = startProgram('scripts/start.ts', [], {
    environment: { PORT: '0', EMULATOR_PORT: '0', ATLAS_SCENARIO: scenario, ATLAS_DATA_DIR: dataDir },
  })
  try {
    return await work(await addressesOf(child))
  } finally {
    await end(child)
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** The start script prints a line for each. */
function addressesOf(child: ChildProcess): Promise<Product> {
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
