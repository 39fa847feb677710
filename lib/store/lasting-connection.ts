// Lasting connection: one connection to PostgreSQL of its own, looked after and made anew when it breaks. For what
// belongs to a session: listening, and locks that end with it.

import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'

export interface LastingOptions {
  url: string
  /** What PostgreSQL lists it as, and what is said when it breaks. */
  name: string
  /** At most so long until a connection that has died in silence is noticed, in addition to the time of an answer. */
  beatEveryMs: number
  /** Prepares a fresh connection. */
  opened: (client: Client) => Promise<void>
  /** Uses it: at once when it is open, then after each pause or nudge. A failure ends this connection. */
  beat: (client: Client) => Promise<unknown>
  /** It has broken or is being closed; called once for each time that it was tried. */
  lost?: () => void
  /** Its last use before an orderly end. */
  farewell?: (client: Client) => Promise<unknown>
}

const CONNECT_TIMEOUT_MS = 5_000
const ANSWER_TIMEOUT_MS = 3_000
/** Waits after the first, second, … failed attempt; the last one stays. */
const RETRY_AFTER_MS = [100, 250, 500, 1_000, 2_000]
/** A server that does not answer any more must not hold up the end of this process. */
const END_MS = 1_000

/** Several addresses that refuse are one error without words. */
const reasonOf = (error: unknown) => {
  const { message, code } = error as NodeJS.ErrnoException
  return message || code
}

const quietly = (work: Promise<unknown>) => work.catch(() => undefined)

export class LastingConnection {
  readonly #options: LastingOptions
  readonly #closed = new AbortController()
  readonly #ended: Promise<void>
  #rest = new AbortController()

  /** Begins to connect at once, and goes on until it is closed. */
  constructor(options: LastingOptions) {
    this.#options = options
    this.#ended = this.#keep()
  }

  /** Ends the pause between two beats. */
  nudge() {
    this.#rest.abort()
  }

  close(): Promise<void> {
    this.#closed.abort()
    return this.#ended
  }

  async #keep() {
    let failures = 0
    while (!this.#closed.signal.aborted) {
      try {
        await this.#keepOne(() => {
          failures = 0
        })
      } catch (error) {
        // One line for an outage, however long.
        if (failures === 0) {
          console.error(`${this.#options.name}: the connection to PostgreSQL broke: ${reasonOf(error)}`)
        }
        failures += 1
        await this.#pause(RETRY_AFTER_MS[Math.min(failures, RETRY_AFTER_MS.length) - 1] ?? 0, this.#closed.signal)
      }
    }
  }

  /** Resolves when this is closed; rejects when the connection has broken. */
  async #keepOne(isOpen: () => void) {
    const { url, name, opened, lost, farewell } = this.#options
    const client = new Client({
      connectionString: url,
      application_name: name,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      keepAlive: true,
    })
    const broken = new Promise<never>((_, reject) => {
      client.on('error', reject)
      client.on('end', () => reject(new Error('it was ended')))
    })
    const closed = Promise.withResolvers<void>()
    const leave = () => closed.resolve()
    this.#closed.signal.addEventListener('abort', leave)
    let isUsable = false
    const work = async () => {
      await client.connect()
      await opened(client)
      isUsable = true
      isOpen()
      await this.#beats(client)
    }
    try {
      await Promise.race([broken, closed.promise, work()])
      if (isUsable && farewell) await quietly(farewell(client))
    } finally {
      this.#closed.signal.removeEventListener('abort', leave)
      lost?.()
      await Promise.race([quietly(client.end()), sleep(END_MS, undefined, { ref: false })])
    }
  }

  async #beats(client: Client) {
    while (!this.#closed.signal.aborted) {
      this.#rest = new AbortController()
      await this.#options.beat(client)
      await this.#pause(this.#options.beatEveryMs, this.#rest.signal, this.#closed.signal)
    }
  }

  async #pause(ms: number, ...ends: AbortSignal[]) {
    // Rejects only when it is ended early, which is as good as its end.
    await quietly(sleep(ms, undefined, { signal: AbortSignal.any(ends) }))
  }
}
