import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { callKms } from '@/lib/kms/call'
import { startEmulator, type TestEmulator } from '@/lib/kms/emulator-for-tests'
import { openEmbedded } from '@/lib/store/database'
import { familyOf } from '@/lib/topology/family'
import { RARELY } from './rarely'
import { SharedInventory } from './shared-inventory'

const REGIONS = ['eu-west-1', 'us-east-1']
const FROM = 'us-east-1'
const TO = 'eu-west-1'
const patiently = { timeout: 15_000, interval: 20 }

let emulator: TestEmulator
let folder: string
const ends: (() => Promise<void>)[] = []

beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator?.stop())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-inventory-'))
  for (const region of REGIONS) await emulator.fault(region, null)
  await emulator.load('empty')
  await emulator.settings({ transitionMs: 1 })
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
  await rm(folder, { recursive: true })
})

const alone = {
  start: ({ onElected }: { onElected: () => void }) => {
    onElected()
    return async () => undefined
  },
}

/** A process with the embedded database in the folder, from its start to its end. */
async function givenProcess() {
  const store = await openEmbedded(folder)
  const inventory = new SharedInventory({
    regions: REGIONS,
    maxReplicas: 10,
    periods: RARELY,
    retryAfterMs: [20],
    database: async () => store.db,
    notices: null,
    leadership: alone,
  })
  inventory.start()
  let ended = false
  const end = async () => {
    if (ended) return
    ended = true
    await inventory.stop()
    await store.close()
  }
  ends.push(end)
  await inventory.ready()
  return { inventory, end }
}

async function givenFamily(): Promise<string> {
  const { keyId = '' } = await callKms({ region: FROM, operation: 'CreateKey', input: { MultiRegion: true } })
  await callKms({ region: FROM, operation: 'ReplicateKey', input: { KeyId: keyId, ReplicaRegion: TO } })
  await callKms({
    region: TO,
    operation: 'CreateAlias',
    input: { AliasName: 'alias/orders', TargetKeyId: keyId },
  })
  return keyId
}

describe('a restart', () => {
  it('shows what was known at once, and says of what age it is while KMS does not answer', async () => {
    const keyId = await givenFamily()
    const before = await givenProcess()
    await expect
      .poll(() => familyOf(before.inventory.topology(), keyId)?.members.map(({ known }) => known), patiently)
      .toEqual(['live', 'live'])
    const { version } = before.inventory.topology()
    await before.end()
    for (const region of REGIONS) await emulator.fault(region, 'unreachable')

    const { inventory } = await givenProcess()
    expect(inventory.topology().version).toBeGreaterThan(version)
    expect(familyOf(inventory.topology(), keyId)?.members).toMatchObject([
      { region: TO, state: 'Enabled', aliases: ['alias/orders'] },
      { region: FROM, state: 'Enabled' },
    ])
    await expect
      .poll(() => inventory.topology().regions.map(({ status }) => status), patiently)
      .toEqual(['unreachable', 'unreachable'])
    for (const region of inventory.topology().regions) expect(region.asOf).not.toBeNull()
    expect(familyOf(inventory.topology(), keyId)?.members.map(({ known }) => known)).toEqual(['stale', 'stale'])

    for (const region of REGIONS) await emulator.fault(region, null)
    await expect
      .poll(() => familyOf(inventory.topology(), keyId)?.members.map(({ known }) => known), patiently)
      .toEqual(['live', 'live'])
  })

  it('forgets what has gone in the meantime, and finds what has come', async () => {
    const keyId = await givenFamily()
    const before = await givenProcess()
    await expect.poll(() => before.inventory.topology().families.length, patiently).toBe(1)
    await before.end()
    await emulator.load('empty')
    const { keyId: later = '' } = await callKms({ region: TO, operation: 'CreateKey', input: { MultiRegion: true } })

    const { inventory } = await givenProcess()
    await expect.poll(() => inventory.topology().families.map((family) => family.keyId), patiently).toEqual([later])
    const after = await (async () => {
      await ends.pop()?.()
      return givenProcess()
    })()
    expect(after.inventory.topology().families.map((family) => family.keyId)).toEqual([later])
    expect(keyId).not.toBe(later)
  })
})
