import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { callKms } from '@/lib/kms/call'
import { startEmulator, type TestEmulator } from '@/lib/kms/emulator-for-tests'
import { openPostgres } from '@/lib/store/database'
import { electedOn } from '@/lib/store/leadership'
import { SharedNotices } from '@/lib/store/notices'
import { startPostgres } from '@/lib/store/postgres-for-tests'
import { familyOf } from '@/lib/topology/family'
import { RARELY } from './rarely'
import { SharedInventory } from './shared-inventory'

const REGIONS = ['eu-west-1', 'us-east-1']
const FROM = 'us-east-1'
const TO = 'eu-west-1'
const patiently = { timeout: 30_000, interval: 20 }

const postgres = await startPostgres()
afterAll(() => postgres?.stop())

describe.skipIf(!postgres)('several processes on one PostgreSQL', () => {
  let emulator: TestEmulator
  const ends: (() => Promise<void>)[] = []

  beforeAll(async () => {
    emulator = await startEmulator()
  })
  afterAll(() => emulator?.stop())
  beforeEach(async () => {
    await emulator.load('empty')
    await emulator.settings({ transitionMs: 1 })
    for (const region of REGIONS) await emulator.fault(region, null)
  })
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })

  /** As another process would take part; `end` is its orderly end. */
  async function givenProcess() {
    const url = postgres?.url ?? ''
    const store = await openPostgres(url)
    const notices = new SharedNotices(url)
    const inventory = new SharedInventory({
      regions: REGIONS,
      maxReplicas: 10,
      periods: RARELY,
      settleEveryMs: 20,
      retryAfterMs: [20],
      database: async () => store.db,
      notices,
      leadership: electedOn(url),
    })
    inventory.start()
    let ended = false
    const end = async () => {
      if (ended) return
      ended = true
      await inventory.stop()
      await notices.close()
      await store.close()
    }
    ends.push(end)
    return { inventory, end }
  }

  const call = (
    region: string,
    operation: Parameters<typeof callKms>[0]['operation'],
    input: Record<string, unknown>,
  ) => callKms({ region, operation, input })

  async function givenTwo() {
    const scanner = await givenProcess()
    await expect.poll(() => scanner.inventory.refreshing()?.here, patiently).toBe(true)
    await expect
      .poll(() => scanner.inventory.topology().regions.map(({ status }) => status), patiently)
      .toEqual(['ok', 'ok'])
    const follower = await givenProcess()
    await expect.poll(() => follower.inventory.refreshing()?.here, patiently).toBe(false)
    return { scanner, follower }
  }

  it('one reads KMS, and all show the same versions', async () => {
    await call(FROM, 'CreateKey', { MultiRegion: true })
    const { scanner, follower } = await givenTwo()
    await expect.poll(() => follower.inventory.topology().version, patiently).toBe(scanner.inventory.topology().version)
    expect(follower.inventory.topology().families).toEqual(scanner.inventory.topology().families)

    await emulator.forgetCalls()
    await call(FROM, 'CreateKey', { MultiRegion: true })
    await scanner.inventory.refresh()
    const { version } = scanner.inventory.topology()
    await expect.poll(() => follower.inventory.topology().version, patiently).toBe(version)
    expect(follower.inventory.topology().families).toHaveLength(2)
    expect(await emulator.calls(FROM, 'ListKeys')).toBe(1)
  })

  it('a browser that was told of a version by one gets what changed since from the other', async () => {
    const { scanner, follower } = await givenTwo()
    await expect.poll(() => follower.inventory.topology().version, patiently).toBe(scanner.inventory.topology().version)
    const { version } = scanner.inventory.topology()
    const { keyId } = await call(FROM, 'CreateKey', { MultiRegion: true })
    await scanner.inventory.refresh()
    await expect.poll(() => follower.inventory.topology().version, patiently).toBeGreaterThan(version)
    expect(await follower.inventory.since(version)).toMatchObject({ since: version, families: [{ keyId }] })
    const { version: newest } = scanner.inventory.topology()
    expect(await follower.inventory.since(newest)).toMatchObject({ since: newest, families: [], removed: [] })
  })

  it('the scanning one reads for the others: what a run has changed, a key that nobody knew, whole Regions', async () => {
    const { scanner, follower } = await givenTwo()
    const { keyId = '' } = await call(FROM, 'CreateKey', { MultiRegion: true })
    expect((await follower.inventory.findFamily(keyId))?.members).toMatchObject([{ region: FROM, known: 'live' }])

    await call(FROM, 'ReplicateKey', { KeyId: keyId, ReplicaRegion: TO })
    const family = await follower.inventory.refreshFamily(keyId, [TO])
    expect(family?.members.map(({ region }) => region)).toEqual([TO, FROM])
    expect(familyOf(scanner.inventory.topology(), keyId)?.members).toHaveLength(2)

    const facts = await follower.inventory.readFacts([{ need: 'probe', keyId }])
    expect(facts.probes).toMatchObject({ [FROM]: { ok: true }, [TO]: { ok: true } })

    await call(TO, 'CreateKey', { MultiRegion: true })
    expect((await follower.inventory.refresh()).families).toHaveLength(2)
  })

  it('another one scans when it ends, goes on from what was known, and gives out greater versions', async () => {
    const { keyId = '' } = await call(FROM, 'CreateKey', { MultiRegion: true })
    const { scanner, follower } = await givenTwo()
    const { version } = scanner.inventory.topology()
    const seen: (string | undefined)[] = []
    follower.inventory.subscribe(() => {
      seen.push(familyOf(follower.inventory.topology(), keyId)?.members[0]?.known)
    })
    await scanner.end()
    await expect.poll(() => follower.inventory.refreshing()?.here, patiently).toBe(true)
    expect(follower.inventory.topology().version).toBeGreaterThan(version)
    await follower.inventory.refresh()
    // At no moment has it been unknown, or old.
    expect(new Set(seen)).toEqual(new Set(['live']))
  })

  it('a person who looks at one process is known to the one that scans', async () => {
    const { scanner, follower } = await givenTwo()
    const { keyId = '' } = await call(FROM, 'CreateKey', { MultiRegion: true })
    await scanner.inventory.refresh()
    expect(scanner.inventory.refreshing()).toMatchObject({ watched: false, openFamilies: 0 })
    await expect.poll(() => familyOf(follower.inventory.topology(), keyId), patiently).toBeDefined()
    follower.inventory.seen([keyId])
    await expect.poll(() => scanner.inventory.refreshing(), patiently).toMatchObject({ watched: true, openFamilies: 1 })
  })
})
