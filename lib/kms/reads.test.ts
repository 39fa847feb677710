import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { callKms } from './call'
import { describeMember } from './describe-member'
import { startEmulator, type TestEmulator } from './emulator-for-tests'
import { listAliases } from './list-aliases'
import { listKeys } from './list-keys'
import { readPolicy } from './policy'
import { readAlias } from './read-alias'
import { readRotationFacts } from './rotation'
import { readTags } from './tags'

const PRIMARY = 'us-east-1'
const REPLICA = 'eu-west-1'
const primary = { region: PRIMARY, purpose: 'run' } as const
const replica = { region: REPLICA, purpose: 'run' } as const

const patiently = { timeout: 10_000 }

let emulator: TestEmulator
let keyId: string

async function createKey(region: string, input: Record<string, unknown> = {}): Promise<string> {
  const created = await callKms({ region, operation: 'CreateKey', input: { MultiRegion: true, ...input } })
  if (!created.keyId) throw new Error('CreateKey answered no key id')
  return created.keyId
}

beforeAll(async () => {
  emulator = await startEmulator()
  await emulator.settings({ transitionMs: 1 })
  keyId = await createKey(PRIMARY, { Description: 'Orders', Tags: [{ TagKey: 'team', TagValue: 'payments' }] })
  await callKms({ region: PRIMARY, operation: 'ReplicateKey', input: { KeyId: keyId, ReplicaRegion: REPLICA } })
  await vi.waitFor(async () => expect((await describeMember(replica, keyId)).state).toBe('Enabled'), patiently)
})
afterAll(() => emulator?.stop())

describe('describeMember', () => {
  it('tells each member from its own Region, and all relatives', async () => {
    const arn = (region: string) => `arn:aws:kms:${region}:111122223333:key/${keyId}`
    expect(await describeMember(primary, keyId)).toMatchObject({
      arn: arn(PRIMARY),
      keyId,
      region: PRIMARY,
      role: 'PRIMARY',
      state: 'Enabled',
      description: 'Orders',
      keySpec: 'SYMMETRIC_DEFAULT',
      keyUsage: 'ENCRYPT_DECRYPT',
      origin: 'AWS_KMS',
      primaryArn: arn(PRIMARY),
      replicaArns: [arn(REPLICA)],
      createdAt: expect.stringMatching(/Z$/),
      currentKeyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/),
      rotation: null,
    })
    expect(await describeMember(replica, keyId)).toMatchObject({
      arn: arn(REPLICA),
      role: 'REPLICA',
      primaryArn: arn(PRIMARY),
      replicaArns: [arn(REPLICA)],
    })
  })

  it('refuses a key that is not multi-Region', async () => {
    const created = await callKms({ region: PRIMARY, operation: 'CreateKey', input: {} })
    await expect(describeMember(primary, created.keyId ?? '')).rejects.toMatchObject({ kind: 'unsupported' })
  })
})

describe('lists', () => {
  it('are read to the last page', async () => {
    const names = Array.from({ length: 45 }, (_, index) => `alias/page-test-${String(index).padStart(3, '0')}`)
    const keyIds = await Promise.all(Array.from({ length: 3 }, () => createKey('eu-central-1')))
    for (const target of keyIds) {
      for (const name of names) {
        await callKms({
          region: 'eu-central-1',
          operation: 'CreateAlias',
          input: { AliasName: `${name}-${target.slice(-4)}`, TargetKeyId: target },
        })
      }
    }
    const where = { region: 'eu-central-1', purpose: 'run' } as const
    const aliases = await listAliases(where)
    expect(aliases).toHaveLength(135)
    expect(aliases.every(({ name }) => name.startsWith('alias/page-test-'))).toBe(true)
    expect((await listKeys(where)).sort()).toEqual(expect.arrayContaining([...keyIds].sort()))

    const last = aliases.at(-1)
    expect(await readAlias(where, last?.name ?? '')).toBe(last?.keyId)
    expect(await readAlias(where, 'alias/page-test-none')).toBeNull()
    expect(await readAlias(primary, last?.name ?? '')).toBeNull()
  })
})

describe('readPolicy and readTags', () => {
  it('read each member by itself', async () => {
    expect(JSON.parse(await readPolicy(primary, keyId))).toMatchObject({ Statement: expect.any(Array) })
    expect(await readTags(primary, keyId)).toEqual([{ key: 'team', value: 'payments' }])
    expect(await readTags(replica, keyId)).toEqual([])
  })
})

describe('readRotationFacts', () => {
  it('tells setting and history, newest first', async () => {
    const rotating = await createKey(PRIMARY)
    expect(await readRotationFacts(primary, rotating)).toMatchObject({ enabled: false })

    await callKms({
      region: PRIMARY,
      operation: 'EnableKeyRotation',
      input: { KeyId: rotating, RotationPeriodInDays: 180 },
    })
    const before = await describeMember(primary, rotating)
    await callKms({ region: PRIMARY, operation: 'RotateKeyOnDemand', input: { KeyId: rotating } })
    await expect
      .poll(async () => (await describeMember(primary, rotating)).currentKeyMaterialId, patiently)
      .not.toBe(before.currentKeyMaterialId)

    const facts = await readRotationFacts(primary, rotating)
    expect(facts).toMatchObject({ enabled: true, periodInDays: 180, nextRotationDate: expect.stringMatching(/Z$/) })
    expect(facts.history[0]).toMatchObject({ type: 'ON_DEMAND', state: 'CURRENT' })
    expect(facts.history.at(-1)).toMatchObject({ keyMaterialId: before.currentKeyMaterialId, state: 'NON_CURRENT' })
  })

  it('takes a kind that KMS does not rotate for one that is off', async () => {
    const hmac = await createKey(PRIMARY, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
    await expect(readRotationFacts(primary, hmac)).resolves.toMatchObject({ enabled: false, history: [] })
  })
})
