// The HTTP server: reads requests, sends them to KMS, to STS or to a control door, and writes the answers.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import { answerKmsCall, type Emulator } from './calls/dispatch.ts'
import { Callers } from './doors/callers.ts'
import { Controls } from './doors/controls.ts'
import { answerDoor, isDoor } from './doors/doors.ts'
import { loadScenario } from './scenarios/scenarios.ts'
import { lockFile } from './state/file-lock.ts'
import { Store } from './state/store.ts'
import { errorAnswer, type Reply } from './wire/answer.ts'
import { KmsError } from './wire/errors.ts'
import { answerToParserError, httpError, writeAndEnd } from './wire/http-errors.ts'
import { answerStsCall } from './wire/sts.ts'

export type Options = {
  /** 0 picks a free one. */
  port: number
  account?: string
  scenario?: string
  /** The state file; without one the emulator lives in memory. */
  dataFile?: string
  /** How many bytes of changes the state file takes before it is written anew. */
  compactAfterBytes?: number
  transitionMs?: number
  clock?: () => number
  /** How long a client may take to send the headers, and a whole request. */
  headersTimeoutMs?: number
  requestTimeoutMs?: number
}

export type RunningEmulator = { url: string; store: Store; close: () => Promise<void> }

const MAX_CALL_BYTES = 1024 * 1024
const MAX_DOOR_BYTES = 128 * 1024 * 1024
const KEEP_ALIVE_MS = 75_000
const HEADERS_TIMEOUT_MS = 20_000
const REQUEST_TIMEOUT_MS = 60_000
/** How long the calls that are being worked at may take when the emulator ends. */
const LAST_CALLS_MS = 3_000

export async function startEmulator(options: Options): Promise<RunningEmulator> {
  const ending = new AbortController()
  const emulator: Emulator = {
    store: new Store(),
    controls: new Controls({ transitionMs: options.transitionMs ?? 300, quotas: false, authorization: 'off' }),
    callers: new Callers(),
    account: options.account ?? '111122223333',
    clock: options.clock ?? Date.now,
    ending: ending.signal,
  }
  // The port comes first: whoever already has it may also have the state file.
  const loaded = Promise.withResolvers<void>()
  const calls = new Set<Promise<Reply>>()
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    try {
      await loaded.promise
      const call = await readCall(request)
      send(ending.signal.aborted ? 'close' : await during(calls, answer(emulator, call)), response)
    } catch (error) {
      if (!request.complete) return // the client went away while it was still sending; its connection is ended
      console.error(error)
      send(errorAnswer(new KmsError('KMSInternalException', 'An internal error occurred.')), response)
    }
  }
  const server = createServer(timeouts(options), handle)
  server.on('checkExpectation', handle)
  await listen(server, options.port)
  let unlock = () => {}

  const close = async () => {
    ending.abort()
    const closed = new Promise((resolve) => server.close(resolve))
    await Promise.race([Promise.allSettled(calls), delay(LAST_CALLS_MS, undefined, { ref: false })])
    await nextTurn() // by then the last answers are written
    server.closeAllConnections()
    await closed
    try {
      await emulator.store.close()
    } finally {
      unlock()
    }
  }

  try {
    if (options.dataFile !== undefined) unlock = lockFile(options.dataFile)
    await loadState(emulator, options)
  } catch (error) {
    await close().catch(() => {}) // what went wrong first is what to tell
    throw error
  }
  loaded.resolve()
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, store: emulator.store, close }
}

/** Keeps a call among those that are being worked at until it has its answer. */
async function during<T>(calls: Set<Promise<T>>, call: Promise<T>): Promise<T> {
  calls.add(call)
  try {
    return await call
  } finally {
    calls.delete(call)
  }
}

function timeouts({ headersTimeoutMs = HEADERS_TIMEOUT_MS, requestTimeoutMs = REQUEST_TIMEOUT_MS }: Options) {
  return {
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.max(1, Math.min(headersTimeoutMs, requestTimeoutMs) / 4),
    keepAliveTimeout: KEEP_ALIVE_MS,
    requireHostHeader: false, // Node.js would refuse with an empty body
  }
}

async function listen(server: Server, port: number): Promise<void> {
  server.on('clientError', (error, socket) => writeAndEnd(socket, answerToParserError(error)))
  server.on('connect', (_request, socket) => writeAndEnd(socket, httpError('UnknownOperationException')))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  server.on('error', console.error) // a connection for which there is no file left must not end all others
}

/** A state file that holds something counts more than a scenario. */
async function loadState({ store, account, clock }: Emulator, options: Options): Promise<void> {
  const hadState = options.dataFile !== undefined && (await store.keepIn(options.dataFile, options.compactAfterBytes))
  if (!hadState) loadScenario(options.scenario ?? 'empty', store, account, clock())
  await store.commit()
}

type Call = { request: IncomingMessage; url: URL | null; body: Buffer | undefined }

async function readCall(request: IncomingMessage): Promise<Call> {
  const url = URL.parse(request.url ?? '/', 'http://emulator')
  return { request, url, body: await readBody(request, url && isDoor(url.pathname) ? MAX_DOOR_BYTES : MAX_CALL_BYTES) }
}

async function answer(emulator: Emulator, { request, url, body }: Call): Promise<Reply> {
  if (body === undefined) return httpError('RequestEntityTooLargeException', 'The request is too long.')
  if (request.headers.host === undefined && request.httpVersion === '1.1') {
    return httpError('MalformedHttpRequestException', 'The request has no Host header.')
  }
  if (url && isDoor(url.pathname)) return answerDoor(emulator, request, url, body.toString('utf8'))
  if (request.method !== 'POST' || url?.pathname !== '/') return httpError('UnknownOperationException')

  const { authorization } = request.headers
  const target = request.headers['x-amz-target']
  if (target === undefined && authorization?.includes('/sts/aws4_request')) {
    return answerStsCall(emulator, authorization, body.toString('utf8'))
  }
  const headers = { authorization, target: String(target ?? ''), contentType: request.headers['content-type'] }
  return answerKmsCall(emulator, headers, body)
}

/** The whole body, or nothing when it is longer than allowed. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= maxBytes) chunks.push(chunk)
  }
  return bytes <= maxBytes ? Buffer.concat(chunks) : undefined
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
    ...reply.headers,
  })
  response.end(reply.body)
}
