// Inventory requests: what a process that does not scan asks of the one that does. They travel through the database, so
// that whoever is the scanner when the answer is due gives it.

import { randomUUID } from 'node:crypto'
import { eq, isNull, lt, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '@/lib/store/database'
import type { Notices } from '@/lib/store/notices'
import { inventoryRequests } from '@/lib/store/schema'
import type { Probe } from './read-facts'

const requestSchema = z.discriminatedUnion('what', [
  z.object({ what: z.literal('refresh') }),
  z.object({ what: z.literal('find'), keyId: z.string() }),
  z.object({ what: z.literal('probe'), keyId: z.string(), alsoRegions: z.array(z.string()) }),
  z.object({ what: z.literal('probe-all'), keyIds: z.array(z.string()) }),
])

export type InventoryRequest = z.infer<typeof requestSchema>

/** The snapshot of that version shows what was found. */
export interface InventoryAnswer {
  version: number
  /** How the Regions answered, for a probe. */
  probes?: [string, Probe][]
  /** The same by key id, for probes of several families. */
  families?: [string, [string, Probe][]][]
}

/** Longer than any scan of a healthy account takes, and than it takes to elect another scanner. */
const PATIENCE_MS = 60_000
/** Should a notice be lost. */
const LOOK_EVERY_MS = 2_000

interface Rooms {
  database: () => Promise<Db>
  notices: Pick<Notices, 'publish' | 'subscribe'>
}

/** Asks, and waits for the answer; rejects when there is none in time. */
export async function askScanner({ database, notices }: Rooms, request: InventoryRequest): Promise<InventoryAnswer> {
  const db = await database()
  const id = randomUUID()
  const { promise, resolve, reject } = Promise.withResolvers<InventoryAnswer>()
  const look = async () => {
    const [row] = await db.select().from(inventoryRequests).where(eq(inventoryRequests.id, id))
    if (row?.answer) resolve(row.answer as InventoryAnswer)
  }
  const end = notices.subscribe((kind, about) => {
    if (kind === 'reading' && about === id) void look().catch(reject)
  })
  const timer = setInterval(() => void look().catch(reject), LOOK_EVERY_MS)
  const late = setTimeout(() => reject(new Error('No dashboard process reads KMS at present')), PATIENCE_MS)
  try {
    await db.insert(inventoryRequests).values({ id, request })
    notices.publish('reading', id)
    return await promise
  } finally {
    end()
    clearInterval(timer)
    clearTimeout(late)
    await db.delete(inventoryRequests).where(eq(inventoryRequests.id, id))
  }
}

/** Answers what others ask, until the returned function is called. */
export function answerRequests(
  { database, notices }: Rooms,
  answer: (request: InventoryRequest) => Promise<InventoryAnswer>,
): () => void {
  const underWay = new Set<string>()
  const handle = async (db: Db, id: string, request: unknown) => {
    if (underWay.has(id)) return
    underWay.add(id)
    try {
      const given = await answer(requestSchema.parse(request))
      await db.update(inventoryRequests).set({ answer: given }).where(eq(inventoryRequests.id, id))
      notices.publish('reading', id)
    } finally {
      underWay.delete(id)
    }
  }
  const look = async () => {
    const db = await database()
    const open = await db.select().from(inventoryRequests).where(isNull(inventoryRequests.answer))
    await Promise.all(open.map(({ id, request }) => handle(db, id, request)))
  }
  const lookOrSay = () =>
    void look().catch((error: unknown) => console.error('A request of another process could not be answered', error))
  const end = notices.subscribe((kind) => {
    if (kind === 'reading' || kind === 'reconnected') lookOrSay()
  })
  const timer = setInterval(lookOrSay, LOOK_EVERY_MS).unref()
  void database()
    .then((db) => db.delete(inventoryRequests).where(lt(inventoryRequests.askedAt, sql`now() - interval '10 minutes'`)))
    .then(lookOrSay, lookOrSay)
  return () => {
    end()
    clearInterval(timer)
  }
}
