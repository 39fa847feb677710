// `npm run deps`: the arrows of .dependency-cruiser.cjs. Fails as well when a source file was not looked at, since a
// parser that finds nothing also finds nothing wrong.

import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { ROOT } from './start/children.ts'

const ROOMS = ['app', 'components', 'lib', 'emulator', 'scripts', 'cli', 'e2e', 'bench']
const AT_ROOT = /^(proxy|instrumentation[\w-]*)\.ts$/
const SOURCE = /\.tsx?$/

const cruiseResult = z.object({
  modules: z.array(z.object({ source: z.string() })),
  summary: z.object({
    totalCruised: z.number(),
    ruleSetUsed: z.object({ forbidden: z.array(z.object({ name: z.string(), comment: z.string() })) }),
    violations: z.array(
      z.object({
        from: z.string(),
        to: z.string(),
        rule: z.object({ name: z.string() }),
        cycle: z.array(z.object({ name: z.string() })).optional(),
      }),
    ),
  }),
})

const atRoot = await readdir(ROOT, { withFileTypes: true })
const rooms = atRoot.filter((entry) => entry.isDirectory() && ROOMS.includes(entry.name)).map(({ name }) => name)
const startingPoints = [...rooms, ...atRoot.map(({ name }) => name).filter((name) => AT_ROOT.test(name))]

const { modules, summary } = await cruise(startingPoints)
const seen = new Set(modules.map(({ source }) => source))
const unseen = (await sourceFiles()).filter((path) => !seen.has(path))

const reasons = new Map(summary.ruleSetUsed.forbidden.map(({ name, comment }) => [name, comment]))
for (const { rule, from, to, cycle = [] } of summary.violations) {
  const way = cycle.length > 0 ? [from, ...cycle.map(({ name }) => name)] : [from, to]
  console.error(`${rule.name}: ${way.join(' → ')}\n  ${reasons.get(rule.name)}`)
}
for (const path of unseen) console.error(`not looked at: ${path}`)

if (summary.violations.length > 0 || unseen.length > 0) {
  console.error(`${summary.violations.length} forbidden imports, ${unseen.length} files not looked at`)
  process.exitCode = 1
} else {
  console.log(`${summary.totalCruised} modules keep to the arrows`)
}

async function cruise(paths: string[]) {
  const program = join(ROOT, 'node_modules/.bin/depcruise')
  const args = [program, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...paths]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, maxBuffer: 256 * 1024 * 1024 })
  return cruiseResult.parse(JSON.parse(stdout))
}

async function sourceFiles(): Promise<string[]> {
  const listed = await Promise.all(
    rooms.map(async (room) =>
      (await readdir(join(ROOT, room), { recursive: true })).map((path) => `${room}/${path.replaceAll('\\', '/')}`),
    ),
  )
  return listed.flat().filter((path) => SOURCE.test(path))
}
