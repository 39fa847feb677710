// A series of crashes: evacuations of one and the same fleet, to and fro, in which the product is killed at random
// instants and started again, until there were enough of them.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type LoggedCall, type Promotion, promotionsStored } from './emulator-doors.ts'
import { type Product, productIn, type Victim } from './product.ts'
import type { Random } from './random.ts'
import { gapsIn, hasEnded, type Instant, instantOf, type RequestData, readRun, refresh, startRun } from './runs.ts'

export interface SeriesOptions {
  victim: Victim
  /** Every now and then a promotion is made and not answered. */
  dropsAnswers: boolean
  kills: number
  families: number
  random: Random
}

export interface Outcome {
  instants: Instant[]
  /** Of all evacuations: how many there were, and how many were as they should be. */
  families: { all: number; moved: number; promotedOnce: number }
  reports: { all: number; whole: number }
  /** In words, for a person. */
  troubles: string[]
}

const FROM = 'us-east-1'
const TO = 'eu-west-1'
const WAVE_SIZE = 20
/** The work goes on for at most so long before the next kill. */
const LONGEST_LIFE_MS = 1_200
/** One in so many kills comes while the product is still starting, within so long. */
const WHILE_STARTING = { oneIn: 12, withinMs: 1_500 }
const DROP_EVERY_MS = 250
const LOOK_EVERY_MS = 100

class Series {
  readonly #options: SeriesOptions
  readonly #product: Product
  readonly #promotions = new Map<string, Promotion>()
  readonly #logged = new Map<string, LoggedCall>()
  readonly outcome: Outcome = {
    instants: [],
    families: { all: 0, moved: 0, promotedOnce: 0 },
    reports: { all: 0, whole: 0 },
    troubles: [],
  }

  constructor(product: Product, options: SeriesOptions) {
    this.#product = product
    this.#options = options
  }

  async carryOut(): Promise<void> {
    const { baseUrl, doors } = this.#product
    await this.#product.start()
    await this.#product.answers('/api/health')
    await doors.loadFamilies(this.#options.families, FROM)
    await doors.prepare()
    await refresh(baseUrl)
    let request: RequestData = { kind: 'evacuate', fromRegion: FROM, preferred: [TO], waveSize: WAVE_SIZE }
    while (this.outcome.instants.length < this.#options.kills) {
      this.#promotions.clear()
      this.#logged.clear()
      const id = await startRun(baseUrl, request)
      await this.#crashUntilEnded(id)
      request = await this.#judge(id)
    }
  }

  get #isEnough() {
    return this.outcome.instants.length >= this.#options.kills
  }

  async #crashUntilEnded(id: string): Promise<void> {
    const { random } = this.#options
    for (;;) {
      const until = this.#isEnough ? Number.POSITIVE_INFINITY : performance.now() + random.between(0, LONGEST_LIFE_MS)
      const isOver = await this.#live(id, until)
      if (isOver) return
      await this.#crash(instantOf(await readRun(this.#product.baseUrl, id)))
      await this.#startAgain(id)
    }
  }

  /** Lets the run go on until then; true when it has ended before. */
  async #live(id: string, until: number): Promise<boolean> {
    let droppedAt = Number.NEGATIVE_INFINITY
    for (;;) {
      const now = performance.now()
      if (now >= until) return false
      if (this.#options.dropsAnswers && now - droppedAt >= DROP_EVERY_MS) {
        droppedAt = now
        await this.#product.doors.dropNextPromotion()
      }
      await sleep(Math.min(LOOK_EVERY_MS, until - now))
      if (hasEnded(await readRun(this.#product.baseUrl, id))) return true
    }
  }

  async #startAgain(id: string): Promise<void> {
    const { random } = this.#options
    await this.#product.start()
    if (!this.#isEnough && random.next() < 1 / WHILE_STARTING.oneIn) {
      await sleep(random.between(0, WHILE_STARTING.withinMs))
      await this.#crash('while starting')
      return this.#startAgain(id)
    }
    await this.#product.answers(`/api/runs/${id}`)
    await this.#product.doors.prepare()
  }

  async #crash(instant: Instant): Promise<void> {
    await this.#product.kill()
    this.outcome.instants.push(instant)
    await this.#gather()
    if (this.#product.victim === 'server') await this.#gatherLog()
  }

  /** What KMS has taken so far. */
  async #gather(): Promise<void> {
    for (const promotion of await promotionsStored(this.#product.stateFile)) {
      this.#promotions.set(`${promotion.keyId} ${promotion.startedAt}`, promotion)
    }
  }

  /** The log of the emulator holds its last 10,000 calls, and is gone with an emulator that is killed. */
  async #gatherLog(): Promise<void> {
    for (const call of await this.#product.doors.promotionsLogged()) {
      if (call.outcome.startsWith('ok')) this.#logged.set(`${call.at} ${call.key}`, call)
    }
  }

  /** Looks at every family of the run, and at its record; answers the request that goes back. */
  async #judge(id: string): Promise<RequestData> {
    const { baseUrl, doors } = this.#product
    const { families, reports, troubles } = this.outcome
    await this.#gather()
    await this.#gatherLog()
    const run = await readRun(baseUrl, id)
    const gaps = gapsIn(run)
    reports.all += 1
    if (gaps.length === 0) reports.whole += 1
    else troubles.push(...gaps.slice(0, 5))

    // The way back of an evacuation names where each family was to go.
    for (const { keyId, fromRegion: to, toRegion: from } of run.undo.request.moves) {
      const [there, here] = await Promise.all([doors.memberIn(to, keyId), doors.memberIn(from, keyId)])
      const isMoved = [there, here].every(({ state, primaryRegion }) => state === 'Enabled' && primaryRegion === to)
      const stored = [...this.#promotions.values()].filter((promotion) => promotion.keyId === keyId)
      const inLog = [...this.#logged.values()].filter(
        ({ key, at }) => key?.endsWith(keyId) && at >= (run.startedAt ?? ''),
      )
      const isOnce =
        stored.length === 1 && stored[0]?.to === to && (this.#product.victim === 'tree' || inLog.length === 1)
      families.all += 1
      if (isMoved) families.moved += 1
      else
        troubles.push(
          `${keyId}: ${to} says ${there.primaryRegion}, ${there.state}; ${from} says ${here.primaryRegion}, ${here.state}`,
        )
      if (isOnce) families.promotedOnce += 1
      else troubles.push(`${keyId} was promoted ${stored.length} times by the state file, ${inLog.length} by the log`)
    }
    return run.undo.request
  }
}

export async function crashSeries(options: SeriesOptions): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-crash-'))
  const product = await productIn(folder, options.victim)
  try {
    const series = new Series(product, options)
    await series.carryOut()
    return series.outcome
  } finally {
    await product.end()
    await rm(folder, { recursive: true, force: true })
  }
}
