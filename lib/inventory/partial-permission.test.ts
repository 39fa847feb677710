// Partial permission: with IAM policies that deny one thing in one Region, only that is a blind spot.

import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { startEmulator, type TestEmulator } from '@/lib/kms/emulator-for-tests'
import { blindSpotsOf } from '@/lib/topology/blind-spots'
import { familyOf, memberIn } from '@/lib/topology/family'
import { givenArn, givenKeyId } from '@/lib/topology/scenarios/given-readings'
import type { Member, Topology } from '@/lib/topology/topology'
import { Inventory } from './inventory'
import { RARELY } from './rarely'

const ELSEWHERE = 'us-east-1'
const HERE = 'eu-west-1'

const family = (keyId: string, primaryRegion: string, regions: string[]) => ({
  keyId,
  primaryRegion,
  keySpec: 'SYMMETRIC_DEFAULT',
  keyUsage: 'ENCRYPT_DECRYPT',
  origin: 'AWS_KMS',
  members: regions.map((region) => ({
    region,
    state: 'Enabled',
    aliases: [`alias/${keyId}`],
    rotation: { enabled: true, periodInDays: 365 },
  })),
})
const [SHARED, LED, LONE] = [givenKeyId('a1'), givenKeyId('b2'), givenKeyId('c3')]
/** One with its primary key elsewhere, one with its primary key here, one that is only here. */
const FAMILIES = [
  family(SHARED, ELSEWHERE, [ELSEWHERE, HERE]),
  family(LED, HERE, [ELSEWHERE, HERE]),
  family(LONE, HERE, [HERE]),
]

const allowAll = { Effect: 'Allow', Action: 'kms:*', Resource: '*' }
const deny = (operation: string, keyId?: string) => ({
  Effect: 'Deny',
  Action: `kms:${operation}`,
  Resource: keyId === undefined ? '*' : givenArn(HERE, keyId),
  Condition: { StringEquals: { 'aws:RequestedRegion': HERE } },
})

let emulator: TestEmulator

beforeAll(async () => {
  emulator = await startEmulator()
  await emulator.settings({ authorization: 'policies' })
})
afterAll(() => emulator?.stop())
beforeEach(async () => {
  await emulator.loadFamilies(FAMILIES)
  await emulator.actAs([allowAll])
})

function given(): Inventory {
  const inventory = new Inventory({ regions: [HERE, ELSEWHERE], maxReplicas: 10, periods: RARELY })
  onTestFinished(() => inventory.stop())
  return inventory
}

/** Every Region once. */
async function read(): Promise<Inventory> {
  const inventory = given()
  await inventory.refresh()
  return inventory
}

async function started(): Promise<Inventory> {
  const inventory = given()
  inventory.start()
  await inventory.ready()
  return inventory
}

const viewOf = ({ regions }: Topology) => regions.find(({ name }) => name === HERE)
const spotsIn = (inventory: Inventory) =>
  blindSpotsOf(inventory.topology()).map(({ region, part, families }) => ({ region, part, families }))
const keyIdsIn = ({ families }: Topology) => families.map(({ keyId }) => keyId)
function memberHere(inventory: Inventory, keyId: string): Member | undefined {
  const found = familyOf(inventory.topology(), keyId)
  return found && memberIn(found, HERE)
}
const findingsIn = ({ families }: Topology) => families.flatMap(({ findings }) => findings.map(({ id }) => id))

/** The reason that KMS gives, without the ARN of the key. */
const refusal = (operation: string) => expect.stringMatching(new RegExp(`^AccessDeniedException: .*kms:${operation}`))

describe('a Region that denies ListKeys alone', () => {
  it('shows the keys that others name, read and with aliases, and says that others may be hidden', async () => {
    await emulator.actAs([allowAll, deny('ListKeys')])
    const inventory = await started()
    await expect.poll(() => [SHARED, LED].map((keyId) => memberHere(inventory, keyId)?.known)).toEqual(['live', 'live'])
    await expect.poll(() => memberHere(inventory, LED)?.rotation).not.toBeNull()
    expect(keyIdsIn(inventory.topology())).toEqual([SHARED, LED])
    for (const keyId of [SHARED, LED]) {
      expect(memberHere(inventory, keyId)).toMatchObject({
        known: 'live',
        state: 'Enabled',
        aliases: [`alias/${keyId}`],
        rotation: { enabled: true },
      })
    }
    expect(spotsIn(inventory)).toEqual([{ region: HERE, part: 'keys', families: [] }])
    expect(viewOf(inventory.topology())).toMatchObject({
      status: 'denied',
      unreadable: [{ part: 'keys', message: refusal('ListKeys') }],
    })
  })

  it('keeps a key that is only there when that begins, and finds what is new when it ends', async () => {
    const inventory = await read()
    await emulator.actAs([allowAll, deny('ListKeys')])
    await inventory.refresh()
    const since = viewOf(inventory.topology())?.unreadable?.[0]?.since
    await inventory.refresh()
    expect(viewOf(inventory.topology())?.unreadable).toMatchObject([{ part: 'keys', since }])
    expect(memberHere(inventory, LONE)).toMatchObject({ known: 'live' })

    await emulator.actAs([allowAll])
    await inventory.refresh()
    expect(spotsIn(inventory)).toEqual([])
    expect(viewOf(inventory.topology())).toEqual({ name: HERE, status: 'ok', asOf: expect.any(String) })
  })
})

