// Settings: what people have set. Stored as one row a setting, known in each process, and told when it changes.

import { z } from 'zod'
import { type Db, database } from '@/lib/store/database'
import { type Notices, notices } from '@/lib/store/notices'
import { settings as settingsTable } from '@/lib/store/schema'
import { once } from '@/lib/store/singletons'

const LEAST_USD = 0.1

const usdPerMonth = z
  .number('Write an amount in USD, such as 2.50')
  .min(LEAST_USD, 'At least 0.10 USD a month: with less, changes would be seen days late')
  .max(1000, 'At most 1,000 USD a month')

/** What reading the inventory may cost a month (30 days): in all, and at the pace while nobody reads a screen. */
const refreshBudgetSchema = z.object({ watchedUsdPerMonth: usdPerMonth, unwatchedUsdPerMonth: usdPerMonth }).refine(
  // An amount that is wrong by itself is told so, and no other one because of it.
  ({ watchedUsdPerMonth: most, unwatchedUsdPerMonth }) => unwatchedUsdPerMonth <= most || most < LEAST_USD,
  { path: ['unwatchedUsdPerMonth'], message: 'Not more than in all' },
)

/** Every setting by its name, with what holds until somebody sets it. */
const schemas = { refreshBudget: refreshBudgetSchema }
type Values = { [Name in keyof typeof schemas]: z.output<(typeof schemas)[Name]> }
const defaults: Values = { refreshBudget: { watchedUsdPerMonth: 5, unwatchedUsdPerMonth: 1 } }

/** Settings to change, each whole. */
export const settingsPatchSchema = z.object(schemas).partial()
export type SettingsPatch = z.output<typeof settingsPatchSchema>

export interface Settings extends Values {
  /** ISO time and person of the last change; null while everything has its default. */
  updatedAt: string | null
  updatedBy: string | null
}

const names = Object.keys(schemas) as (keyof Values)[]
type Row = typeof settingsTable.$inferSelect

/** The stored value, or the default: also for what an older or newer version has stored in a shape of its own. */
function storedValue<Name extends keyof Values>(rows: Row[], name: Name): Values[Name] {
  const row = rows.find((each) => each.name === name)
  if (!row) return defaults[name]
  const parsed = schemas[name].safeParse(row.value)
  if (parsed.success) return parsed.data
  console.error(`The stored setting ${name} is not valid: its default holds until somebody sets it again`)
  return defaults[name]
}

async function read(db: Db): Promise<Settings> {
  const rows = await db.select().from(settingsTable)
  const [last] = rows
    .filter(({ name }) => names.some((known) => known === name))
    .sort((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime())
  return {
    refreshBudget: storedValue(rows, 'refreshBudget'),
    updatedAt: last?.updatedAt.toISOString() ?? null,
    updatedBy: last?.updatedBy ?? null,
  }
}

export type SettingsListener = (settings: Settings) => void

export class SettingsRecords {
  readonly #database: () => Promise<Db>
  readonly #notices: Notices
  readonly #listeners = new Set<SettingsListener>()
  /** What holds; a reading that failed is not kept. */
  #current: Promise<Settings> | undefined

  constructor(database: () => Promise<Db>, notices: Notices) {
    this.#database = database
    this.#notices = notices
    notices.subscribe((kind) => {
      if (kind === 'settings' || kind === 'reconnected') void this.#renew()
    })
  }

  /** As stored; asks the database the first time, and after a change by any process. */
  current(): Promise<Settings> {
    return this.#current ?? this.#read()
  }

  /** Stores these settings, and answers what holds from now on. */
  async save(patch: SettingsPatch, actor: string): Promise<Settings> {
    const rows = names.flatMap((name) =>
      patch[name] === undefined ? [] : [{ name, value: patch[name], updatedAt: new Date(), updatedBy: actor }],
    )
    const db = await this.#database()
    await db.transaction(async (tx) => {
      for (const { name, ...columns } of rows) {
        await tx
          .insert(settingsTable)
          .values({ name, ...columns })
          .onConflictDoUpdate({ target: settingsTable.name, set: columns })
      }
    })
    for (const { name } of rows) this.#notices.publish('settings', name)
    return this.current()
  }

  /** Calls the listener with the settings after each change, until the returned function is called. */
  subscribe(listener: SettingsListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #read(): Promise<Settings> {
    const reading = this.#database().then(read)
    this.#current = reading
    reading.catch(() => {
      if (this.#current === reading) this.#current = undefined
    })
    return reading
  }

  async #renew() {
    const reading = this.#read()
    try {
      const settings = await reading
      // A newer reading tells for itself.
      if (this.#current !== reading) return
      for (const listener of [...this.#listeners]) listener(settings)
    } catch (error) {
      console.error('Changed settings could not be read, or were not taken', error)
    }
  }
}

const records = () => once('settings', () => new SettingsRecords(database, notices()))

/** The settings of this installation. */
export const settings = (): Promise<Settings> => records().current()

export const saveSettings = (patch: SettingsPatch, actor: string): Promise<Settings> => records().save(patch, actor)

/** Calls the listener with the settings after each change by any process, until the returned function is called. */
export const subscribe = (listener: SettingsListener): (() => void) => records().subscribe(listener)
