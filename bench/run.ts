// `npm run bench`: every benchmark, or those named. Each prints tables; bench/README.md says what they measure and how.

import { availableParallelism, cpus, loadavg } from 'node:os'
import { benchEmulator } from './emulator.ts'
import { benchEvacuation } from './evacuation.ts'
import { benchInventory } from './inventory.ts'
import { benchLive } from './live.ts'
import { benchServerMemory } from './memory.ts'
import { benchUi } from './ui.ts'

const BENCHES: Record<string, { about: string; run: () => Promise<void> }> = {
  emulator: {
    about: 'how fast the emulator starts, loads, answers and writes, and what it needs of memory',
    run: benchEmulator,
  },
  evacuation: {
    about: 'how near to the quotas of KMS an evacuation of 300 families comes, and what it needs of memory',
    run: benchEvacuation,
  },
  inventory: {
    about: 'how fast, and with how many calls, a thousand families are known; beside scripts and what is possible',
    run: benchInventory,
  },
  live: {
    about: 'what it costs to stay live with a thousand families, and how soon changes made outside are seen',
    run: benchLive,
  },
  memory: {
    about: 'what the server needs of memory with a thousand families in six Regions, over an hour of watching',
    run: benchServerMemory,
  },
  ui: {
    about: 'how fast the screens answer with a thousand families, in a browser',
    run: benchUi,
  },
}

/** Above this, other programs are likely to have a part in the figures. */
const QUIET_LOAD = 1

const named = process.argv.slice(2)
const unknown = named.filter((name) => !Object.hasOwn(BENCHES, name))
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}. There are:`)
  for (const [name, { about }] of Object.entries(BENCHES)) console.error(`  ${name}  ${about}`)
  process.exit(1)
}

const [load = 0] = loadavg()
console.log(
  `${new Date().toISOString().slice(0, 10)}, ${process.platform}, Node.js ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model.trim()}`,
)
console.log(
  `load average before: ${load.toFixed(2)}${load > QUIET_LOAD ? ' (not quiet: times are too long, rates too low)' : ''}`,
)

for (const [name, { run }] of Object.entries(BENCHES)) {
  if (named.length === 0 || named.includes(name)) await run()
}
