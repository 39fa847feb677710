// `npm run test:crash`: kills the server, and then the whole process tree, at random instants of evacuations, starts them
// again, and looks whether every family ended where its plan said, by one promotion. Then the same with lost answers.

import { parseArgs } from 'node:util'
import { Random } from './crash/random.ts'
import { distribution } from './crash/runs.ts'
import { crashSeries, type Outcome, type SeriesOptions } from './crash/series.ts'
import { buildWhenNeeded } from './start/build.ts'

type Kind = Pick<SeriesOptions, 'victim' | 'dropsAnswers'>

const KINDS: Record<string, Kind> = {
  server: { victim: 'server', dropsAnswers: false },
  tree: { victim: 'tree', dropsAnswers: false },
  'server-lost-answers': { victim: 'server', dropsAnswers: true },
  'tree-lost-answers': { victim: 'tree', dropsAnswers: true },
}

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    families: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    only: { type: 'string', multiple: true, default: Object.keys(KINDS) },
  },
})

const line = (what: string, good: number, all: number) => `  ${good} of ${all}  ${what}`

function print(name: string, { instants, families, reports, troubles }: Outcome, seconds: number) {
  const inside = instants.filter((instant) => instant === 'in a call' || instant === 'in a wait').length
  console.log(
    [
      `${name}: ${instants.length} kills in ${reports.all} evacuations, ${seconds.toFixed(0)} s`,
      `  ${distribution(instants)} (${inside} of ${instants.length} inside a call or a wait)`,
      line('families ended where their plan said, in both Regions', families.moved, families.all),
      line('promotions were made exactly once', families.promotedOnce, families.all),
      line('runs ended well, with a whole record', reports.whole, reports.all),
      ...troubles.map((trouble) => `  ✗ ${trouble}`),
    ].join('\n'),
  )
}

const seed = Number(values.seed)
console.log(`seed ${seed} (npm run test:crash -- --seed ${seed})`)
await buildWhenNeeded()
let isGood = true
for (const name of values.only) {
  const kind = KINDS[name]
  if (!kind) throw new Error(`There is no series ${name}; there are ${Object.keys(KINDS).join(', ')}.`)
  const began = performance.now()
  const outcome = await crashSeries({
    ...kind,
    kills: Number(values.kills),
    families: Number(values.families),
    random: new Random(seed),
  })
  print(name, outcome, (performance.now() - began) / 1_000)
  isGood &&= outcome.troubles.length === 0
}
process.exitCode = isGood ? 0 : 1
