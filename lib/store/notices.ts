// Notices: tells everybody who listens, in every process on the same database, that something is new. Ids only, never
// content: who hears of it reads it where it is stored.

import { randomUUID } from 'node:crypto'
import type { Client } from 'pg'
import { env } from '@/lib/env'
import { LastingConnection } from './lasting-connection'
import { once } from './singletons'

/** `steer`: a person wants something of the run with this id. */
const KINDS = ['topology', 'run', 'steer', 'reading', 'watch', 'settings'] as const
export type NoticeKind = (typeof KINDS)[number]

/**
 * `reconnected` is told, with an empty id, whenever notices of other processes begin to be heard, the first time
 * included: look whether something was missed before.
 */
export type NoticeListener = (kind: NoticeKind | 'reconnected', id: string) => void

export interface Notices {
  /**
   * Tells all listeners: those of this process at once, exactly once; those of others as soon as the database passes it
   * on, or when it can be reached again. Publish what is stored after its transaction has been committed, or others
   * look too early. The id is at most 200 characters long.
   */
  publish(kind: NoticeKind, id: string): void
  /** Calls the listener with each notice, until the returned function is called. */
  subscribe(listener: NoticeListener): () => void
  /** Passes on what was published before. */
  close(): Promise<void>
}

const LONGEST_ID = 200

/** Notices within one process. */
export class LocalNotices implements Notices {
  readonly #listeners = new Set<NoticeListener>()

  publish(kind: NoticeKind, id: string) {
    if (id.length > LONGEST_ID) throw new Error(`A notice carries an id, not content: ${id.slice(0, 20)}…`)
    this.tell(kind, id)
  }

  tell(...notice: Parameters<NoticeListener>) {
    for (const listener of [...this.#listeners]) {
      try {
        listener(...notice)
      } catch (error) {
        console.error(`A listener of notices of kind ${notice[0]} failed`, error)
      }
    }
  }

  subscribe(listener: NoticeListener): () => void {
    // Who subscribes the same function twice has two subscriptions.
    const own: NoticeListener = (kind, id) => listener(kind, id)
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  async close() {
    this.#listeners.clear()
  }
}

/** One for all installations: it exists only within one database. */
const CHANNEL = 'kms_atlas'
const BEAT_MS = 5_000
/** Notices that wait for the database to be reached again; beyond that, others are told to look for themselves. */
const MOST_PENDING = 1_000

const heardSchema = /^(\S+) (\S+) (.*)$/s

/** Notices between all processes on one PostgreSQL, by LISTEN and NOTIFY. */
export class SharedNotices implements Notices {
  readonly #local = new LocalNotices()
  /** Tells own notices from those of others. */
  readonly #origin = randomUUID()
  /** Each once, in order. */
  readonly #pending = new Set<string>()
  readonly #connection: LastingConnection

  constructor(url: string) {
    this.#connection = new LastingConnection({
      url,
      name: 'kms-atlas notices',
      beatEveryMs: BEAT_MS,
      opened: (client) => this.#listen(client),
      beat: (client) => this.#send(client),
      farewell: (client) => this.#send(client),
    })
  }

  publish(kind: NoticeKind, id: string) {
    this.#local.publish(kind, id)
    if (this.#pending.size >= MOST_PENDING) {
      this.#pending.clear()
      this.#pending.add(this.#written('reconnected', ''))
    }
    this.#pending.add(this.#written(kind, id))
    this.#connection.nudge()
  }

  subscribe(listener: NoticeListener): () => void {
    return this.#local.subscribe(listener)
  }

  async close() {
    await this.#connection.close()
    await this.#local.close()
  }

  #written(kind: string, id: string) {
    return `${this.#origin} ${kind} ${id}`
  }

  async #listen(client: Client) {
    client.on('notification', ({ payload }) => this.#hear(payload ?? ''))
    await client.query(`listen ${CHANNEL}`)
    this.#local.tell('reconnected', '')
  }

  #hear(payload: string) {
    const [, origin, kind, id = ''] = heardSchema.exec(payload) ?? []
    if (origin === this.#origin) return
    // A process of a newer version may know more kinds.
    const known = kind === 'reconnected' ? kind : KINDS.find((one) => one === kind)
    if (known) this.#local.tell(known, id)
  }

  /** Without anything to send it finds out whether the connection lives. */
  async #send(client: Client) {
    const payloads = [...this.#pending]
    // What is published again from here on is news again.
    this.#pending.clear()
    try {
      await client.query('select pg_notify($1, payload) from unnest($2::text[]) as payload', [CHANNEL, payloads])
    } catch (error) {
      for (const payload of payloads) this.#pending.add(payload)
      throw error
    }
  }
}

const holder = () => once('notices', (): { opened?: Notices } => ({}))

/** The notices of this process: shared with `DATABASE_URL`, else its own. */
export function notices(): Notices {
  const held = holder()
  const { DATABASE_URL } = env()
  held.opened ??= DATABASE_URL ? new SharedNotices(DATABASE_URL) : new LocalNotices()
  return held.opened
}

export async function closeNotices(): Promise<void> {
  const held = holder()
  const { opened } = held
  delete held.opened
  await opened?.close()
}
