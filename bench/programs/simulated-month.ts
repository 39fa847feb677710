// A month of refreshing in seconds: the product's refresher with a clock that is told the time, and Regions that only
// count what is asked of them.

import { syncBuiltinESMExports } from 'node:module'
import { mock } from 'node:test'
import timers from 'node:timers/promises'
import { type Due, Refresher, type RefreshSource } from '../../lib/inventory/refresher.ts'
import { USD_PER_REQUEST } from '../../lib/topology/price.ts'
import type { RefreshBudget } from '../../lib/topology/refresh-budget.ts'
import type { RefreshPeriods } from '../../lib/topology/refreshing.ts'
import { orderFor } from '../rate.ts'

/** The account, and who watches it. */
export interface MonthOrder {
  regions: string[]
  families: number
  membersEach: number
  aliasesARegion: number
  budget: RefreshBudget
  /** Hours of the day, and days of the week from Monday on, in which somebody watches. */
  watched: { fromHour: number; toHour: number; days: number }
  open: number
}

/** One hour of the month. */
export interface SimulatedHour {
  watched: boolean
  requests: Record<string, number>
  periods: RefreshPeriods
}

const HOURS = 30 * 24
const KEYS_A_PAGE = 1_000
const ALIASES_A_PAGE = 100
/** An open page asks so often, and counts as watching for longer. */
const POLL_SECONDS = 15
const MONDAY = Date.UTC(2026, 5, 1)

/** Counts requests; members are as old as they were when they were read last. */
class CountingRegions implements RefreshSource {
  readonly regions: string[]
  requests: Record<string, number> = {}
  #made = 0
  readonly #known = new Set<string>()
  readonly #members = new Map<string, Due>()
  readonly #order: MonthOrder

  constructor(order: MonthOrder) {
    this.#order = order
    this.regions = order.regions
  }

  callsMade = () => this.#made

  unsettled = () => []

  costs() {
    const { families, membersEach, regions } = this.#order
    return {
      keys: regions.length * this.#pages(KEYS_A_PAGE, (families * membersEach) / regions.length),
      aliases: regions.length * this.#pages(ALIASES_A_PAGE, this.#order.aliasesARegion),
      others: families * membersEach + families,
    }
  }

  async sweep(region: string, { withAliases }: { withAliases: boolean }) {
    const { families, membersEach, regions, aliasesARegion } = this.#order
    this.#count('ListKeys', this.#pages(KEYS_A_PAGE, (families * membersEach) / regions.length))
    if (withAliases) this.#count('ListAliases', this.#pages(ALIASES_A_PAGE, aliasesARegion))
    if (!this.#known.has(region)) this.#readAll(region)
    this.#known.add(region)
    return 'ok' as const
  }

  async readMember(region: string, keyId: string) {
    this.#read(region, keyId)
  }

  members(keyIds?: string[]): Iterable<Due> {
    if (keyIds === undefined) return this.#members.values()
    return keyIds.flatMap((keyId) =>
      this.#regionsOf(Number(keyId)).flatMap((region) => this.#members.get(`${region} ${keyId}`) ?? []),
    )
  }

  #pages(size: number, items: number) {
    return Math.max(1, Math.ceil(items / size))
  }

  /** As the first scan of a process does. */
  #readAll(region: string) {
    for (let family = 0; family < this.#order.families; family += 1) {
      if (this.#regionsOf(family).includes(region)) this.#read(region, String(family))
    }
  }

  /** Primary keys are spread over the Regions, replica keys follow. */
  #regionsOf(family: number) {
    const { regions, membersEach } = this.#order
    return Array.from({ length: membersEach }, (_, offset) => regions[(family + offset) % regions.length] ?? '')
  }

  #read(region: string, keyId: string) {
    this.#count('DescribeKey', 1)
    if (this.#regionsOf(Number(keyId))[0] === region) this.#count('GetKeyRotationStatus', 1)
    // Read last stands last.
    const name = `${region} ${keyId}`
    this.#members.delete(name)
    this.#members.set(name, { region, keyId, at: new Date().toISOString() })
  }

  #count(operation: string, requests: number) {
    this.requests[operation] = (this.requests[operation] ?? 0) + requests
    this.#made += requests
  }
}

function isWatched({ fromHour, toHour, days }: MonthOrder['watched'], hour: number) {
  const [day, ofDay] = [Math.floor(hour / 24) % 7, hour % 24]
  return day < days && ofDay >= fromHour && ofDay < toHour
}

async function month(order: MonthOrder): Promise<SimulatedHour[]> {
  const source = new CountingRegions(order)
  const refresher = new Refresher(source, { budget: order.budget, retryAfterMs: [1_000] })
  const open = Array.from({ length: order.open }, (_, family) => String(family))
  const hours: SimulatedHour[] = []
  void refresher.start()
  for (let hour = 0; hour < HOURS; hour += 1) {
    const watched = isWatched(order.watched, hour)
    for (let second = 0; second < 3_600; second += 1) {
      if (watched && second % POLL_SECONDS === 0) refresher.seen(open)
      mock.timers.tick(1_000)
      await turn()
    }
    hours.push({ watched, requests: source.requests, periods: refresher.refreshing().periods })
    source.requests = {}
  }
  refresher.stop()
  return hours
}

/** The mocked one keeps a listener at the signal for ever. */
function sleep(ms: number, value: unknown, { signal }: { signal: AbortSignal }) {
  return new Promise((resolve, reject) => {
    const end = (how: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
      how()
    }
    const giveUp = () => end(() => reject(signal.reason))
    const timer = setTimeout(() => end(() => resolve(value)), ms)
    signal.addEventListener('abort', giveUp)
  })
}

const order = (await orderFor()) as MonthOrder
const turn = timers.setImmediate
mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: MONDAY })
// `mock.method` would remember each of millions of calls.
timers.setTimeout = sleep as typeof timers.setTimeout
performance.now = () => Date.now()
syncBuiltinESMExports()
const hours = await month(order)
process.send?.({ hours, usdPerRequest: USD_PER_REQUEST })
