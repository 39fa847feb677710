// The HTTP server: reads requests, sends them to KMS, to STS or to a control door, and writes the answers.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { errorAnswer, type Reply } from './answer.ts'
import { Callers } from './callers.ts'
import { Controls } from './controls.ts'
import { scopeOf } from './credentials.ts'
import { answerKmsCall, type Emulator } from './dispatch.ts'
import { answerDoor, isDoor } from './doors.ts'
import { KmsError } from './errors.ts'
import { loadScenario } from './scenarios.ts'
import { Store } from './store.ts'
import { answerStsCall } from './sts.ts'

export type Options = {
  /** 0 picks a free one. */
  port: number
  account?: string
  scenario?: string
  /** The state file; without one the emulator lives in memory. */
  dataFile?: string
  transitionMs?: number
  clock?: () => number
}

export type RunningEmulator = { url: string; store: Store; close: () => Promise<void> }

const MAX_CALL_BYTES = 1024 * 1024
const MAX_DOOR_BYTES = 128 * 1024 * 1024
const KEEP_ALIVE_MS = 75_000

export async function startEmulator(options: Options): Promise<RunningEmulator> {
  const emulator: Emulator = {
    store: new Store(),
    controls: new Controls({ transitionMs: options.transitionMs ?? 300, quotas: false, authorization: 'off' }),
    callers: new Callers(),
    account: options.account ?? '111122223333',
    clock: options.clock ?? Date.now,
  }
  // The port comes first: whoever already has it may also have the state file.
  const loaded = Promise.withResolvers<void>()
  const server = createServer((request, response) => {
    loaded.promise
      .then(() => answer(emulator, request))
      .then((reply) => send(reply, response))
      .catch(() => response.destroy()) // the client went away while it was still sending
  })
  await listen(server, options.port)
  await loadState(emulator, options)
  loaded.resolve()

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    store: emulator.store,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      await emulator.store.close()
    },
  }
}

async function listen(server: Server, port: number): Promise<void> {
  server.keepAliveTimeout = KEEP_ALIVE_MS
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    else socket.destroy()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}

/** A state file that holds something counts more than a scenario. */
async function loadState({ store, account, clock }: Emulator, options: Options): Promise<void> {
  const hadState = options.dataFile !== undefined && (await store.keepIn(options.dataFile))
  if (!hadState) loadScenario(options.scenario ?? 'empty', store, account, clock())
  await store.commit()
}

async function answer(emulator: Emulator, request: IncomingMessage): Promise<Reply> {
  const url = new URL(request.url ?? '/', 'http://emulator')
  const atDoor = isDoor(url.pathname)
  const body = await readBody(request, atDoor ? MAX_DOOR_BYTES : MAX_CALL_BYTES)
  if (body === undefined) return { ...errorAnswer(new KmsError('RequestEntityTooLargeException')), status: 413 }
  if (atDoor) return answerDoor(emulator, request, url, body)
  if (request.method !== 'POST' || url.pathname !== '/') {
    return { ...errorAnswer(new KmsError('UnknownOperationException')), status: 404 }
  }
  const { authorization } = request.headers
  const target = request.headers['x-amz-target']
  if (target === undefined && authorization?.includes('/sts/aws4_request')) {
    return answerStsCall(emulator.callers.of(scopeOf(authorization), emulator.account), body)
  }
  return answerKmsCall(emulator, { authorization, target: String(target ?? '') }, body)
}

/** The whole body, or nothing when it is longer than allowed. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= maxBytes) chunks.push(chunk)
  }
  return bytes <= maxBytes ? Buffer.concat(chunks).toString('utf8') : undefined
}

function send(reply: Reply, response: ServerResponse): void {
  if (reply === 'hang') return // until the client gives up or the emulator ends
  if (reply === 'close') {
    response.destroy()
    return
  }
  response.writeHead(reply.status, {
    'Content-Type': reply.contentType,
    'Content-Length': Buffer.byteLength(reply.body),
    'x-amzn-RequestId': reply.requestId,
  })
  response.end(reply.body)
}
