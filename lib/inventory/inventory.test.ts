import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { callKms } from '@/lib/kms/call'
import { startEmulator, type TestEmulator } from '@/lib/kms/emulator-for-tests'
import { familyOf, memberIn } from '@/lib/topology/family'
import type { Family, Topology } from '@/lib/topology/topology'
import { Inventory, type InventoryOptions } from './inventory'
import { RARELY } from './rarely'

const REGIONS = ['ap-southeast-1', 'eu-west-1', 'us-east-1']
const FROM = 'us-east-1'
const TO = 'eu-west-1'
/** What is awaited comes within milliseconds, on a busy machine within seconds. */
const patiently = { timeout: 10_000 }
const UNKNOWN_KEY = `mrk-${'0'.repeat(32)}`

let emulator: TestEmulator
let opened: Inventory[] = []

beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator?.stop())
beforeEach(async () => {
  for (const region of REGIONS) await emulator.fault(region, null)
  await emulator.load('empty')
  await emulator.settings({ transitionMs: 1 })
})
afterEach(() => {
  for (const inventory of opened) inventory.stop()
  opened = []
})

/** An inventory that looks again rarely, unless a test says otherwise: what it shows was then told, not stumbled upon. */
function givenInventory(options: Partial<InventoryOptions> = {}) {
  const inventory = new Inventory({
    regions: REGIONS,
    maxReplicas: 10,
    periods: RARELY,
    settleEveryMs: 20,
    retryAfterMs: [20],
    ...options,
  })
  opened.push(inventory)
  return inventory
}

async function started(options: Partial<InventoryOptions> = {}) {
  const inventory = givenInventory(options)
  inventory.start()
  await inventory.ready()
  return inventory
}

const call = (region: string, operation: Parameters<typeof callKms>[0]['operation'], input: Record<string, unknown>) =>
  callKms({ region, operation, input })

/** A family with its primary in us-east-1 and a replica in eu-west-1. */
async function givenFamily(input: Record<string, unknown> = {}): Promise<string> {
  const { keyId = '' } = await call(FROM, 'CreateKey', { MultiRegion: true, ...input })
  await call(FROM, 'ReplicateKey', { KeyId: keyId, ReplicaRegion: TO })
  const reader = givenInventory()
  await expect
    .poll(async () => (await reader.refreshFamily(keyId, [FROM, TO]))?.members.map((m) => m.state), patiently)
    .toEqual(['Enabled', 'Enabled'])
  return keyId
}

/** In every Region, with more aliases than go on a page of their list. */
const FLEET = Array.from({ length: 150 }, (_, index) => ({
  keyId: `mrk-${String(index).padStart(32, '0')}`,
  primaryRegion: REGIONS[index % REGIONS.length],
  keySpec: 'SYMMETRIC_DEFAULT',
  keyUsage: 'ENCRYPT_DECRYPT',
  origin: 'AWS_KMS',
  members: REGIONS.map((region) => ({
    region,
    state: 'Enabled',
    aliases: [`alias/fleet-${index}`],
    rotation: { enabled: true, periodInDays: 365 },
  })),
}))
const allRead = (inventory: Inventory) =>
  expect.poll(() => inventory.topology().regions.every(({ status }) => status === 'ok'), { timeout: 50_000 }).toBe(true)

const memberOf = (inventory: Inventory, keyId: string, region: string) => {
  const family = familyOf(inventory.topology(), keyId)
  return family && memberIn(family, region)
}
const familiesOf = (inventory: Inventory) => inventory.topology().families
const regionOf = (inventory: Inventory, name: string) =>
  inventory.topology().regions.find((region) => region.name === name)

