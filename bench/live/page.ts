// A page that is open in a browser, as far as the server can tell: it holds the event stream, asks for what is new at
// once and every 15 s, and counts what came over the wire.

import { Agent, get, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'
import type { BenchFamily } from '../product.ts'

const POLL_MS = 15_000

interface Answer {
  version: number
  since?: number
  families: BenchFamily[]
  removed?: string[]
}

export type Families = ReadonlyMap<string, BenchFamily>

interface Awaited {
  seen: (families: Families) => boolean
  found: (at: number) => void
}

export class Page {
  readonly families = new Map<string, BenchFamily>()
  readonly #url: string
  readonly #open: string[]
  readonly #agent = new Agent({ keepAlive: true })
  readonly #sockets = new Set<Socket>()
  readonly #awaited = new Set<Awaited>()
  readonly #ended = new AbortController()
  #version: number | undefined
  #asking = false
  #askAgain = false
  #timer: NodeJS.Timeout | undefined

  /** `open` are the key ids of the families on its screen. */
  constructor(url: string, open: string[]) {
    this.#url = url
    this.#open = open
  }

  /** Ends when it shows the topology. */
  async load(): Promise<void> {
    await this.#listen()
    await this.#look()
  }

  close() {
    this.#ended.abort()
    clearTimeout(this.#timer)
    this.#agent.destroy()
  }

  /** Received so far, headers included. */
  get bytes(): number {
    return [...this.#sockets].reduce((sum, { bytesRead }) => sum + bytesRead, 0)
  }

  /** Resolves with the time (`performance.now()`) at which the page showed it. */
  until(seen: Awaited['seen']): Promise<number> {
    return new Promise((found) => this.#awaited.add({ seen, found }))
  }

  async #listen() {
    const stream = await this.#ask('/api/events')
    stream.on('error', () => undefined)
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      if (chunk.includes('event: topology')) void this.#look()
    })
  }

  async #look(): Promise<void> {
    this.#askAgain = this.#asking
    if (this.#asking || this.#ended.signal.aborted) return
    this.#asking = true
    clearTimeout(this.#timer)
    try {
      const asked = new URLSearchParams({
        ...(this.#version !== undefined && { since: String(this.#version) }),
        ...(this.#open.length > 0 && { open: this.#open.join(',') }),
      })
      const answer = await this.#ask(`/api/topology?${asked}`)
      const isZipped = answer.headers['content-encoding'] === 'gzip'
      this.#take(JSON.parse(await text(isZipped ? answer.pipe(createGunzip()) : answer)) as Answer)
    } catch (error) {
      if (!this.#ended.signal.aborted) console.error('A page could not ask what is new:', error)
    }
    this.#asking = false
    if (this.#askAgain) return this.#look()
    this.#timer = setTimeout(() => void this.#look(), POLL_MS)
  }

  #take({ version, since, families, removed = [] }: Answer) {
    if (since === undefined) this.families.clear()
    for (const keyId of removed) this.families.delete(keyId)
    for (const family of families) this.families.set(family.keyId, family)
    this.#version = version
    const now = performance.now()
    for (const awaited of this.#awaited) {
      if (!awaited.seen(this.families)) continue
      this.#awaited.delete(awaited)
      awaited.found(now)
    }
  }

  #ask(path: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const options = { agent: this.#agent, signal: this.#ended.signal, headers: { 'accept-encoding': 'gzip' } }
      get(this.#url + path, options, resolve)
        .on('socket', (socket) => this.#sockets.add(socket))
        .on('error', reject)
    })
  }
}
