// Leadership: of all processes on the same database, one at a time is elected to do what must be done once. Alone, a
// process is always the leader.

import type { Client } from 'pg'
import { env } from '@/lib/env'
import { LastingConnection } from './lasting-connection'
import { once } from './singletons'

export interface Candidate {
  onElected: () => void
  /** Another process may be the leader from now on, or soon: leave off at once. */
  onLost: () => void
}

export interface Leadership {
  /**
   * Stands for election until the returned function is called, which gives up leadership so that another process has
   * it at once; `onLost` is called for that too. Each `onElected` is followed by one `onLost`, which may be followed by
   * another `onElected`. The embedded database belongs to one process: `onElected` is called before this returns.
   */
  start(candidate: Candidate): () => Promise<void>
}

/** The lock that the leader holds, in the same database for all: any two numbers. */
const LOCK = [7_310_411, 1]
/** Tells those who wait for the lock that it was given up. */
const CHANNEL = 'kms_atlas_leadership'
const TRY_EVERY_MS = 2_000
/**
 * The server ends a session that has asked nothing for so long: that of a process that stands still, or has gone
 * without a word. Longer than the leader needs to notice that the server does not answer (a pause and 3 s).
 */
const IDLE_MS = 8_000

/** Calls the candidate back when that changes something, and survives its errors. */
class Standing {
  readonly #candidate: Candidate
  #leads = false

  constructor(candidate: Candidate) {
    this.#candidate = candidate
  }

  get leads() {
    return this.#leads
  }

  become(leads: boolean) {
    if (leads === this.#leads) return
    this.#leads = leads
    try {
      if (leads) this.#candidate.onElected()
      else this.#candidate.onLost()
    } catch (error) {
      console.error(leads ? 'The elected leader failed to begin' : 'The former leader failed to leave off', error)
    }
  }
}

const alone: Leadership = {
  start(candidate) {
    const standing = new Standing(candidate)
    standing.become(true)
    return async () => standing.become(false)
  },
}

async function tryToLead(client: Client): Promise<boolean> {
  const { rows } = await client.query('select pg_try_advisory_lock($1, $2) as leads', LOCK)
  return rows[0].leads
}

async function openSession(client: Client, onReleased: () => void) {
  client.on('notification', onReleased)
  // Servers before version 14 have no such setting.
  await client.query(`select set_config(name, $1, false) from pg_settings where name = 'idle_session_timeout'`, [
    `${IDLE_MS}ms`,
  ])
  await client.query(`listen ${CHANNEL}`)
}

/**
 * An election by a session's advisory lock: it ends with the connection, however its process ends. Needs a connection
 * of its own to the server, so no pooler that shares sessions between statements.
 */
export const electedOn = (url: string): Leadership => ({
  start(candidate) {
    const standing = new Standing(candidate)
    const connection = new LastingConnection({
      url,
      name: 'kms-atlas leadership',
      beatEveryMs: TRY_EVERY_MS,
      opened: (client) => openSession(client, () => connection.nudge()),
      beat: async (client) => {
        if (standing.leads) await client.query('select 1')
        else if (await tryToLead(client)) standing.become(true)
      },
      lost: () => standing.become(false),
      farewell: async (client) => {
        if (!standing.leads) return
        standing.become(false)
        await client.query(`select pg_advisory_unlock($1, $2)`, LOCK)
        await client.query(`notify ${CHANNEL}`)
      },
    })
    return () => connection.close()
  },
})

const candidacies = () => once('leadership', () => new Set<() => Promise<void>>())

/** The election among the processes on `DATABASE_URL`; without it, this process leads. */
export const leadership = (): Leadership => ({
  start(candidate) {
    const { DATABASE_URL } = env()
    const stop = (DATABASE_URL ? electedOn(DATABASE_URL) : alone).start(candidate)
    candidacies().add(stop)
    return async () => {
      candidacies().delete(stop)
      await stop()
    }
  },
})

export async function closeLeadership(): Promise<void> {
  const all = [...candidacies()]
  candidacies().clear()
  await Promise.all(all.map((stop) => stop()))
}