describe('a scan', () => {
  it('joins the members of all Regions, with aliases and the rotation of the primary key', async () => {
    const keyId = await givenFamily()
    await call(FROM, 'CreateAlias', { AliasName: 'alias/orders', TargetKeyId: keyId })
    await call(FROM, 'EnableKeyRotation', { KeyId: keyId, RotationPeriodInDays: 200 })
    await call(TO, 'CreateKey', {})
    const inventory = await started()
    expect(inventory.topology()).toMatchObject({
      account: '111122223333',
      partition: 'aws',
      otherKeys: 1,
      regions: REGIONS.map((name) => ({ name, status: 'ok' })),
      families: [
        {
          keyId,
          primaryRegion: FROM,
          members: [
            { region: TO, role: 'REPLICA', known: 'live', aliases: [], rotation: { enabled: true, periodInDays: 200 } },
            { region: FROM, role: 'PRIMARY', known: 'live', aliases: ['alias/orders'], rotation: { enabled: true } },
          ],
        },
      ],
    })
    await emulator.forgetCalls()
    await inventory.refresh()
    expect(await emulator.calls(FROM, 'GetKeyRotationStatus')).toBe(1)
    expect(await emulator.calls(TO, 'GetKeyRotationStatus')).toBe(0)
  })

  it('reads the scenario that a first start shows', async () => {
    await emulator.load('demo')
    const regions = [
      'ap-southeast-1',
      'eu-central-1',
      'eu-west-1',
      'us-east-1',
      'us-west-2',
      'ap-south-1',
      'eu-north-1',
    ]
    const { families, otherKeys } = (await started({ regions })).topology()
    expect(families.length).toBeGreaterThanOrEqual(10)
    expect(otherKeys).toBeGreaterThanOrEqual(10)
    expect(families.every((family) => family.members.some((member) => member.known === 'live'))).toBe(true)
    expect(families.map((family) => family.keyUsage)).toContain('GENERATE_VERIFY_MAC')
    expect(new Set(families.flatMap((family) => family.findings.map(({ id }) => id))).size).toBeGreaterThanOrEqual(3)
  })

  it('names a key that may not be described, and keeps its family', async () => {
    const keyId = await givenFamily()
    const inventory = await started()
    await emulator.fail('DescribeKey', { failNext: 1, with: 'AccessDeniedException', region: TO })
    await inventory.refresh()
    expect(memberOf(inventory, keyId, TO)).toMatchObject({
      state: 'Enabled',
      known: 'stale',
      message: expect.stringContaining('AccessDeniedException'),
    })
    expect(memberOf(inventory, keyId, FROM)).toMatchObject({ known: 'live' })
    expect(regionOf(inventory, TO)).toMatchObject({
      status: 'ok',
      message: expect.stringContaining('One multi-Region key could not be described'),
    })
  })

  it('reads keys where aliases are denied, and says so', async () => {
    const keyId = await givenFamily()
    await emulator.fail('ListAliases', { failNext: 1, with: 'AccessDeniedException', region: TO })
    const inventory = await started()
    expect(memberOf(inventory, keyId, TO)).toMatchObject({ state: 'Enabled' })
    expect(regionOf(inventory, TO)).toMatchObject({
      status: 'denied',
      message: expect.stringContaining('Aliases could not be read: AccessDeniedException'),
      since: expect.any(String),
    })
    expect(regionOf(inventory, FROM)?.status).toBe('ok')
  })

  it('describes each member once, and asks one member of each family for the rotation, after them', async () => {
    await emulator.loadFamilies(FLEET)
    await emulator.forgetCalls()
    const inventory = givenInventory()
    inventory.start()
    await allRead(inventory)
    const rotating = () => familiesOf(inventory).filter(({ members }) => members.every(({ rotation }) => rotation))
    await expect.poll(() => rotating().length, patiently).toBe(FLEET.length)

    const members = familiesOf(inventory).flatMap((family) => family.members)
    expect(members).toHaveLength(FLEET.length * REGIONS.length)
    expect(members.every(({ known, aliases }) => known === 'live' && aliases.length === 1)).toBe(true)
    for (const region of REGIONS) {
      expect(await emulator.calls(region, 'ListKeys')).toBe(1)
      expect(await emulator.calls(region, 'ListAliases')).toBe(2)
      expect(await emulator.calls(region, 'DescribeKey')).toBe(FLEET.length)
      expect(await emulator.calls(region, 'GetKeyRotationStatus')).toBe(FLEET.length / REGIONS.length)
    }
  })

  it('shows families while Regions are still being read, their other members inferred', async () => {
    await emulator.loadFamilies(FLEET)
    const inventory = givenInventory()
    const seen: Topology[] = []
    inventory.subscribe(() => seen.push(inventory.topology()))
    inventory.start()
    await allRead(inventory)

    const first = seen.find(({ families }) => families.length > 0)
    expect(first?.regions.every(({ message }) => message === 'Not read yet')).toBe(true)
    const inPart = (family: Family) => new Set(family.members.map(({ known }) => known)).size === 2
    expect(seen.some(({ families }) => families.some(inPart))).toBe(true)
    expect(first?.families.length).toBeLessThan(FLEET.length)
    expect(seen.flatMap(({ families }) => families.flatMap(({ findings }) => findings))).toEqual([])
    const counts = seen.map(({ families }) => families.length)
    expect(counts).toEqual(counts.toSorted((a, b) => a - b))
  })

  it('reads the members that are known where keys may not be listed, and says so', async () => {
    const keyId = await givenFamily()
    const inventory = await started()
    await call(TO, 'CreateAlias', { AliasName: 'alias/orders', TargetKeyId: keyId })
    await emulator.fail('ListKeys', { failNext: 1, with: 'AccessDeniedException', region: TO })
    await inventory.refresh()
    expect(memberOf(inventory, keyId, TO)).toMatchObject({ known: 'live', state: 'Enabled', aliases: ['alias/orders'] })
    expect(regionOf(inventory, TO)).toMatchObject({
      status: 'denied',
      message: expect.stringContaining('Keys could not be listed: AccessDeniedException'),
    })
    await inventory.refresh()
    expect(regionOf(inventory, TO)?.status).toBe('ok')
  })

  it('asks a Region that denies everything for a few members only', async () => {
    await emulator.loadFamilies(FLEET)
    const inventory = await started()
    await allRead(inventory)
    await emulator.fault(TO, 'denied')
    await emulator.forgetCalls()
    await inventory.refresh()
    expect(await emulator.calls(TO, 'DescribeKey')).toBe(3)
    expect(regionOf(inventory, TO)).toMatchObject({ status: 'denied', message: expect.stringMatching(/^AccessDenied/) })
    expect(familiesOf(inventory)).toHaveLength(FLEET.length)
  })

  it('keeps the rotation of a family visible while the Region of its primary key is down', async () => {
    const keyId = await givenFamily()
    await call(FROM, 'EnableKeyRotation', { KeyId: keyId })
    await emulator.fault(FROM, 'unreachable')
    const inventory = await started()
    await inventory.refresh()
    expect(memberOf(inventory, keyId, TO)?.rotation).toMatchObject({ enabled: true })
    expect(memberOf(inventory, keyId, FROM)).toMatchObject({ role: 'PRIMARY', known: 'inferred', state: 'Unknown' })
  })
})

