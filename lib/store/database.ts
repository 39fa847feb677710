// The database: embedded (PGlite) by default, PostgreSQL when `DATABASE_URL` is set; one dialect, one set of migrations.

import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres'
import { migrate as migratePg } from 'drizzle-orm/node-postgres/migrator'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator'
import { Pool } from 'pg'
import { type ConstructorOptions, fromPglite } from 'pg-boss'
import { env } from '@/lib/env'
import { lockFolder } from './folder-lock'
import { closeLeadership } from './leadership'
import { closeNotices } from './notices'
import { once } from './singletons'

/** A database, or a transaction of one. PGlite has one connection: inside a transaction use only `tx`. */
export type Db = PgDatabase<PgQueryResultHKT>

/** How pg-boss reaches a database. */
export type JobConnection = Pick<ConstructorOptions, 'db' | 'backend' | 'connectionString' | 'max' | 'application_name'>

interface OpenDatabase {
  db: Db
  /** How a job queue reaches the same database; it must have stopped before this is closed. */
  jobs: JobConnection
  close: () => Promise<void>
}

const CONNECT_TIMEOUT_MS = 5_000
const ANSWER_TIMEOUT_MS = 5_000
/** Besides one that listens. */
const JOB_CONNECTIONS = 4

/** The 128 MB of PostgreSQL's default would all be resident memory of the dashboard; its database is a few MB large. */
const SETTINGS = [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB']

/** Any number, the same in every process that migrates. */
const MIGRATION_LOCK = 7_310_411

/** The server, built or not, runs in the root of the project. */
const migrationsFolder = () => join(process.cwd(), 'lib/store/migrations')

/** Opens the embedded database of a data folder, which belongs to this process until it is closed. */
export async function openEmbedded(dataFolder: string): Promise<OpenDatabase> {
  const unlock = lockFolder(dataFolder)
  try {
    const client = await PGlite.create(join(dataFolder, 'db'), { startParams: SETTINGS })
    const db = drizzlePglite(client)
    const close = async () => {
      await client.close()
      unlock()
    }
    try {
      await migratePglite(db, { migrationsFolder: migrationsFolder() })
    } catch (error) {
      await client.close()
      throw error
    }
    return { db, jobs: { db: fromPglite(client), backend: 'pglite' }, close }
  } catch (error) {
    unlock()
    throw error
  }
}

/** Opens a database of a PostgreSQL server; processes that start together migrate one after another. */
export async function openPostgres(url: string): Promise<OpenDatabase> {
  const pool = new Pool({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  // An idle connection that breaks is replaced at the next query.
  pool.on('error', (error) => console.error(`A connection to PostgreSQL broke: ${error.message}`))
  try {
    const client = await pool.connect()
    try {
      await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
      await migratePg(drizzlePg(client), { migrationsFolder: migrationsFolder() })
      await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK])
    } finally {
      client.release()
    }
  } catch (error) {
    await pool.end()
    throw new Error(`The database of DATABASE_URL cannot be used: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    })
  }
  return {
    db: drizzlePg(pool),
    jobs: { connectionString: url, max: JOB_CONNECTIONS, application_name: 'kms-atlas jobs' },
    close: () => pool.end(),
  }
}

const holder = () => once('database', (): { opened?: Promise<OpenDatabase> } => ({}))

function openDatabase(): Promise<OpenDatabase> {
  const held = holder()
  if (!held.opened) {
    const { DATABASE_URL, ATLAS_DATA_DIR } = env()
    const opening = DATABASE_URL ? openPostgres(DATABASE_URL) : openEmbedded(ATLAS_DATA_DIR)
    held.opened = opening
    opening.catch(() => {
      held.opened = undefined
    })
  }
  return held.opened
}

/** The process's one database, opened and migrated at the first call. An opening that failed is tried again. */
export const database = async (): Promise<Db> => (await openDatabase()).db

/** How a job queue reaches it. */
export const jobConnection = async (): Promise<JobConnection> => (await openDatabase()).jobs

/** Gives up leadership, passes on the last notices, and closes the database. */
export async function closeDatabase(): Promise<void> {
  const held = holder()
  const { opened } = held
  held.opened = undefined
  await Promise.all([closeLeadership(), closeNotices()])
  await opened?.then(
    ({ close }) => close(),
    // It was never open.
    () => undefined,
  )
}

/** Resolves when the database answers a query in time, for the health door. */
export async function databaseAnswers(): Promise<void> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('The database does not answer in time')), ANSWER_TIMEOUT_MS).unref()
  })
  await Promise.race([database().then((db) => db.execute(sql`select 1`)), late])
}
