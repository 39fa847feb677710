// Pacing: the one door through which every call to KMS goes. It bounds what is in flight per Region, keeps to the pace
// of the tokens, and counts.

import { env } from '@/lib/env'
import { once } from '@/lib/store/singletons'
import { type CallCount, CallCounts, outcomeOf } from './call-counts'
import { tokenSource } from './shared-tokens'
import type { PacedCall, Purpose, SentCall, TokenSource } from './tokens'

/** In flight per Region, for a start. */
const IN_FLIGHT: Readonly<Record<Purpose, number>> = { background: 16, run: 32 }
/** A far Region needs more in flight to keep the same pace; never more than this. `client.ts` has sockets for both. */
export const MOST_IN_FLIGHT = 160
/** Answers that take longer than the fastest one should not cost pace. */
const SPARE = 1.5
/** What the fastest answer is believed to be may rise by this with each answer, for the way to a Region changes. */
const SLOWER_MS = 0.01
/** Timers are no finer; several tokens that come in between are used together. */
const LEAST_WAIT_MS = 2

interface Lane {
  readonly call: SentCall
  readonly waiting: Set<() => void>
}

/** All that is under way or waits in one Region for one purpose. */
interface Place {
  inFlight: number
  fastestMs: number
  /** In the order of their turns. */
  lanes: Lane[]
}

/** Calls that count against the same quotas take turns with each other. */
const laneOf = ({ operation, besides = [] }: SentCall) =>
  [operation, ...besides.map((charge) => `${charge.region} ${charge.operation}`)].join(' ')

function quotasOf(call: SentCall): { quota: PacedCall; times: number }[] {
  const { region, operation, purpose, besides = [] } = call
  return [
    { quota: { region, operation, purpose }, times: 1 },
    ...besides.map(({ times, ...charge }) => ({ quota: { ...charge, purpose }, times })),
  ]
}

/**
 * Lets calls through when their Region has room and there are tokens. Within a Region the operations take turns, so
 * that a thousand descriptions do not hold up a list; runs come before background reads.
 */
export class Pacer {
  readonly #tokens: TokenSource
  readonly #clock: () => number
  readonly #places = new Map<string, Place>()
  readonly #counts = new CallCounts()
  #inBackground = 0
  #timer: { at: number; handle: NodeJS.Timeout } | undefined

  constructor(tokens: TokenSource, clock: () => number) {
    this.#tokens = tokens
    this.#clock = clock
  }