describe('a Region that fails', () => {
  it.each([
    ['unreachable', 'unreachable'],
    ['denied', 'denied'],
    ['throttled', 'throttled'],
  ] as const)('and is %s keeps its members, delays nobody and is seen when it recovers', async (fault, status) => {
    const keyId = await givenFamily()
    const inventory = await started({ periods: { ...RARELY, keys: 0.05, aliases: 0.05 } })
    await emulator.fault(TO, fault)
    await expect.poll(() => regionOf(inventory, TO), patiently).toMatchObject({ status, since: expect.any(String) })
    expect(memberOf(inventory, keyId, TO)).toMatchObject({ known: 'stale', state: 'Enabled' })
    expect(memberOf(inventory, keyId, FROM)).toMatchObject({ known: 'live' })

    const { keyId: later = '' } = await call(FROM, 'CreateKey', { MultiRegion: true })
    await expect.poll(() => memberOf(inventory, later, FROM), patiently).toMatchObject({ known: 'live' })

    await emulator.fault(TO, null)
    await expect.poll(() => regionOf(inventory, TO)?.status, patiently).toBe('ok')
    expect(memberOf(inventory, keyId, TO)).toMatchObject({ known: 'live' })
    expect(regionOf(inventory, TO)?.since).toBeUndefined()
  })

  it('and hangs delays no other Region', async () => {
    const keyId = await givenFamily()
    await emulator.fault('ap-southeast-1', 'hang')
    const inventory = givenInventory()
    inventory.start()
    await expect.poll(() => memberOf(inventory, keyId, FROM)?.known, patiently).toBe('live')
    expect(regionOf(inventory, 'ap-southeast-1')).toMatchObject({ asOf: null, message: 'Not read yet' })
    await inventory.ready()
    await expect
      .poll(() => regionOf(inventory, 'ap-southeast-1')?.message, patiently)
      .toBe('KMS in ap-southeast-1 did not answer in time')
  })

  it('is noticed by whoever reads a family there, and looked after at once', async () => {
    const keyId = await givenFamily()
    const inventory = await started()
    await emulator.fault(TO, 'unreachable')
    await inventory.refreshFamily(keyId)
    expect(regionOf(inventory, TO)).toMatchObject({ status: 'unreachable' })
    await emulator.fault(TO, null)
    await expect.poll(() => regionOf(inventory, TO)?.status, patiently).toBe('ok')
  })
})

