// How fast the screens answer with a thousand families, in a browser: measured inside the page, until it is painted.

import { type Browser, chromium, type Page } from '@playwright/test'
import { findChromium } from '../scripts/test/chromium.ts'
import { type Product, withProduct } from './product.ts'
import { milliseconds, printTable, quantile } from './table.ts'
import { INTERACTIONS, type Interaction, ROUNDS, SCREEN } from './ui/interactions.ts'
import { installStopwatch, type Lap } from './ui/stopwatch.ts'

const SCENARIO = 'fleet-1000x6'
const FAMILIES = 1000
/** So long without a change, and an interaction is over. */
const QUIET_MS = 200
/** How long a page is left alone before it is watched at rest, and then watched. */
const REST_BEFORE_MS = 5_000
const REST_MS = 40_000
const REFRESHES = 4

export async function benchUi(): Promise<void> {
  const executablePath = await findChromium()
  await withProduct(SCENARIO, async (product) => {
    await product.refresh()
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
    try {
      await measureInteractions(browser, product)
      await measureRest(browser, product)
    } finally {
      await browser.close()
    }
  })
}

async function measureInteractions(browser: Browser, product: Product): Promise<void> {
  const rows: string[][] = []
  const page = await openPage(browser, product)
  for (const interaction of INTERACTIONS) {
    rows.push(rowOf(interaction, await lapsOf(page, interaction)))
  }
  printTable(
    `${FAMILIES} families: from an event until what was asked for is painted`,
    ['interaction', 'p50', 'p95', 'first paint p95', 'long tasks', 'goal'],
    rows,
  )
  await page.close()
}

/** What the page does while Regions are read again, and nothing has changed. */
async function measureRest(browser: Browser, product: Product): Promise<void> {
  const page = await openPage(browser, product)
  const rows: string[][] = []
  for (const path of ['/', '/keys', '/keys?view=matrix']) {
    const html = (await (await fetch(`${product.url}${path}`)).text()).length
    await page.goto(path)
    await page.waitForLoadState('networkidle').catch(() => undefined)
    await page.waitForTimeout(REST_BEFORE_MS)
    await page.evaluate(watchRest)
    let bytes = 0
    page.on('response', (response) => {
      if (response.url().includes('/api/topology'))
        void response.body().then(
          (body) => (bytes += body.length),
          () => 0,
        )
    })
    for (let round = 0; round < REFRESHES; round++) {
      await product.refresh()
      await page.waitForTimeout(REST_MS / REFRESHES)
    }
    page.removeAllListeners('response')
    const { clocks, others } = await page.evaluate(() => window.rest)
    const where = [...new Set(others)].join(', ')
    rows.push([path, String(clocks), `${others.length}${where && ` (${where})`}`, `${bytes} B`, `${html} B`])
  }
  printTable(
    `${REFRESHES} readings of all Regions in ${REST_MS / 1_000} s that change nothing`,
    ['page', 'repaints of ages', 'other repaints (goal: 0)', 'topology to the browser', 'HTML, uncompressed'],
    rows,
  )
  await page.close()
}

declare global {
  interface Window {
    rest: { clocks: number; others: string[] }
  }
}

/** Runs in the page: counts what changes in the document, ages in words apart. */
function watchRest() {
  window.rest = { clocks: 0, others: [] }
  new MutationObserver((mutations) => {
    for (const { target } of mutations) {
      const element = target instanceof Element ? target : target.parentElement
      const isAge = element?.closest('[title^="Last reading"], time, [data-clock]')
      if (isAge) window.rest.clocks += 1
      else window.rest.others.push(element ? `${element.tagName.toLowerCase()}.${element.className}` : 'text')
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true })
}

async function openPage(browser: Browser, { url }: Product): Promise<Page> {
  const page = await browser.newPage({ baseURL: url, viewport: SCREEN, locale: 'en-GB' })
  page.on('pageerror', (error) => console.error(error))
  await page.addInitScript(installStopwatch)
  return page
}

async function lapsOf(page: Page, interaction: Interaction): Promise<Lap[]> {
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
  const p95 = quantile(times, 0.95)
  const tasks = laps.flatMap(({ longTasks }) => longTasks)
  return [
    name,
    milliseconds(quantile(times, 0.5)),
    milliseconds(p95),
    milliseconds(
      quantile(
        laps.map(({ firstMs }) => firstMs),
        0.95,
      ),
    ),
    tasks.length === 0 ? 'none' : `${tasks.length}, longest ${Math.max(...tasks).toFixed(0)} ms`,
    goalMs === undefined ? '' : `< ${goalMs} ms: ${p95 < goalMs ? 'yes' : 'NO'}`,
  ]
}
