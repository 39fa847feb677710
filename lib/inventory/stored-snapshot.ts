// Stored snapshot: what was read, kept in the database for the next start and for other processes.

import { desc, eq, gte, sql } from 'drizzle-orm'
import type { Db } from '@/lib/store/database'
import { snapshotMembers, snapshotRegions, snapshots } from '@/lib/store/schema'
import type { MemberReading, RegionReading } from '@/lib/topology/readings'
import type { Refreshing } from '@/lib/topology/refreshing'
import type { RegionChanges } from './region-memory'

/** A moment of the inventory: a version, and everything that was read since the moment before. */
export interface Cut {
  version: number
  changes: RegionChanges[]
  refreshed: Refreshed
}

/** How the one that scans refreshes, and the requests that it has saved up, with the time (milliseconds since 1970). */
export interface Refreshed {
  refreshing: Refreshing
  saved: { left: number; at: number }
}

/** What was stored, or of it what was written since a moment. */
export interface Stored {
  version: number
  refreshed: Refreshed
  /** Without members. */
  regions: Omit<RegionReading, 'members'>[]
  /** Null for those that are gone. */
  members: { region: string; keyId: string; reading: MemberReading | null }[]
  /** By the database's clock: ask for what was written since. */
  writtenAt: Date
}

const ONLY = 1
const VERSIONS_A_TERM = 1_000_000
/** In one statement; a thousand members are about 1 MB of JSON. */
const MEMBERS_A_STATEMENT = 500
/** Transactions that are under way may end with an earlier time of writing than others that have been seen. */
const OVERLAP_MS = 5_000

export class StoredSnapshot {
  readonly #database: () => Promise<Db>

  constructor(database: () => Promise<Db>) {
    this.#database = database
  }

  /** The first version of a new term: greater than all that were ever given out. */
  async beginTerm(): Promise<number> {
    const db = await this.#database()
    const { rows } = (await db.execute(sql`select nextval('topology_terms') as term`)) as unknown as {
      rows: { term: number | string }[]
    }
    await db
      .delete(snapshotMembers)
      .where(sql`${snapshotMembers.reading} is null and ${snapshotMembers.writtenAt} < now() - interval '1 hour'`)
    return Number(rows[0]?.term) * VERSIONS_A_TERM
  }

  /** Everything; null when nothing was ever stored. */
  async load(since?: Date): Promise<Stored | null> {
    const db = await this.#database()
    const from = new Date(since ? since.getTime() - OVERLAP_MS : 0)
    // One moment for all three: what is newer is seen the next time.
    return db.transaction(
      async (tx) => {
        const [snapshot] = await tx.select().from(snapshots).where(eq(snapshots.id, ONLY))
        if (!snapshot) return null
        const regions = await tx.select().from(snapshotRegions).where(gte(snapshotRegions.writtenAt, from))
        const members = await tx
          .select()
          .from(snapshotMembers)
          .where(gte(snapshotMembers.writtenAt, from))
          .orderBy(desc(snapshotMembers.writtenAt))
        return {
          version: snapshot.version,
          refreshed: snapshot.refreshed as Refreshed,
          regions: regions.map(({ reading }) => reading as Stored['regions'][number]),
          members: members.map(({ region, keyId, reading }) => ({
            region,
            keyId,
            reading: reading as MemberReading | null,
          })),
          writtenAt: snapshot.writtenAt,
        }
      },
      { isolationLevel: 'repeatable read', accessMode: 'read only' },
    )
  }

  /** Stores all of it or nothing. Rejects when another process has begun a later term: this one scans no longer. */
  async write({ version, changes, refreshed }: Cut): Promise<void> {
    const db = await this.#database()
    const members = changes.flatMap(({ region, members }) =>
      members.map(({ keyId, reading }) => ({ region, key_id: keyId, reading })),
    )
    await db.transaction(async (tx) => {
      const [snapshot] = await tx.select().from(snapshots).where(eq(snapshots.id, ONLY)).for('update')
      if (snapshot && snapshot.version > version) throw new Error(`Version ${snapshot.version} has been stored already`)
      for (const { region, rest } of changes) {
        if (!rest) continue
        await tx
          .insert(snapshotRegions)
          .values({ region, reading: rest })
          .onConflictDoUpdate({ target: snapshotRegions.region, set: { reading: rest, writtenAt: sql`now()` } })
      }
      for (let from = 0; from < members.length; from += MEMBERS_A_STATEMENT) {
        const some = JSON.stringify(members.slice(from, from + MEMBERS_A_STATEMENT))
        await tx.execute(sql`
          insert into snapshot_members (region, key_id, reading)
          select region, key_id, reading
          from json_to_recordset(${some}::json) as told(region text, key_id text, reading json)
          on conflict (region, key_id) do update set reading = excluded.reading, written_at = now()`)
      }
      await tx
        .insert(snapshots)
        .values({ id: ONLY, version, refreshed })
        .onConflictDoUpdate({ target: snapshots.id, set: { version, refreshed, writtenAt: sql`now()` } })
    })
  }
}

/** Joins what was stored to whole readings, Region by Region. */
export function readingsOf({ regions, members }: Pick<Stored, 'regions' | 'members'>): RegionReading[] {
  const byRegion = new Map(regions.map((rest): [string, RegionReading] => [rest.region, { ...rest, members: [] }]))
  for (const { region, reading } of members) if (reading) byRegion.get(region)?.members.push(reading)
  return [...byRegion.values()]
}
