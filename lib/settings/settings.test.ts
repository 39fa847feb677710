import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { fieldMessages } from '@/lib/plans/field-messages'
import { type Db, openEmbedded, openPostgres } from '@/lib/store/database'
import { LocalNotices, SharedNotices } from '@/lib/store/notices'
import { startPostgres } from '@/lib/store/postgres-for-tests'
import { settings as settingsTable } from '@/lib/store/schema'
import { type Settings, SettingsRecords, settingsPatchSchema } from './settings'

const BUDGET = { watchedUsdPerMonth: 20, unwatchedUsdPerMonth: 2 }
const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)

describe('settingsPatchSchema', () => {
  const wrongAt = (watchedUsdPerMonth: unknown, unwatchedUsdPerMonth: unknown) =>
    fieldMessages(settingsPatchSchema.safeParse({ refreshBudget: { watchedUsdPerMonth, unwatchedUsdPerMonth } }).error)

  it('takes amounts from 0.10 to 1,000 USD', () => {
    expect(wrongAt(0.1, 0.1)).toEqual({})
    expect(wrongAt(1000, 1)).toEqual({})
  })

  it.each([
    [0.09, 0.05, ['refreshBudget.watchedUsdPerMonth', 'refreshBudget.unwatchedUsdPerMonth'], /At least 0.10 USD/],
    [0.01, 1, ['refreshBudget.watchedUsdPerMonth'], /At least 0.10 USD/],
    [1000.01, 1, ['refreshBudget.watchedUsdPerMonth'], /At most 1,000 USD/],
    [Number.NaN, 1, ['refreshBudget.watchedUsdPerMonth'], /Write an amount/],
    [5, '1', ['refreshBudget.unwatchedUsdPerMonth'], /Write an amount/],
    [5, 6, ['refreshBudget.unwatchedUsdPerMonth'], /Not more than/],
  ])('refuses %s and %s at the field, in words', (watched, unwatched, fields, words) => {
    const wrong = wrongAt(watched, unwatched)
    expect(Object.keys(wrong)).toEqual(fields)
    for (const message of Object.values(wrong)) expect(message).toMatch(words)
  })
})

describe('settings', () => {
  let db: Db
  let close: () => Promise<void>
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'atlas-settings-'))
    const store = await openEmbedded(folder)
    db = store.db
    close = async () => {
      await store.close()
      await rm(folder, { recursive: true })
    }
  })
  afterAll(() => close())
  beforeEach(async () => {
    await db.delete(settingsTable)
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })

  const newRecords = () => new SettingsRecords(async () => db, new LocalNotices())

  it('have defaults until somebody sets them', async () => {
    expect(await newRecords().current()).toEqual({
      refreshBudget: { watchedUsdPerMonth: 5, unwatchedUsdPerMonth: 1 },
      updatedAt: null,
      updatedBy: null,
    })
  })

  it('are kept with who set them, and told to those who listen', async () => {
    const records = newRecords()
    const heard: Settings[] = []
    const end = records.subscribe((settings) => heard.push(settings))
    const saved = await records.save({ refreshBudget: BUDGET }, 'alice')
    expect(saved).toEqual({ refreshBudget: BUDGET, updatedAt: isoTime, updatedBy: 'alice' })
    await expect.poll(() => heard).toEqual([saved])
    expect(await newRecords().current()).toEqual(saved)

    end()
    const again = await records.save({ refreshBudget: { ...BUDGET, unwatchedUsdPerMonth: 3 } }, 'bob')
    expect(again).toMatchObject({ refreshBudget: { unwatchedUsdPerMonth: 3 }, updatedBy: 'bob' })
    expect(heard).toEqual([saved])
  })

  it('are not asked of the database each time', async () => {
    const ask = vi.fn(async () => db)
    const records = new SettingsRecords(ask, new LocalNotices())
    await records.current()
    await records.current()
    expect(ask).toHaveBeenCalledTimes(1)
  })

  it('are read again after a reading that failed', async () => {
    const ask = vi.fn(async () => db).mockRejectedValueOnce(new Error('down'))
    const records = new SettingsRecords(ask, new LocalNotices())
    await expect(records.current()).rejects.toThrow('down')
    await expect(records.current()).resolves.toMatchObject({ updatedBy: null })
  })

  it('have their default where something senseless is stored, and say so in the log', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    await db.insert(settingsTable).values({ name: 'refreshBudget', value: { watched: 'much' }, updatedBy: 'alice' })
    expect((await newRecords().current()).refreshBudget.watchedUsdPerMonth).toBe(5)
    expect(log).toHaveBeenCalledWith(expect.stringContaining('refreshBudget'))
  })
})

const postgres = await startPostgres()
afterAll(() => postgres?.stop())

describe.skipIf(!postgres)('settings of several processes', () => {
  const PATIENTLY = { timeout: 30_000, interval: 10 }
  const closers: (() => Promise<void>)[] = []
  afterAll(async () => {
    for (const close of closers) await close()
  })

  async function newProcess() {
    const store = await openPostgres(postgres?.url ?? '')
    const notices = new SharedNotices(postgres?.url ?? '')
    closers.push(
      () => notices.close(),
      () => store.close(),
    )
    const records = new SettingsRecords(async () => store.db, notices)
    await new Promise<void>((resolve) => {
      notices.subscribe((kind) => kind === 'reconnected' && resolve())
    })
    return records
  }

  it('are the same in all of them', async () => {
    const one = await newProcess()
    const other = await newProcess()
    const heard: Settings[] = []
    other.subscribe((settings) => heard.push(settings))
    expect((await other.current()).updatedBy).toBeNull()
    const saved = await one.save({ refreshBudget: BUDGET }, 'alice')
    await expect.poll(() => heard.at(-1), PATIENTLY).toEqual(saved)
    expect(await other.current()).toEqual(saved)
  })
})
