// How fast the screens answer with a thousand families, in a browser: measured inside the page, until it is painted.

import { type Browser, chromium, type Page } from '@playwright/test'
import { findChromium } from '../scripts/test/chromium.ts'
import { milliseconds, printTable } from './table.ts'
import { INTERACTIONS, type Interaction, ROUNDS, SCREEN } from './ui/interactions.ts'
import { type Product, withProduct } from './ui/product.ts'
import { installStopwatch, type Lap } from './ui/stopwatch.ts'

const SCENARIO = 'fleet-1000x6'
const FAMILIES = 1000
/** So long without a change, and an interaction is over. */
const QUIET_MS = 200

export async function benchUi(): Promise<void> {
  const executablePath = await findChromium()
  await withProduct(SCENARIO, async (product) => {
    await untilWhole(product)
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
    try {
      await measureInteractions(browser, product)
    } finally {
      await browser.close()
    }
  })
}

async function untilWhole({ url }: Product): Promise<void> {
  await fetch(`${url}/api/topology/refresh`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
}

async function measureInteractions(browser: Browser, product: Product): Promise<void> {
  const rows: string[][] = []
  const page = await openPage(browser, product)
  for (const interaction of INTERACTIONS) {
    if (process.env.ONLY && !interaction.name.includes(process.env.ONLY)) continue
    const laps = await lapsOf(page, product, interaction)
    rows.push(rowOf(interaction, laps))
    console.log(rows.at(-1)?.join('  '))
  }
  printTable(
    `${FAMILIES} families`,
    ['interaction', 'p50', 'p95', 'first paint p95', 'settled p95', 'long tasks', 'goal'],
    rows,
  )
}

async function openPage(browser: Browser, { url }: Product): Promise<Page> {
  const page = await browser.newPage({ baseURL: url, viewport: SCREEN, locale: 'en-GB' })
  page.on('pageerror', (error) => console.error(error))
  await page.addInitScript(installStopwatch)
  return page
}

async function lapsOf(page: Page, _product: Product, interaction: Interaction): Promise<Lap[]> {
  const laps: Lap[] = []
  await interaction.open(page)
  for (let round = -2; round < ROUNDS; round++) {
    await interaction.prepare?.(page, round + 2)
    await page.waitForTimeout(2 * QUIET_MS)
    await page.evaluate(
      ([event, seen]) => window.stopwatch.arm(event ?? '', seen ?? undefined),
      [interaction.event, interaction.seen ?? null],
    )
    await interaction.act(page, round + 2)
    const lap = await page.evaluate((quietMs) => window.stopwatch.settled(quietMs), QUIET_MS)
    await interaction.check?.(page, round + 2)
    if (round >= 0) laps.push(lap)
  }
  return laps
}

function rowOf({ name, goalMs, seen }: Interaction, laps: Lap[]): string[] {
  const times = laps.map(({ answeredMs, seenMs }) => (seen ? seenMs : answeredMs))
  const p95 = percentile(times, 0.95)
  const tasks = laps.flatMap(({ longTasks }) => longTasks)
  return [
    name,
    milliseconds(percentile(times, 0.5)),
    milliseconds(p95),
    milliseconds(
      percentile(
        laps.map(({ firstMs }) => firstMs),
        0.95,
      ),
    ),
    tasks.length === 0 ? 'none' : `${tasks.length}, longest ${Math.max(...tasks).toFixed(0)} ms`,
    goalMs === undefined ? '' : `< ${goalMs} ms: ${p95 < goalMs ? 'yes' : 'NO'}`,
  ]
}

/** The value that so great a share of all does not exceed. */
function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
