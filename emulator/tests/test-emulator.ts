// A listening emulator for one test, with a clock that the test moves, or the real one for programs that know no other,
// and the official SDK to ask it with.

import { CreateKeyCommand, type CreateKeyCommandInput, KMSClient, ReplicateKeyCommand } from '@aws-sdk/client-kms'
import { onTestFinished } from 'vitest'
import { type Options, startEmulator } from '../server.ts'

export const ACCOUNT = '111122223333'
export const START = Date.parse('2026-11-23T22:00:00Z')
export const TRANSITION_MS = 300
export const DAY_MS = 86_400_000

export async function emulate(
  options: Partial<Omit<Options, 'port' | 'clock'>> & { startAt?: number; realTime?: boolean } = {},
) {
  let now = options.startAt ?? START
  const clock = options.realTime ? Date.now : () => now
  const emulator = await startEmulator({ port: 0, transitionMs: TRANSITION_MS, ...options, clock })
  const clients = new Map<string, KMSClient>()
  let closed = false
  const close = async () => {
    if (closed) return
    closed = true
    for (const client of clients.values()) client.destroy()
    await emulator.close()
  }
  onTestFinished(close)

  return {
    url: emulator.url,
    store: emulator.store,
    close,
    now: clock,
    advance(ms: number) {
      now += ms
    },
    /** A client of one Region. */
    kms(region = 'us-east-1', accessKeyId = 'AKIDEXAMPLE') {
      const name = `${region} ${accessKeyId}`
      const client =
        clients.get(name) ??
        new KMSClient({
          region,
          endpoint: emulator.url,
          credentials: { accessKeyId, secretAccessKey: 'secret' },
          maxAttempts: 1,
        })
      clients.set(name, client)
      return client
    },
    /** A request without the SDK between. */
    post(target: string, body: string, headers: Record<string, string> = {}) {
      return fetch(emulator.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': target,
          authorization: authorization('us-east-1'),
          ...headers,
        },
        body,
      })
    },
    async door(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const response = await fetch(`${emulator.url}${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    },
  }
}

export type TestEmulator = Awaited<ReturnType<typeof emulate>>

export const HOME = 'us-east-1'
export const AWAY = 'eu-west-1'

/** The key id of a new family: a primary key at home, a replica key away, both Enabled. */
export async function newFamily(emulator: TestEmulator, input: CreateKeyCommandInput = {}): Promise<string> {
  const { KeyMetadata } = await emulator.kms(HOME).send(new CreateKeyCommand({ MultiRegion: true, ...input }))
  const KeyId = KeyMetadata?.KeyId ?? ''
  await emulator.kms(HOME).send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: AWAY }))
  emulator.advance(TRANSITION_MS)
  return KeyId
}

export const authorization = (region: string, service = 'kms', accessKeyId = 'AKIDEXAMPLE') =>
  `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261123/${region}/${service}/aws4_request, SignedHeaders=host, Signature=00`

export const arnOf = (region: string, keyId: string | undefined) => `arn:aws:kms:${region}:${ACCOUNT}:key/${keyId}`

/** "Name: message" of the exception a call ends with. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call
  } catch (error) {
    if (error instanceof Error) return `${error.name}: ${error.message}`
    throw error
  }
  return 'no refusal'
}