describe('versions', () => {
  it('rise when something changed, and reach who subscribed', async () => {
    const keyId = await givenFamily()
    const inventory = await started()
    const { version } = inventory.topology()
    await inventory.refresh()
    expect(inventory.topology().version).toBe(version)

    const heard: number[] = []
    const leave = inventory.subscribe((newer) => heard.push(newer))
    await call(TO, 'CreateAlias', { AliasName: 'alias/orders', TargetKeyId: keyId })
    await inventory.refresh()
    expect(heard).toEqual([version + 1])
    expect(inventory.since(version)).toMatchObject({
      since: version,
      version: version + 1,
      families: [{ keyId }],
      removed: [],
    })

    leave()
    await call(TO, 'DeleteAlias', { AliasName: 'alias/orders' })
    await inventory.refresh()
    expect(heard).toHaveLength(1)
    await emulator.load('empty')
    await inventory.refresh()
    expect(inventory.since(version)).toMatchObject({ families: [], removed: [keyId] })
  })

  it('still reach the others when one listener fails', async () => {
    const logged = vi.spyOn(console, 'error').mockReturnValue()
    await givenFamily()
    const inventory = givenInventory()
    const heard: number[] = []
    inventory.subscribe(() => {
      throw new Error('broken')
    })
    inventory.subscribe((version) => heard.push(version))
    await inventory.refresh()
    expect(logged).toHaveBeenCalled()
    logged.mockRestore()
    expect(heard.at(-1)).toBe(inventory.topology().version)
  })
})

describe('members in passing states', () => {
  it('are read until they have settled', async () => {
    await emulator.settings({ transitionMs: 300 })
    const { keyId = '' } = await call(FROM, 'CreateKey', { MultiRegion: true })
    const inventory = await started()
    await call(FROM, 'ReplicateKey', { KeyId: keyId, ReplicaRegion: TO })
    await inventory.refreshFamily(keyId, [TO])
    expect(memberOf(inventory, keyId, TO)?.state).toBe('Creating')
    await expect.poll(() => memberOf(inventory, keyId, TO)?.state, patiently).toBe('Enabled')

    await call(FROM, 'UpdatePrimaryRegion', { KeyId: keyId, PrimaryRegion: TO })
    await inventory.refreshFamily(keyId)
    expect([FROM, TO].map((region) => memberOf(inventory, keyId, region)?.state)).toEqual(['Updating', 'Updating'])
    await expect
      .poll(() => familyOf(inventory.topology(), keyId), patiently)
      .toMatchObject({ primaryRegion: TO, members: [{ role: 'PRIMARY', state: 'Enabled' }, { role: 'REPLICA' }] })
  })
})

describe('findFamily', () => {
  it('asks KMS once in every Region for a key that is not known, and keeps what it finds', async () => {
    const inventory = await started()
    const keyId = await givenFamily()
    await emulator.forgetCalls()
    const [family, again] = await Promise.all([inventory.findFamily(keyId), inventory.findFamily(keyId)])
    expect(family).toMatchObject({ keyId, primaryRegion: FROM })
    expect(again).toEqual(family)
    expect(family?.members.map((member) => member.known)).toEqual(['live', 'live'])
    expect(await Promise.all(REGIONS.map((region) => emulator.calls(region, 'DescribeKey')))).toEqual([1, 1, 1])
  })

  it('asks nobody for one that is known or malformed', async () => {
    const keyId = await givenFamily()
    const inventory = await started()
    await emulator.forgetCalls()
    expect(await inventory.findFamily(keyId)).toMatchObject({ keyId })
    for (const malformed of ['', 'mrk-', 'mrk-XYZ', '../secrets', `${UNKNOWN_KEY}0`]) {
      expect(await inventory.findFamily(malformed)).toBeUndefined()
    }
    expect(await emulator.calls(FROM, 'DescribeKey')).toBe(0)

    expect(await inventory.findFamily(UNKNOWN_KEY)).toBeUndefined()
    expect(await Promise.all(REGIONS.map((region) => emulator.calls(region, 'DescribeKey')))).toEqual([1, 1, 1])
  })
})