  /** Makes one call when it may go; rejects with the signal's reason when it is given up before that. */
  run<T>(call: SentCall, send: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const place = this.#place(call.purpose, call.region)
    const lane = this.#lane(place, call)
    return new Promise<T>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const go = () => {
        lane.waiting.delete(go)
        signal?.removeEventListener('abort', giveUp)
        this.#send(place, call, send).then(resolve, reject)
      }
      const giveUp = () => {
        lane.waiting.delete(go)
        reject(signal?.reason)
        // Others may have waited for it, and the timer may have been its own.
        this.#letGo(call.region)
        this.#wakeOnlyWhenNeeded()
      }
      lane.waiting.add(go)
      signal?.addEventListener('abort', giveUp, { once: true })
      // Behind others it is woken with them.
      if (lane.waiting.size === 1) this.#letGo(call.region)
    })
  }

  /** Calls of background reads since the start. */
  get inBackground(): number {
    return this.#inBackground
  }

  get counts(): CallCount[] {
    return this.#counts.all()
  }

  async #send<T>(place: Place, call: SentCall, send: () => Promise<T>): Promise<T> {
    const sentAt = this.#clock()
    place.inFlight += 1
    if (call.purpose === 'background') this.#inBackground += 1
    try {
      const answer = await send()
      this.#counts.add(call, 'ok')
      place.fastestMs = Math.min(this.#clock() - sentAt, place.fastestMs + SLOWER_MS)
      return answer
    } catch (error) {
      const outcome = outcomeOf(error, call.region)
      this.#counts.add(call, outcome)
      // KMS does not say which of its quotas was used up.
      if (outcome === 'throttled') {
        for (const { quota } of quotasOf(call)) this.#tokens.throttled(quota, sentAt, this.#clock())
      }
      throw error
    } finally {
      place.inFlight -= 1
      this.#letGo(call.region)
    }
  }

  #place(purpose: Purpose, region: string): Place {
    const name = `${purpose} ${region}`
    const place = this.#places.get(name) ?? { inFlight: 0, fastestMs: Number.POSITIVE_INFINITY, lanes: [] }
    this.#places.set(name, place)
    return place
  }

  #lane(place: Place, call: SentCall): Lane {
    const known = place.lanes.find((lane) => laneOf(lane.call) === laneOf(call))
    if (known) return known
    const lane: Lane = { call, waiting: new Set() }
    place.lanes.push(lane)
    return lane
  }

  #letGo(region: string) {
    this.#letGoFor('run', region)
    this.#letGoFor('background', region)
  }

  /** Starts what may go now, operations in turns; for the others it sets the timer. */
  #letGoFor(purpose: Purpose, region: string) {
    const place = this.#place(purpose, region)
    let refused = 0
    while (refused < place.lanes.length) {
      const lane = place.lanes.shift()
      if (!lane) return
      place.lanes.push(lane)
      const [go] = lane.waiting
      if (go && this.#mayGo(place, lane)) {
        refused = 0
        go()
      } else refused += 1
    }
  }

  #mayGo(place: Place, { call }: Lane): boolean {
    const now = this.#clock()
    // Whoever is under way lets the next one go when it ends.
    if (place.inFlight >= this.#mostInFlight(place, call, now)) return false
    if (call.purpose === 'background' && this.#runWaitsFor(call)) return false
    const wait = this.#takeAll(call, now)
    if (wait > 0) this.#wakeAt(now + Math.max(wait, LEAST_WAIT_MS))
    return wait === 0
  }

  /** Takes what the call counts against all quotas and answers 0, or takes nothing and answers how long to wait. */
  #takeAll(call: SentCall, now: number): number {
    const quotas = quotasOf(call)
    for (const [index, { quota, times }] of quotas.entries()) {
      const wait = this.#tokens.take(quota, now, times)
      if (wait === 0) continue
      for (const taken of quotas.slice(0, index)) this.#tokens.giveBack(taken.quota, now, taken.times)
      return wait
    }
    return 0
  }

  /** At a pace of r calls a second that take s seconds each, r × s are in flight (Little's law). */
  #mostInFlight({ fastestMs }: Place, call: PacedCall, now: number): number {
    const least = IN_FLIGHT[call.purpose]
    if (!Number.isFinite(fastestMs)) return least
    const needed = Math.ceil((this.#tokens.perSecond(call, now) * fastestMs * SPARE) / 1000)
    return Math.min(MOST_IN_FLIGHT, Math.max(least, needed))
  }

  #runWaitsFor({ region, operation }: PacedCall): boolean {
    const lanes = this.#places.get(`run ${region}`)?.lanes ?? []
    return lanes.some((lane) => lane.call.operation === operation && lane.waiting.size > 0)
  }

  #wakeAt(at: number) {
    if (this.#timer && this.#timer.at <= at) return
    clearTimeout(this.#timer?.handle)
    const handle = setTimeout(() => this.#wake(), Math.max(0, at - this.#clock()))
    this.#timer = { at, handle }
  }

  #wake() {
    this.#timer = undefined
    const regions = new Set([...this.#places.keys()].map((name) => name.slice(name.indexOf(' ') + 1)))
    for (const region of regions) this.#letGo(region)
  }

  /** Nobody waits any more: the timer need not keep the process. */
  #wakeOnlyWhenNeeded() {
    const waiting = [...this.#places.values()].some(({ lanes }) => lanes.some((lane) => lane.waiting.size > 0))
    if (waiting) return
    clearTimeout(this.#timer?.handle)
    this.#timer = undefined
  }
}

const pacer = () =>
  once('kms pacing', () => new Pacer(tokenSource(env().ATLAS_QUOTA_SHARE / 100), () => performance.now()))

/** Runs one call when its Region has room for it and its pace allows. */
export const paced = <T>(call: SentCall, send: () => Promise<T>, signal?: AbortSignal): Promise<T> =>
  pacer().run(call, send, signal)

/** Calls of this process since its start. */
export const callCounts = (): CallCount[] => pacer().counts

/** Calls of background reads since the start: what refreshing has cost. */
export const backgroundCalls = (): number => pacer().inBackground
