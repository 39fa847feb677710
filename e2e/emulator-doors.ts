// The emulator's control doors, for stories that need a fault, another scenario or the record of calls.

export type Fault = 'unreachable' | 'hang' | 'denied' | 'throttled'
type RegionControl = { region: string; fault: Fault | null; latencyMs: number; jitterMs: number }
type Settings = { transitionMs: number }
export type LoggedCall = { at: string; region: string; operation: string; key: string | null; outcome: string }

export class EmulatorDoors {
  readonly #url: string
  #settingsBefore: Settings | undefined

  constructor(url: string) {
    this.#url = url
  }

  async regions(): Promise<string[]> {
    return (await this.#controls()).map(({ region }) => region)
  }

  async fault(region: string, fault: Fault | null, more: { latencyMs?: number; forSeconds?: number } = {}) {
    await this.#ask('PUT', `regions/${region}`, { fault, ...more })
  }

  /** The next calls of an operation end with this exception. */
  async failNext(operation: string, times: number, exception = 'KMSInternalException', region?: string) {
    await this.#ask('PUT', `operations/${operation}`, {
      failNext: times,
      with: exception,
      ...(region ? { region } : {}),
    })
  }

  /** The next calls of an operation are carried out, and their answers get lost. */
  async dropAnswerNext(operation: string, times = 1) {
    await this.#ask('PUT', `operations/${operation}`, { dropAnswerNext: times })
  }

  /** Replaces every key; a story that needs this starts a product of its own. */
  async scenario(name: string) {
    await this.#ask('POST', `scenarios/${name}`)
  }

  async settings(settings: Settings) {
    this.#settingsBefore ??= (await this.#ask('GET', 'settings')) as Settings
    await this.#ask('PUT', 'settings', settings)
  }

  /** How often each Region was asked for an operation since the counts were last forgotten. */
  async calls(region: string, operation: string): Promise<number> {
    const counts = (await this.#ask('GET', 'calls')) as Record<string, Record<string, number>>
    return counts[region]?.[operation] ?? 0
  }

  async callLog(): Promise<LoggedCall[]> {
    return ((await this.#ask('GET', 'calls?log=1')) as { calls: LoggedCall[] }).calls
  }

  async forgetCalls() {
    await this.#ask('DELETE', 'calls')
  }

  /** Takes back every fault and setting, so that the next story finds a healthy world. */
  async heal() {
    const faulty = (await this.#controls()).filter((each) => each.fault || each.latencyMs > 0 || each.jitterMs > 0)
    for (const { region } of faulty) await this.fault(region, null)
    await this.#ask('DELETE', 'operations')
    if (this.#settingsBefore) await this.#ask('PUT', 'settings', { transitionMs: this.#settingsBefore.transitionMs })
  }

  async #controls(): Promise<RegionControl[]> {
    return ((await this.#ask('GET', 'regions')) as { regions: RegionControl[] }).regions
  }

  async #ask(method: string, door: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.#url}/_emulator/${door}`, {
      method,
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    })
    if (!response.ok) throw new Error(`${method} ${door} answered ${response.status}: ${await response.text()}`)
    return response.json()
  }
}
