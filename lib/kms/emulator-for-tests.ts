// For tests: the emulator as a process of its own on a free port, and its control doors.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export type RegionFault = 'unreachable' | 'hang' | 'denied' | 'throttled' | null

interface LoggedCall {
  region: string
  key?: string
  outcome: string
}

const ACCESS_KEY_ID = 'test'

/** The emulator's address is printed once it listens. */
const LISTENING = /^emulator (http:\/\/\S+)$/

/**
 * Starts the emulator with a scenario and points this process's AWS SDK at it. Call it before the first request:
 * clients keep the endpoint that they were made with.
 */
export async function startEmulator(scenario = 'empty') {
  const child = spawn(process.execPath, ['emulator/main.ts', '--port', '0', '--scenario', scenario], {
    // The channel ends the emulator when this process dies without a word.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const { stdout } = child
  if (!stdout) throw new Error('The emulator was started without its output')
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The emulator ended with code ${code} before it listened`)))
    createInterface({ input: stdout }).on('line', (line) => {
      const address = LISTENING.exec(line)?.[1]
      if (address) resolve(address)
    })
  })
  process.env.AWS_ENDPOINT_URL_KMS = url
  process.env.AWS_ACCESS_KEY_ID = ACCESS_KEY_ID
  process.env.AWS_SECRET_ACCESS_KEY = 'test'

  async function door(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${url}/_emulator/${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`)
    const text = await response.text()
    return text === '' ? undefined : JSON.parse(text)
  }

  return {
    url,
    load: (name: string) => door('POST', `scenarios/${name}`),
    loadFamilies: (families: object[]) => door('PUT', 'topology', { families }),
    fault: (region: string, fault: RegionFault) => door('PUT', `regions/${region}`, { fault }),
    slow: (region: string, latencyMs: number) => door('PUT', `regions/${region}`, { fault: null, latencyMs }),
    fail: (operation: string, failure: { failNext: number; with: string; region?: string }) =>
      door('PUT', `operations/${operation}`, failure),
    dropAnswer: (operation: string) => door('PUT', `operations/${operation}`, { dropAnswerNext: 1 }),
    settings: (settings: { transitionMs?: number; quotas?: boolean; authorization?: 'off' | 'policies' }) =>
      door('PUT', 'settings', settings),
    /** From now on the requests of this process are those of a role with these identity policies. */
    actAs: (statements: object[]) =>
      door('PUT', `callers/${ACCESS_KEY_ID}`, {
        arn: 'arn:aws:iam::111122223333:role/Atlas',
        policies: [{ Version: '2012-10-17', Statement: statements }],
      }),
    calls: async (region: string, operation: string): Promise<number> => {
      const counts = (await door('GET', 'calls')) as Record<string, Record<string, number>>
      return counts[region]?.[operation] ?? 0
    },
    /** The operations that a Region was asked for since the counts were last forgotten, in order. */
    callLog: async (region: string): Promise<string[]> => {
      const { calls } = (await door('GET', 'calls?log=1')) as { calls: { region: string; operation: string }[] }
      return calls.filter((each) => each.region === region).map(({ operation }) => operation)
    },
    /** Calls of one operation in all Regions, in order. */
    callsOf: async (operation: string): Promise<LoggedCall[]> => {
      const { calls } = (await door('GET', 'calls?log=1')) as { calls: (LoggedCall & { operation: string })[] }
      return calls.filter((each) => each.operation === operation)
    },
    forgetCalls: () => door('DELETE', 'calls'),
    stop: () =>
      new Promise<void>((resolve) => {
        child.once('exit', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}

export type TestEmulator = Awaited<ReturnType<typeof startEmulator>>
