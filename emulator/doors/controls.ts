// What the control doors can set: faults of Regions and operations, settings, and the record of calls.

import { Quotas } from '../quotas/quotas.ts'

type Fault = 'unreachable' | 'hang' | 'denied' | 'throttled'
export type RegionControl = { fault: Fault | null; latencyMs: number; jitterMs: number; endsAt?: number }
/** For the calls of one operation in one Region, or in all (null); the numbers count down as calls come. */
export type OperationControl = {
  operation: string
  region: string | null
  failNext: number
  with: string
  dropAnswerNext: number
}
export type Settings = { transitionMs: number; quotas: boolean; authorization: 'off' | 'policies' }
export type Call = { at: string; region: string; operation: string; key: string | null; outcome: string }

export const FAULTS: readonly Fault[] = ['unreachable', 'hang', 'denied', 'throttled']
const NOTHING: RegionControl = { fault: null, latencyMs: 0, jitterMs: 0 }
const MAX_LOGGED_CALLS = 10_000

export class Controls {
  settings: Settings
  readonly quotas = new Quotas()
  readonly #settingsAtStart: Settings
  readonly #regions = new Map<string, RegionControl>()
  readonly #operations = new Map<string, OperationControl>()
  #counts = new Map<string, Map<string, number>>()
  #log: Call[] = []
  #oldest = 0

  constructor(settings: Settings) {
    this.settings = settings
    this.#settingsAtStart = settings
  }

  reset(): void {
    this.settings = this.#settingsAtStart
    this.#regions.clear()
    this.#operations.clear()
    this.quotas.refill()
    this.forgetCalls()
  }

  /** The fault of a Region now; one with an end is over by itself. */
  region(region: string, now: number): RegionControl {
    const control = this.#regions.get(region)
    if (control?.endsAt !== undefined && control.endsAt <= now) this.#regions.delete(region)
    return this.#regions.get(region) ?? NOTHING
  }

  setRegion(region: string, control: RegionControl): void {
    if (control.fault === null && control.latencyMs === 0 && control.jitterMs === 0) this.#regions.delete(region)
    else this.#regions.set(region, control)
  }

  regionsWithFaults(): string[] {
    return [...this.#regions.keys()]
  }

  operations(): OperationControl[] {
    return [...this.#operations.values()].filter((control) => control.failNext > 0 || control.dropAnswerNext > 0)
  }

  /** Takes the place of what was set for the same operation in the same Region, or in all. */
  setOperation(control: OperationControl): void {
    this.#operations.set(nameOf(control), control)
  }

  /** Forgets what was set for one operation in whatever Region, or for all operations. */
  forgetOperations(operation?: string): void {
    for (const control of this.#operations.values()) {
      if (operation === undefined || control.operation === operation) this.#operations.delete(nameOf(control))
    }
  }

  /** The exception this call is to fail with, if any; counts it as used up. */
  takeFailure(operation: string, region: string): string | undefined {
    const control = this.#controlsFor(operation, region).find(({ failNext }) => failNext > 0)
    if (control) control.failNext -= 1
    return control?.with
  }

  /** Whether the answer to this call is to be lost; counts it as used up. */
  takeDroppedAnswer(operation: string, region: string): boolean {
    const control = this.#controlsFor(operation, region).find(({ dropAnswerNext }) => dropAnswerNext > 0)
    if (control) control.dropAnswerNext -= 1
    return control !== undefined
  }

  recordCall(call: Call): void {
    const counts = this.#counts.get(call.region) ?? new Map<string, number>()
    this.#counts.set(call.region, counts.set(call.operation, (counts.get(call.operation) ?? 0) + 1))
    if (this.#log.length < MAX_LOGGED_CALLS) this.#log.push(call)
    else {
      this.#log[this.#oldest] = call
      this.#oldest = (this.#oldest + 1) % MAX_LOGGED_CALLS
    }
  }

  /** By Region, then by operation. */
  callCounts(): Record<string, Record<string, number>> {
    return Object.fromEntries([...this.#counts].map(([region, counts]) => [region, Object.fromEntries(counts)]))
  }

  /** The last calls, oldest first. */
  calls(): Call[] {
    return [...this.#log.slice(this.#oldest), ...this.#log.slice(0, this.#oldest)]
  }

  forgetCalls(): void {
    this.#counts = new Map()
    this.#log = []
    this.#oldest = 0
  }

  /** What was set for this Region goes before what was set for all. */
  #controlsFor(operation: string, region: string): OperationControl[] {
    if (this.#operations.size === 0) return []
    const names = [nameOf({ operation, region }), nameOf({ operation, region: null })]
    return names.flatMap((name) => this.#operations.get(name) ?? [])
  }
}

const nameOf = ({ operation, region }: Pick<OperationControl, 'operation' | 'region'>) => `${operation} ${region ?? ''}`
