// What the control doors can set: faults of Regions and operations, settings, and the record of calls.

import { Quotas } from './quotas.ts'

type Fault = 'unreachable' | 'hang' | 'denied' | 'throttled'
export type RegionControl = { fault: Fault | null; latencyMs: number; jitterMs: number; endsAt?: number }
export type OperationControl = { failNext: number; with: string; dropAnswerNext: number; region?: string }
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

  setOperation(operation: string, control: OperationControl): void {
    this.#operations.set(operation, control)
  }

  /** The exception this call is to fail with, if any; counts it as used up. */
  takeFailure(operation: string, region: string): string | undefined {
    const control = this.#controlOf(operation, region)
    if (!control || control.failNext === 0) return undefined
    control.failNext -= 1
    return control.with
  }

  /** Whether the answer to this call is to be lost; counts it as used up. */
  takeDroppedAnswer(operation: string, region: string): boolean {
    const control = this.#controlOf(operation, region)
    if (!control || control.dropAnswerNext === 0) return false
    control.dropAnswerNext -= 1
    return true
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

  #controlOf(operation: string, region: string): OperationControl | undefined {
    const control = this.#operations.get(operation)
    return control && (control.region === undefined || control.region === region) ? control : undefined
  }
}
