// What it costs to stay live with a thousand families, and how soon a change that others make is seen.

import { setTimeout as sleep } from 'node:timers/promises'
import { printMonths } from './live/months.ts'
import { CHANGES, vanishingFamilies } from './live/outside.ts'
import { Page } from './live/page.ts'
import { type BenchFamily, type Metrics, type Product, withProduct } from './product.ts'
import { percent, printTable, quantile } from './table.ts'

const SCENARIO = 'fleet-1000'
const FAMILIES = 1000
const MEMBERS_EACH = 4
const MOST_OPEN = 50
/** Of each kind of change. */
const CHANGES_EACH = 11
const GOAL_SECONDS = 20
/** A change that is not seen within this time counts as never seen. */
const GIVE_UP_MS = 60_000
/** Who has looked once counts as watching for this time. */
const WATCHING_MS = 46_000
/** Multiples of the period of the lists, so that each phase has its share of them; without watchers that is about 68 s. */
const SECONDS = { open: 64, oneOpen: 32, rest: 64, nobody: 136 }
const OPERATIONS = ['ListKeys', 'ListAliases', 'DescribeKey', 'GetKeyRotationStatus']
const MONTH_MINUTES = 30 * 24 * 60
const USD_PER_REQUEST = 0.03 / 10_000

interface Settings {
  refreshing: {
    costs: { aliases: number }
    budget: { watchedUsdPerMonth: number; unwatchedUsdPerMonth: number; saved: number; mostSaved: number }
    usdPerMonth: number
    lastsSeconds: number | null
  }
}

const settingsOf = async (product: Product) => ((await product.get('/api/settings')) as Settings).refreshing

export async function benchLive(): Promise<void> {
  await withProduct(SCENARIO, async (product) => {
    const { families } = await product.refresh()
    const regions = [...new Set(families.flatMap(({ members }) => members.map(({ region }) => region)))].sort()
    const open = families.slice(0, MOST_OPEN)
    const phases = [
      await changing(product, { families, regions, open }),
      await phase(product, `${MOST_OPEN} families open`, SECONDS.open, keyIdsOf(open)),
      await phase(product, 'one family open', SECONDS.oneOpen, keyIdsOf(open.slice(-1))),
      await phase(product, 'at rest, Overview open', SECONDS.rest, []),
    ]
    const { budget, costs } = await settingsOf(product)
    phases.push(await phase(product, 'nobody watches', SECONDS.nobody, null))
    printPhases(phases)
    console.log(
      `\nAt most ${budget.watchedUsdPerMonth} USD in any 30 days: up to ${budget.mostSaved.toFixed(0)} requests can be saved up and spent while somebody watches; after all of this ${budget.saved.toFixed(0)} were left.`,
    )
    await printMonths({
      regions,
      families: FAMILIES,
      membersEach: MEMBERS_EACH,
      aliasesARegion: Math.ceil((costs.aliases / regions.length) * 100),
      budget: { watchedUsdPerMonth: budget.watchedUsdPerMonth, unwatchedUsdPerMonth: budget.unwatchedUsdPerMonth },
    })
  })
}

const keyIdsOf = (families: BenchFamily[]) => families.map(({ keyId }) => keyId)

interface Phase {
  name: string
  seconds: number
  /** Requests in the background, by operation. */
  requests: Map<string, number>
  bytes: number
  cpuSeconds: number
  usdPerMonth: number
  lastsSeconds: number | null
}

/** Measures while a page is open, or none, and `work` goes on. */
async function phase(
  product: Product,
  name: string,
  seconds: number,
  open: string[] | null,
  work: (page: Page) => Promise<void> = () => sleep(seconds * 1_000),
  isFirst = false,
): Promise<Phase> {
  // What the phase before looked at counts as open until then.
  if (!isFirst) await sleep(WATCHING_MS)
  const page = new Page(product.url, open ?? [])
  if (open) await page.load()
  const began = performance.now()
  const [before, bytesBefore] = [await product.metrics(), page.bytes]
  await work(page)
  const [after, bytes] = [await product.metrics(), page.bytes - bytesBefore]
  const elapsed = (performance.now() - began) / 1_000
  page.close()
  const { usdPerMonth, lastsSeconds } = await settingsOf(product)
  const cpuSeconds = after.sum('process_cpu_seconds_total') - before.sum('process_cpu_seconds_total')
  return {
    name,
    seconds: elapsed,
    requests: requestsBetween(before, after),
    bytes,
    cpuSeconds,
    usdPerMonth,
    lastsSeconds,
  }
}

