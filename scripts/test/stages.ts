// The stages of the test command, cheapest first.

import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../start/children.ts'
import { findChromium } from './chromium.ts'
import { type Counts, countStories, countUnitTests } from './counts.ts'
import { run } from './run.ts'

export type Part = 'static' | 'unit' | 'e2e'
export type Outcome = { ok: boolean; counts?: Counts }
export type Stage = { name: string; part: Part; run: (files: string[]) => Promise<Outcome> }

const UNIT_REPORT = 'test-results/unit.json'
/** Written by Playwright's configuration as well. */
const STORY_REPORT = 'test-results/stories.json'

export const STAGES: Stage[] = [
  {
    name: 'types',
    part: 'static',
    run: async () => ({ ok: (await run('next', ['typegen'])) && (await run('tsc', ['--noEmit'])) }),
  },
  { name: 'lint', part: 'static', run: async () => ({ ok: await run('biome', ['check', '.']) }) },
  {
    name: 'architecture',
    part: 'static',
    run: async () => ({ ok: await run('node', ['scripts/check-architecture.ts']) }),
  },
  { name: 'unused code', part: 'static', run: async () => ({ ok: await run('knip', ['--no-progress']) }) },
  { name: 'unit tests', part: 'unit', run: unitTests },
  { name: 'build', part: 'e2e', run: async () => ({ ok: await run('node', ['scripts/build.ts']) }) },
  { name: 'bundle sizes', part: 'e2e', run: async () => ({ ok: await run('node', ['scripts/check-bundles.ts']) }) },
  { name: 'browser stories', part: 'e2e', run: browserStories },
]

async function unitTests(files: string[]): Promise<Outcome> {
  await mkdir(join(ROOT, 'test-results'), { recursive: true })
  return counted(UNIT_REPORT, countUnitTests, () =>
    run('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${UNIT_REPORT}`, ...files]),
  )
}

async function browserStories(files: string[]): Promise<Outcome> {
  const CHROMIUM_PATH = await findChromium()
  return counted(STORY_REPORT, countStories, () => run('playwright', ['test', ...files], { CHROMIUM_PATH }))
}

/** The runner's exit code and its report must agree that all is well. */
async function counted(report: string, count: (report: unknown) => Counts, runTests: () => Promise<boolean>) {
  const path = join(ROOT, report)
  await rm(path, { force: true })
  const ended = await runTests()
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return { ok: false }
  const counts = count(JSON.parse(text))
  return { ok: ended && counts.failed === 0, counts }
}
