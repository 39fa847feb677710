// Tables, each written by one room: runs with their parts and steps, and which run holds which family (`lib/runs`); the stored
// snapshot (`lib/inventory`); what people have set (`lib/settings`); requests of each month (`lib/metrics`); what processes
// share of the request quotas (`quota-buckets.ts`).

import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  json,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core'

const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })

export const runs = pgTable(
  'runs',
  {
    id: text('id').primaryKey(),
    kind: text('kind').notNull(),
    title: text('title').notNull(),
    status: text('status').notNull(),
    actor: text('actor').notNull(),
    reason: text('reason').notNull(),
    fingerprint: text('fingerprint').notNull(),
    request: jsonb('request').notNull(),
    undo: jsonb('undo').notNull(),
    /** The whole plan as it was reviewed; progress is in `run_parts` and `run_steps`. */
    plan: jsonb('plan').notNull(),
    /** Of the plan: what happens to a family (`promoted`), how many may fail, and the least that it takes. */
    deed: text('deed').notNull().default('done'),
    maxFailures: integer('max_failures').notNull().default(0),
    minimumSeconds: doublePrecision('minimum_seconds').notNull().default(0),
    keyIds: jsonb('key_ids').notNull(),
    message: text('message').notNull(),
    /** What a person wants of a run that is under way: `pause` or `abort`, and who. */
    asked: jsonb('asked'),
    createdAt: moment('created_at').notNull().defaultNow(),
    startedAt: moment('started_at'),
    endedAt: moment('ended_at'),
  },
  (table) => [index('runs_created_at').on(table.createdAt), index('runs_status').on(table.status)],
)

/** One family's share of a run. */
export const runParts = pgTable(
  'run_parts',
  {
    runId: text('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** Counted from 1, as in the plan. */
    number: integer('number').notNull(),
    keyId: text('key_id'),
    title: text('title').notNull(),
    wave: integer('wave').notNull(),
    firstStep: integer('first_step').notNull(),
    lastStep: integer('last_step').notNull(),
    status: text('status').notNull(),
    /** All its waits are over: the next wave need not wait for it. */
    settled: boolean('settled').notNull(),
    message: text('message'),
    startedAt: moment('started_at'),
    endedAt: moment('ended_at'),
    reason: text('reason'),
    /** The job that carries it out, or will; null while nobody is to work on it. */
    job: text('job'),
    /** Which attempt of that job has it: an earlier one may store nothing any more. */
    attempt: integer('attempt'),
  },
  (table) => [primaryKey({ columns: [table.runId, table.number] })],
)

export const runSteps = pgTable(
  'run_steps',
  {
    runId: text('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** Counted from 1, as in the plan. */
    number: integer('number').notNull(),
    part: integer('part').notNull(),
    title: text('title').notNull(),
    region: text('region').notNull(),
    operation: text('operation'),
    cli: text('cli').notNull(),
    status: text('status').notNull(),
    startedAt: moment('started_at'),
    endedAt: moment('ended_at'),
    requestId: text('request_id'),
    error: jsonb('error'),
    message: text('message'),
    output: jsonb('output').notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.number] })],
)

/** One active run a family: the primary key of this table is what enforces it. */
export const heldFamilies = pgTable(
  'held_families',
  {
    keyId: text('key_id').primaryKey(),
    runId: text('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
  },
  (table) => [index('held_families_run_id').on(table.runId)],
)

/**
 * Counts the terms of those who scan: the versions of the topology in one term are all greater than those in the terms
 * before, so that a version means the same in every process.
 */
export const topologyTerms = pgSequence('topology_terms')

/** The stored snapshot as a whole: one row. Only `lib/inventory` writes it and the two tables of what it consists of. */
export const snapshots = pgTable('snapshots', {
  id: integer('id').primaryKey(),
  version: bigint('version', { mode: 'number' }).notNull(),
  /** How it is refreshed, and what is saved up for that. */
  refreshed: json('refreshed').notNull(),
  writtenAt: moment('written_at').notNull().defaultNow(),
})

/** What each Region said, its members apart. */
export const snapshotRegions = pgTable('snapshot_regions', {
  region: text('region').primaryKey(),
  reading: json('reading').notNull(),
  writtenAt: moment('written_at').notNull().defaultNow(),
})

/** What each member was last described as; null when it is gone, which others have to learn too. */
export const snapshotMembers = pgTable(
  'snapshot_members',
  {
    region: text('region').notNull(),
    keyId: text('key_id').notNull(),
    reading: json('reading'),
    writtenAt: moment('written_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.region, table.keyId] }),
    index('snapshot_members_written_at').on(table.writtenAt),
  ],
)

/** What the processes that do not scan ask of the one that does, until it has answered. */
export const inventoryRequests = pgTable('inventory_requests', {
  id: text('id').primaryKey(),
  request: json('request').notNull(),
  answer: json('answer'),
  askedAt: moment('asked_at').notNull().defaultNow(),
})

/** Who looks at what, in each process: it is refreshed more often. */
export const watchingProcesses = pgTable('watching_processes', {
  process: text('process').primaryKey(),
  open: json('open').notNull(),
  until: moment('until').notNull(),
})

/**
 * Tokens that several processes take from, a bucket for each Region and operation. Only `quota-buckets.ts` writes it.
 * It changes many times a second and may be lost: its migration makes it UNLOGGED, so that taking waits for no disk.
 */
export const quotaBuckets = pgTable(
  'quota_buckets',
  {
    region: text('region').notNull(),
    operation: text('operation').notNull(),
    /** Tokens for everybody, and of these for background reads, as of `refilled_at`. */
    whole: doublePrecision('whole').notNull(),
    background: doublePrecision('background').notNull(),
    /** The share of the full pace that holds as of `refilled_at`; it rises with time. */
    scale: doublePrecision('scale').notNull(),
    refilledAt: timestamp('refilled_at', { withTimezone: true }).notNull(),
    loweredAt: timestamp('lowered_at', { withTimezone: true }),
    /** What the last statement has taken: how it learns that in the same breath. */
    granted: doublePrecision('granted').notNull(),
  },
  (table) => [primaryKey({ columns: [table.region, table.operation] })],
)

/** What people have set, one row a setting; one without a row has its default. */
export const settings = pgTable('settings', {
  name: text('name').primaryKey(),
  value: jsonb('value').notNull(),
  updatedAt: moment('updated_at').notNull().defaultNow(),
  updatedBy: text('updated_by').notNull(),
})

/** Requests sent to KMS by all processes together, by calendar month. */
export const requestCounts = pgTable(
  'request_counts',
  {
    /** Of UTC, like `2026-11`. */
    month: text('month').notNull(),
    region: text('region').notNull(),
    operation: text('operation').notNull(),
    purpose: text('purpose').$type<'background' | 'run'>().notNull(),
    count: bigint('count', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.month, table.region, table.operation, table.purpose] })],
)