function requestsBetween(before: Metrics, after: Metrics): Map<string, number> {
  const counts = (of: Metrics) => of.by('operation', 'kms_atlas_kms_requests_total', { purpose: 'background' })
  const counted = counts(before)
  return new Map([...counts(after)].map(([operation, count]) => [operation, count - (counted.get(operation) ?? 0)]))
}

function printPhases(phases: Phase[]) {
  const aMinute = (value: number, { seconds }: Phase) => (value / seconds) * 60
  printTable(
    `${SCENARIO}: requests in the background and bytes to the browser, a minute`,
    ['when', ...OPERATIONS, 'all', 'USD a month at that', 'reckoned by itself', 'savings last', 'bytes', 'processor'],
    phases.map((each) => {
      const all = aMinute(
        [...each.requests.values()].reduce((sum, count) => sum + count, 0),
        each,
      )
      return [
        each.name,
        ...OPERATIONS.map((operation) => aMinute(each.requests.get(operation) ?? 0, each).toFixed(1)),
        all.toFixed(1),
        (all * MONTH_MINUTES * USD_PER_REQUEST).toFixed(2),
        each.usdPerMonth.toFixed(2),
        each.lastsSeconds === null ? 'for ever' : `${(each.lastsSeconds / 3_600).toFixed(1)} h`,
        Math.round(aMinute(each.bytes, each)).toLocaleString('en'),
        percent(each.cpuSeconds / each.seconds),
      ]
    }),
  )
}

/** One change a second, of each kind in turn, while 50 families are open. */
async function changing(
  product: Product,
  { families, regions, open }: { families: BenchFamily[]; regions: string[]; open: BenchFamily[] },
): Promise<Phase> {
  const kinds = Object.entries(CHANGES)
  const aRound = kinds.length + 1
  const delays = new Map([...kinds.map(([kind]) => kind), 'vanished key'].map((kind): [string, number[]] => [kind, []]))
  const tell = (kind: string, from: number) => (at: number) => void delays.get(kind)?.push((at - from) / 1_000)
  const vanishing = await loadVanishing(product, families, regions, aRound)
  const others = families.slice(MOST_OPEN).values()
  const opened = open.values()
  const next = (of: Iterator<BenchFamily>) => of.next().value as BenchFamily

  const measured = await phase(
    product,
    '50 open, 1 change a second',
    0,
    keyIdsOf(open),
    async (page) => {
      const seen: Promise<void>[] = []
      for (const { keyId, deletionDate } of vanishing) {
        const due = performance.now() + Date.parse(deletionDate) - Date.now()
        seen.push(page.until((all) => !all.has(keyId)).then(tell('vanished key', due)))
      }
      for (let number = 0; number < aRound * CHANGES_EACH; number += 1) {
        const startedAt = performance.now()
        const [kind, change] = kinds[number % aRound] ?? []
        if (kind && change) {
          const { kms } = product.emulator
          const given = { kms, regions, number, other: () => next(others), opened: () => next(opened) }
          const isSeen = await change(given)
          seen.push(page.until(isSeen).then(tell(kind, performance.now())))
        }
        await sleep(Math.max(0, 1_000 - (performance.now() - startedAt)))
      }
      await Promise.race([Promise.all(seen), sleep(GIVE_UP_MS, undefined, { ref: false })])
    },
    true,
  )
  printDelays(delays)
  return measured
}

/** Keys that will be deleted while changes are made, beside all that were there. */
async function loadVanishing(product: Product, families: BenchFamily[], regions: string[], everySeconds: number) {
  const SOON_MS = 20_000
  const vanishing = vanishingFamilies(CHANGES_EACH, regions, Date.now() + SOON_MS, everySeconds * 1_000)
  await product.emulator.door('PUT', 'topology', { families: [...families, ...vanishing] })
  await product.refresh()
  return vanishing
}

function printDelays(delays: Map<string, number[]>) {
  const row = (what: string, times: number[], expected: number) => [
    what,
    `${times.length} of ${expected}`,
    ...[0.5, 0.95, 1].map((share) => `${quantile(times, share).toFixed(1)} s`),
    times.length === expected && quantile(times, 0.95) <= GOAL_SECONDS ? 'yes' : 'NO',
  ]
  printTable(
    'From the answer of KMS to a change made outside until the page has it',
    ['change', 'seen', 'p50', 'p95', 'longest', `≤ ${GOAL_SECONDS} s`],
    [
      ...[...delays].map(([kind, times]) => row(kind, times, CHANGES_EACH)),
      row('all', [...delays.values()].flat(), CHANGES_EACH * delays.size),
    ],
  )
}