describe('readFacts', () => {
  it('reads what is asked for, each with its answer or its reason', async () => {
    const keyId = await givenFamily({ Tags: [{ TagKey: 'team', TagValue: 'payments' }] })
    const inventory = await started()
    await emulator.fail('GetKeyPolicy', { failNext: 1, with: 'AccessDeniedException', region: TO })
    const facts = await inventory.readFacts([
      { need: 'probe', keyId },
      { need: 'region', region: 'ap-southeast-1' },
      { need: 'policy', keyId, region: FROM },
      { need: 'policy', keyId, region: TO },
      { need: 'tags', keyId, region: FROM },
      { need: 'rotations', keyId, region: FROM },
    ])
    expect(facts).toMatchObject({
      takenAt: expect.stringMatching(/Z$/),
      limits: { maxReplicas: 10 },
      probes: Object.fromEntries(REGIONS.map((region) => [region, { ok: true }])),
      policies: {
        [`${FROM}/${keyId}`]: { ok: true, value: expect.stringContaining('Statement') },
        [`${TO}/${keyId}`]: { ok: false, reason: 'AccessDeniedException' },
      },
      tags: { [`${FROM}/${keyId}`]: { ok: true, value: [{ key: 'team', value: 'payments' }] } },
      rotations: { [`${FROM}/${keyId}`]: { ok: true, value: { enabled: false } } },
    })
  })

  it('says of a Region that is down that it is', async () => {
    const keyId = await givenFamily()
    const inventory = await started()
    await emulator.fault(TO, 'unreachable')
    const { probes } = await inventory.readFacts([{ need: 'probe', keyId }])
    expect(probes).toMatchObject({ [FROM]: { ok: true }, [TO]: { ok: false, message: expect.stringContaining(TO) } })
  })

  it('tells a key that may not be read from a Region that does not answer', async () => {
    const keyIds = [await givenFamily(), await givenFamily()]
    const inventory = await started()
    await emulator.fail('DescribeKey', { failNext: 1, with: 'AccessDeniedException', region: TO })
    const { probes } = await inventory.readFacts(keyIds.map((keyId) => ({ need: 'probe', keyId })))
    expect(probes[TO]).toMatchObject({ ok: true })
    const answers = keyIds.map((keyId) => probes[`${TO}/${keyId}`]?.ok)
    expect(answers.toSorted()).toEqual([false, true])
    expect(keyIds.map((keyId) => probes[`${FROM}/${keyId}`]?.ok)).toEqual([true, true])
  })

  it('does not ask a Region that does not answer for one family after another', async () => {
    const keyIds = [await givenFamily(), await givenFamily(), await givenFamily(), await givenFamily()]
    const inventory = await started()
    await emulator.fault(TO, 'unreachable')
    await emulator.forgetCalls()
    const { probes } = await inventory.readFacts(keyIds.map((keyId) => ({ need: 'probe', keyId })))
    for (const keyId of keyIds) {
      expect(probes[`${TO}/${keyId}`]).toMatchObject({ ok: false, message: expect.stringContaining(TO) })
      expect(probes[`${FROM}/${keyId}`]).toMatchObject({ ok: true })
    }
    expect(await emulator.calls(FROM, 'DescribeKey')).toBe(4)
    expect(await emulator.calls(TO, 'DescribeKey')).toBeLessThan(4)
  })

  it('shares one request among all who ask for the same', async () => {
    const keyId = await givenFamily()
    const inventory = await started()
    await emulator.slow(FROM, 100)
    await emulator.forgetCalls()
    const need = { need: 'policy', keyId, region: FROM } as const
    await Promise.all(Array.from({ length: 5 }, () => inventory.readFacts([need, need])))
    expect(await emulator.calls(FROM, 'GetKeyPolicy')).toBe(1)
  })
})

describe('stop', () => {
  it('gives up what is under way, and publishes nothing more', async () => {
    await emulator.fault(TO, 'hang')
    const inventory = givenInventory()
    inventory.start()
    const { version } = inventory.topology()
    const refreshed = inventory.refresh()
    inventory.stop()
    await refreshed
    expect(inventory.topology().version).toBe(version)
  })
})
