// Long lists: more keys and more aliases in one Region than KMS gives on a page.

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startEmulator, type TestEmulator } from '@/lib/kms/emulator-for-tests'
import { givenKeyId } from '@/lib/topology/scenarios/given-readings'
import { Inventory } from './inventory'
import { RARELY } from './rarely'

const HERE = 'eu-west-1'
const KEYS = 2_050
const ALIASES = 350

/** HMAC keys, which nobody asks for their rotation; the last of the list have aliases, as the lists are in one order. */
const FAMILIES = Array.from({ length: KEYS }, (_, index) => ({
  keyId: givenKeyId(index.toString(16)),
  primaryRegion: HERE,
  keySpec: 'HMAC_256',
  keyUsage: 'GENERATE_VERIFY_MAC',
  origin: 'AWS_KMS',
  members: [{ region: HERE, state: 'Enabled', aliases: index < KEYS - ALIASES ? [] : [`alias/long-${index}`] }],
}))

let emulator: TestEmulator

beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator?.stop())

describe('a Region with more keys and aliases than a page holds', () => {
  it('is read whole, and its keys are described from the first page on', { timeout: 60_000 }, async () => {
    await emulator.loadFamilies(FAMILIES)
    await emulator.forgetCalls()
    const inventory = new Inventory({ regions: [HERE], maxReplicas: 10, periods: RARELY })
    onTestFinished(() => inventory.stop())
    const { regions, families } = await inventory.refresh()

    expect(regions).toMatchObject([{ name: HERE, status: 'ok' }])
    expect(families).toHaveLength(KEYS)
    const members = families.flatMap((family) => family.members)
    expect(members.every(({ known, state }) => known === 'live' && state === 'Enabled')).toBe(true)
    expect(members.flatMap(({ aliases }) => aliases).sort()).toEqual(
      FAMILIES.flatMap((family) => family.members.flatMap(({ aliases }) => aliases)).sort(),
    )

    const calls = await emulator.callLog(HERE)
    const count = (operation: string) => calls.filter((each) => each === operation).length
    expect(count('ListKeys')).toBe(3)
    expect(count('ListAliases')).toBe(4)
    expect(count('DescribeKey')).toBe(KEYS)
    expect(calls.indexOf('DescribeKey')).toBeLessThan(calls.indexOf('ListKeys', calls.indexOf('ListKeys') + 1))
  })
})