describe('a Region that denies ListAliases alone', () => {
  it('shows every key as it is, and says nothing about aliases there', async () => {
    await emulator.actAs([allowAll, deny('ListAliases')])
    const inventory = await read()
    expect(keyIdsIn(inventory.topology()).sort()).toEqual([SHARED, LED, LONE])
    for (const keyId of [SHARED, LED, LONE]) {
      expect(memberHere(inventory, keyId)).toMatchObject({ known: 'live', aliases: [], rotation: { enabled: true } })
    }
    expect(findingsIn(inventory.topology())).toEqual(['single-member'])
    expect(spotsIn(inventory)).toEqual([
      { region: HERE, part: 'aliases', families: expect.arrayContaining([SHARED, LED, LONE]) },
    ])
    expect(viewOf(inventory.topology())).toMatchObject({
      status: 'denied',
      unreadable: [{ part: 'aliases', message: refusal('ListAliases') }],
    })
  })

  it('keeps the aliases that were known, also when a family is opened meanwhile', async () => {
    const inventory = await read()
    await emulator.actAs([allowAll, deny('ListAliases')])
    await inventory.refreshFamily(LED)
    const opened = structuredClone(viewOf(inventory.topology()))
    expect(opened).toMatchObject({ status: 'denied', unreadable: [{ part: 'aliases' }] })
    await inventory.refresh()
    for (const keyId of [SHARED, LED, LONE]) {
      expect(memberHere(inventory, keyId)).toMatchObject({ known: 'live', aliases: [`alias/${keyId}`] })
    }
    expect(viewOf(inventory.topology())?.unreadable).toEqual(opened?.unreadable)

    await emulator.actAs([allowAll])
    await inventory.refresh()
    expect(spotsIn(inventory)).toEqual([])
  })
})

describe('a Region that denies DescribeKey alone', () => {
  it('of one key, names that key and reads all others', async () => {
    await emulator.actAs([allowAll, deny('DescribeKey', LED)])
    const inventory = await read()
    expect(memberHere(inventory, LED)).toMatchObject({
      known: 'inferred',
      state: 'Unknown',
      aliases: [`alias/${LED}`],
      message: refusal('DescribeKey'),
    })
    for (const keyId of [SHARED, LONE]) expect(memberHere(inventory, keyId)).toMatchObject({ known: 'live' })
    expect(spotsIn(inventory)).toEqual([{ region: HERE, part: 'descriptions', families: [LED] }])
    expect(viewOf(inventory.topology())).toMatchObject({
      status: 'ok',
      unreadable: [{ part: 'descriptions', message: refusal('DescribeKey'), keyIds: [LED] }],
    })
  })

  it('of all keys, drops none of them, and remembers since when', async () => {
    const inventory = await read()
    await emulator.actAs([allowAll, deny('DescribeKey')])
    await inventory.refresh()
    const first = structuredClone(viewOf(inventory.topology())?.unreadable)
    await inventory.refresh()
    expect(viewOf(inventory.topology())?.unreadable).toEqual(first)
    expect(first).toMatchObject([{ part: 'descriptions', keyIds: [SHARED, LED, LONE], since: expect.any(String) }])
    for (const keyId of [SHARED, LED, LONE]) {
      expect(memberHere(inventory, keyId)).toMatchObject({ known: 'stale', state: 'Enabled' })
    }

    await emulator.actAs([allowAll])
    await inventory.refresh()
    expect(spotsIn(inventory)).toEqual([])
  })
})

describe('a Region that denies GetKeyRotationStatus alone', () => {
  it('is read as if nothing were wrong, but for the rotation of families with their primary key there', async () => {
    await emulator.actAs([allowAll, deny('GetKeyRotationStatus')])
    const inventory = await read()
    expect(memberHere(inventory, SHARED)).toMatchObject({ known: 'live', rotation: { enabled: true } })
    for (const keyId of [LED, LONE])
      expect(memberHere(inventory, keyId)).toMatchObject({ known: 'live', rotation: null })
    expect(findingsIn(inventory.topology())).toEqual(['single-member'])
    expect(spotsIn(inventory)).toEqual([{ region: HERE, part: 'rotation', families: [LED, LONE] }])
    const view = structuredClone(viewOf(inventory.topology()))
    expect(view).toMatchObject({ status: 'ok', unreadable: [{ part: 'rotation', keyIds: [LED, LONE] }] })
    expect(view).not.toHaveProperty('since')

    await inventory.refreshFamily(LED)
    await inventory.refresh()
    expect(viewOf(inventory.topology())?.unreadable).toEqual(view?.unreadable)
    await emulator.actAs([allowAll])
    await inventory.refreshFamily(LED)
    expect(spotsIn(inventory)).toEqual([{ region: HERE, part: 'rotation', families: [LONE] }])
  })
})

describe('a Region that denies everything', () => {
  it('is one blind spot, and its members stay', async () => {
    const inventory = await read()
    await emulator.actAs([allowAll, deny('*')])
    await inventory.refresh()
    expect(spotsIn(inventory)).toEqual([
      { region: HERE, part: 'region', families: expect.arrayContaining([SHARED, LED, LONE]) },
    ])
    expect(memberHere(inventory, LONE)).toMatchObject({ known: 'stale' })
  })
})
