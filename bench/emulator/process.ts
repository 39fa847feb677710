// An emulator started for one measurement, on a free port, and what it is filled with.

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { end, startProgram } from '../processes.ts'

/** How to ask an emulator that runs. */
export type EmulatorDoors = {
  url: string
  /** Asks a control door, `scenarios/demo` for instance. */
  door: (method: string, path: string, body?: unknown) => Promise<unknown>
  /** One call of KMS, in `REGION` when no other is given. */
  kms: (operation: string, body: object, region?: string) => Promise<unknown>
}

export type RunningEmulator = EmulatorDoors & {
  pid: number
  /** From the start of the process to the line with the address. */
  startedInMs: number
}

/** Where the calls of benchmarks go. */
export const REGION = 'us-east-1'

/** For PUT /_emulator/topology: 2,000 families with five members and an alias each. */
export const TEN_THOUSAND_KEYS = {
  families: Array.from({ length: 2000 }, (_, index) => ({
    keyId: `mrk-${index.toString(16).padStart(32, '0')}`,
    primaryRegion: REGION,
    keySpec: 'SYMMETRIC_DEFAULT',
    keyUsage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    members: [REGION, 'us-west-2', 'eu-west-1', 'eu-central-1', 'ap-northeast-1'].map((region) => ({
      region,
      state: 'Enabled',
      description: `Bench key ${index}`,
      aliases: [`alias/bench-${index}`],
      rotation: { enabled: true, periodInDays: 365 },
    })),
  })),
}

/** Starts an emulator, does `work` with it, and ends it. */
export async function withEmulator<T>(
  { args = [], core, environment }: { args?: string[]; core?: number; environment?: Record<string, string> },
  work: (emulator: RunningEmulator) => Promise<T>,
): Promise<T> {
  const began = performance.now()
  const child = startProgram('emulator/bin/kms-emulator.js', ['--port', '0', ...args], { core, environment })
  try {
    const url = await addressOf(child)
    const startedInMs = performance.now() - began
    return await work({ ...emulatorAt(url), pid: child.pid ?? 0, startedInMs })
  } finally {
    await end(child)
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the emulator has no output')
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the emulator ended with ${code}`)
  })
  const [line] = (await Promise.race([once(child.stdout, 'data'), ended])) as unknown[]
  const url = /^emulator (http:\S+)\n/.exec(String(line))?.[1]
  if (url === undefined) throw new Error(`the emulator said ${String(line)}`)
  return url
}

export const emulatorAt = (url: string): EmulatorDoors => ({ url, door: doorOf(url), kms: kmsOf(url) })

const doorOf = (url: string) => (method: string, path: string, body?: unknown) =>
  jsonOf(`${url}/_emulator/${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })

const kmsOf =
  (url: string) =>
  (operation: string, body: object, region = REGION) =>
    jsonOf(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `TrentService.${operation}`,
        authorization: `AWS4-HMAC-SHA256 Credential=bench/20261123/${region}/kms/aws4_request, SignedHeaders=host, Signature=00`,
      },
      body: JSON.stringify(body),
    })

async function jsonOf(url: string, request: RequestInit): Promise<unknown> {
  const response = await fetch(url, request)
  const answer = await response.text()
  if (!response.ok) throw new Error(`${request.method} ${url}: ${response.status} ${answer}`)
  // Operations that answer nothing, such as CreateAlias, have an empty body.
  return answer === '' ? {} : JSON.parse(answer)
}

/** Up to 1,000 keys of `REGION`. */
export async function someKeyIds({ kms }: RunningEmulator): Promise<string[]> {
  const { Keys } = (await kms('ListKeys', { Limit: 1000 })) as { Keys: { KeyId: string }[] }
  return Keys.map(({ KeyId }) => KeyId)
}
