// `npm test`: everything that must hold, cheapest first, until the first stage that fails. The closing line counts the
// unit tests and the browser stories.

import { parseArgs } from 'node:util'
import { addCounts, type Counts, inWords } from './test/counts.ts'
import { endRunning } from './test/run.ts'
import { type Part, STAGES, type Stage } from './test/stages.ts'

const PARTS: Part[] = ['static', 'unit', 'e2e']

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, endRunning)

try {
  const { only, files } = readOptions()
  process.exitCode = await runStages(only ? STAGES.filter(({ part }) => part === only) : STAGES, files)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

function readOptions(): { only: Part | undefined; files: string[] } {
  const { values, positionals } = parseArgs({ options: { only: { type: 'string' } }, allowPositionals: true })
  const only = PARTS.find((part) => part === values.only)
  if (values.only !== undefined && !only)
    throw new Error(`--only must be one of ${PARTS.join(', ')}, not ${values.only}.`)
  if (positionals.length > 0 && !only) throw new Error('Single files can be run with --only unit or --only e2e.')
  return { only, files: positionals }
}

async function runStages(stages: Stage[], files: string[]): Promise<number> {
  const counts: Counts[] = []
  for (const stage of stages) {
    const began = performance.now()
    console.log(`\n── ${stage.name}`)
    const outcome = await stage.run(files)
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    console.log(`── ${stage.name}: ${outcome.ok ? 'ok' : 'failed'}, ${seconds} s`)
    if (outcome.counts) counts.push(outcome.counts)
    if (!outcome.ok) return closeWith(counts)
  }
  console.log(`\n${inWords(addCounts(counts))}`)
  return 0
}

/** A failed stage that counts no tests, such as lint, is one failure. */
function closeWith(counts: Counts[]): number {
  const sum = addCounts(counts)
  console.log(`\n${inWords({ ...sum, failed: Math.max(sum.failed, 1) })}`)
  return 1
}
