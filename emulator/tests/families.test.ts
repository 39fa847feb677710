// What makes keys of several Regions one family: roles, replication, promotion, deletion, shared material.

import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  ListAliasesCommand,
  ListResourceTagsCommand,
  ReplicateKeyCommand,
  ScheduleKeyDeletionCommand,
  UpdatePrimaryRegionCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { ACCOUNT, arnOf, DAY_MS, emulate, refusal, START, type TestEmulator, TRANSITION_MS } from './test-emulator.ts'

async function familyIn(emulator: TestEmulator, ...[primary = 'us-east-1', ...replicas]: string[]): Promise<string> {
  const { KeyMetadata } = await emulator.kms(primary).send(new CreateKeyCommand({ MultiRegion: true }))
  const KeyId = KeyMetadata?.KeyId ?? ''
  for (const ReplicaRegion of replicas) {
    await emulator.kms(primary).send(new ReplicateKeyCommand({ KeyId, ReplicaRegion }))
  }
  emulator.advance(TRANSITION_MS)
  return KeyId
}

async function describeIn(emulator: TestEmulator, region: string, KeyId: string) {
  const { KeyMetadata } = await emulator.kms(region).send(new DescribeKeyCommand({ KeyId }))
  return KeyMetadata
}

async function rolesOf(emulator: TestEmulator, keyId: string, regions: string[]): Promise<string[]> {
  const members = await Promise.all(regions.map((region) => describeIn(emulator, region, keyId)))
  return members.map((key) => `${key?.MultiRegionConfiguration?.MultiRegionKeyType} ${key?.KeyState}`)
}

describe('CreateKey', () => {
  it('makes a multi-Region primary key that is enabled at once', async () => {
    const emulator = await emulate()
    const { KeyMetadata } = await emulator.kms().send(new CreateKeyCommand({ MultiRegion: true, Description: 'first' }))
    expect(KeyMetadata?.KeyId).toMatch(/^mrk-[0-9a-f]{32}$/)
    const Arn = arnOf('us-east-1', KeyMetadata?.KeyId)
    expect(KeyMetadata).toEqual({
      AWSAccountId: ACCOUNT,
      Arn,
      CreationDate: new Date(START),
      CurrentKeyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/),
      CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
      Description: 'first',
      Enabled: true,
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
      KeyId: KeyMetadata?.KeyId,
      KeyManager: 'CUSTOMER',
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyState: 'Enabled',
      KeyUsage: 'ENCRYPT_DECRYPT',
      MultiRegion: true,
      MultiRegionConfiguration: {
        MultiRegionKeyType: 'PRIMARY',
        PrimaryKey: { Arn, Region: 'us-east-1' },
        ReplicaKeys: [],
      },
      Origin: 'AWS_KMS',
    })
  })

  it('makes a single-Region key without multi-Region members', async () => {
    const emulator = await emulate()
    const { KeyMetadata } = await emulator.kms().send(new CreateKeyCommand({}))
    expect(KeyMetadata?.KeyId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(KeyMetadata?.MultiRegion).toBe(false)
    expect(KeyMetadata).not.toHaveProperty('MultiRegionConfiguration')
  })

  it('leaves a key for imported material pending import', async () => {
    const emulator = await emulate()
    const { KeyMetadata } = await emulator.kms().send(new CreateKeyCommand({ Origin: 'EXTERNAL' }))
    expect(KeyMetadata).toMatchObject({ KeyState: 'PendingImport', Enabled: false, Origin: 'EXTERNAL' })
    expect(KeyMetadata).not.toHaveProperty('CurrentKeyMaterialId')
    expect(
      await refusal(
        emulator.kms().send(new EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext: Buffer.from('x') })),
      ),
    ).toBe(`KMSInvalidStateException: ${KeyMetadata?.Arn} is pending import.`)
  })

  it('puts a key into the account that the access key id names', async () => {
    const emulator = await emulate()
    const { KeyMetadata } = await emulator.kms('us-east-1', '444455556666').send(new CreateKeyCommand({}))
    expect(KeyMetadata?.AWSAccountId).toBe('444455556666')
    expect(await refusal(emulator.kms().send(new DescribeKeyCommand({ KeyId: KeyMetadata?.KeyId })))).toContain(
      'NotFoundException',
    )
  })
})

describe('ReplicateKey', () => {
  it('answers a key that is being created, which settles by itself', async () => {
    const emulator = await emulate()
    const KeyId = await familyIn(emulator, 'us-east-1')
    const answer = await emulator.kms().send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }))
    expect(answer.ReplicaKeyMetadata).toMatchObject({
      Arn: arnOf('eu-west-1', KeyId),
      Enabled: false,
      KeyState: 'Creating',
      Description: '',
    })
    expect(answer.ReplicaKeyMetadata).not.toHaveProperty('CurrentKeyMaterialId')
    expect(answer).not.toHaveProperty('ReplicaTags')
    expect(JSON.parse(answer.ReplicaPolicy ?? '')).toMatchObject({ Id: 'key-default-1' })

    const primary = await describeIn(emulator, 'us-east-1', KeyId)
    expect(primary?.MultiRegionConfiguration?.ReplicaKeys).toEqual([
      { Arn: arnOf('eu-west-1', KeyId), Region: 'eu-west-1' },
    ])
    expect(await refusal(emulator.kms('eu-west-1').send(new DisableKeyCommand({ KeyId })))).toBe(
      `KMSInvalidStateException: ${arnOf('eu-west-1', KeyId)} is creating.`,
    )
    emulator.advance(TRANSITION_MS)
    expect((await describeIn(emulator, 'eu-west-1', KeyId))?.KeyState).toBe('Enabled')
  })

  it('shows every member the same primary key and replica keys', async () => {
    const emulator = await emulate()
    const regions = ['us-east-1', 'us-west-2', 'eu-west-1']
    const KeyId = await familyIn(emulator, ...regions)
    for (const region of regions) {
      const key = await describeIn(emulator, region, KeyId)
      expect(key?.MultiRegionConfiguration).toMatchObject({
        PrimaryKey: { Region: 'us-east-1' },
        ReplicaKeys: [{ Region: 'eu-west-1' }, { Region: 'us-west-2' }],
      })
    }
    expect(await rolesOf(emulator, KeyId, regions)).toEqual(['PRIMARY Enabled', 'REPLICA Enabled', 'REPLICA Enabled'])
  })

  it('refuses a second replica in a Region, also while the first is pending deletion', async () => {
    const emulator = await emulate()
    const KeyId = await familyIn(emulator, 'us-east-1', 'eu-west-1')
    const again = () => refusal(emulator.kms().send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' })))
    expect(await again()).toContain('AlreadyExistsException')
    await emulator.kms('eu-west-1').send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
    expect(await again()).toContain('AlreadyExistsException')
    emulator.advance(7 * DAY_MS)
    expect(await again()).toBe('no refusal')
  })

  it('refuses what is not a primary key', async () => {
    const emulator = await emulate()
    const KeyId = await familyIn(emulator, 'us-east-1', 'eu-west-1')
    const fromReplica = emulator.kms('eu-west-1').send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'us-west-2' }))
    expect(await refusal(fromReplica)).toBe(
      `UnsupportedOperationException: ${arnOf('eu-west-1', KeyId)} is not a multi-region primary key.`,
    )
    const { KeyMetadata } = await emulator.kms().send(new CreateKeyCommand({}))
    const single = new ReplicateKeyCommand({ KeyId: KeyMetadata?.KeyId, ReplicaRegion: 'us-west-2' })
    expect(await refusal(emulator.kms().send(single))).toContain('UnsupportedOperationException')
    const nowhere = new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'cn-north-1' })
    expect(await refusal(emulator.kms().send(nowhere))).toContain('ValidationException')
  })

  it('copies neither policy nor tags, description or aliases', async () => {
    const emulator = await emulate()
    const { KeyMetadata } = await emulator
      .kms()
      .send(new CreateKeyCommand({ MultiRegion: true, Description: 'mine', Tags: [{ TagKey: 'team', TagValue: 'a' }] }))
    const KeyId = KeyMetadata?.KeyId ?? ''
    await emulator.kms().send(new CreateAliasCommand({ AliasName: 'alias/mine', TargetKeyId: KeyId }))
    await emulator.kms().send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }))
    const there = emulator.kms('eu-west-1')
    expect((await there.send(new ListAliasesCommand({}))).Aliases).toEqual([])
    expect((await there.send(new ListResourceTagsCommand({ KeyId }))).Tags).toEqual([])
    expect((await describeIn(emulator, 'eu-west-1', KeyId))?.Description).toBe('')
    expect((await there.send(new GetKeyPolicyCommand({ KeyId }))).Policy).toContain('key-default-1')
  })
})

describe('UpdatePrimaryRegion', () => {
  it('passes through Updating, with nobody primary for a while, to swapped roles', async () => {
    const emulator = await emulate()
    const regions = ['us-east-1', 'eu-west-1', 'us-west-2']
    const KeyId = await familyIn(emulator, ...regions)
    const answer = await emulator.kms().send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: 'eu-west-1' }))
    expect(answer.$metadata.httpStatusCode).toBe(200)
    const other = 'REPLICA Enabled'
    expect(await rolesOf(emulator, KeyId, regions)).toEqual(['PRIMARY Updating', 'REPLICA Updating', other])
    emulator.advance(TRANSITION_MS / 2)
    expect(await rolesOf(emulator, KeyId, regions)).toEqual(['REPLICA Updating', 'REPLICA Updating', other])
    emulator.advance(TRANSITION_MS / 4)
    expect(await rolesOf(emulator, KeyId, regions)).toEqual(['REPLICA Updating', 'PRIMARY Updating', other])
    emulator.advance(TRANSITION_MS / 4)
    expect(await rolesOf(emulator, KeyId, regions)).toEqual(['REPLICA Enabled', 'PRIMARY Enabled', other])
    const third = await describeIn(emulator, 'us-west-2', KeyId)
    expect(third?.MultiRegionConfiguration?.PrimaryKey?.Region).toBe('eu-west-1')
  })

  it('keeps cryptography going and refuses other changes meanwhile', async () => {
    const emulator = await emulate()
    const KeyId = await familyIn(emulator, 'us-east-1', 'eu-west-1')
    const kms = emulator.kms()
    await kms.send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: 'eu-west-1' }))
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }))
    expect(CiphertextBlob).toBeDefined()
    const updating = `KMSInvalidStateException: ${arnOf('us-east-1', KeyId)} is updating.`
    expect(await refusal(kms.send(new DisableKeyCommand({ KeyId })))).toBe(updating)
    expect(await refusal(kms.send(new ScheduleKeyDeletionCommand({ KeyId })))).toBe(updating)
    expect(await refusal(kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'us-west-2' })))).toBe(updating)
  })

  it('refuses the same call twice, during and after the change', async () => {
    const emulator = await emulate()
    const KeyId = await familyIn(emulator, 'us-east-1', 'eu-west-1')
    const promote = () => emulator.kms().send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: 'eu-west-1' }))
    await promote()
    const refused = `UnsupportedOperationException: ${arnOf('us-east-1', KeyId)} is not a multi-region primary key.`
    expect(await refusal(promote())).toBe(refused)
    emulator.advance(TRANSITION_MS)
    expect(await refusal(promote())).toBe(refused)
  })

  it('wants both keys enabled and a replica at the target', async () => {
    const emulator = await emulate()
    const KeyId = await familyIn(emulator, 'us-east-1', 'eu-west-1')
    const promoteTo = (PrimaryRegion: string) =>
      refusal(emulator.kms().send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion })))
    expect(await promoteTo('us-west-2')).toContain('UnsupportedOperationException')
    expect(await promoteTo('us-east-1')).toContain('UnsupportedOperationException')
    await emulator.kms('eu-west-1').send(new DisableKeyCommand({ KeyId }))
    expect(await promoteTo('eu-west-1')).toBe(`DisabledException: ${arnOf('eu-west-1', KeyId)} is disabled.`)
    await emulator.kms('eu-west-1').send(new EnableKeyCommand({ KeyId }))
    await emulator.kms().send(new DisableKeyCommand({ KeyId }))
    expect(await promoteTo('eu-west-1')).toBe(`DisabledException: ${arnOf('us-east-1', KeyId)} is disabled.`)
  })

  it('leaves exactly one primary key and one key a Region, whatever is done', async () => {
    const emulator = await emulate()
    const regions = ['us-east-1', 'eu-west-1', 'us-west-2']
    const KeyId = await familyIn(emulator, ...regions)
    for (const [from, to] of [
      ['us-east-1', 'eu-west-1'],
      ['eu-west-1', 'us-west-2'],
      ['us-west-2', 'us-east-1'],
    ] as const) {
      await emulator.kms(from).send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: to }))
      emulator.advance(TRANSITION_MS)
      const roles = await rolesOf(emulator, KeyId, regions)
      expect(roles.filter((role) => role === 'PRIMARY Enabled')).toHaveLength(1)
      const key = await describeIn(emulator, from, KeyId)
      const { PrimaryKey, ReplicaKeys = [] } = key?.MultiRegionConfiguration ?? {}
      expect([PrimaryKey, ...ReplicaKeys].map((member) => member?.Region).sort()).toEqual([...regions].sort())
    }
  })
})

describe('ScheduleKeyDeletion', () => {
  it('lets a primary key wait for its replica keys before its own waiting period begins', async () => {
    const emulator = await emulate()
    const KeyId = await familyIn(emulator, 'us-east-1', 'eu-west-1')
    const answer = await emulator.kms().send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 10 }))
    expect(answer).toMatchObject({
      KeyId: arnOf('us-east-1', KeyId),
      KeyState: 'PendingReplicaDeletion',
      PendingWindowInDays: 10,
    })
    expect(answer).not.toHaveProperty('DeletionDate')
    const waiting = await describeIn(emulator, 'us-east-1', KeyId)
    expect(waiting?.PendingDeletionWindowInDays).toBe(10)
    expect(waiting).not.toHaveProperty('DeletionDate')

    // The replica key keeps working, and a pending one still counts.
    await emulator.kms('eu-west-1').send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }))
    await emulator.kms('eu-west-1').send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
    emulator.advance(6 * DAY_MS)
    expect((await describeIn(emulator, 'us-east-1', KeyId))?.KeyState).toBe('PendingReplicaDeletion')
    const replicaGoneAt = emulator.now() + DAY_MS
    emulator.advance(3 * DAY_MS)
    const counting = await describeIn(emulator, 'us-east-1', KeyId)
    expect(counting?.KeyState).toBe('PendingDeletion')
    expect(counting?.DeletionDate).toEqual(new Date(replicaGoneAt + 10 * DAY_MS))
    expect(await refusal(describeIn(emulator, 'eu-west-1', KeyId))).toBe(
      `NotFoundException: Key '${arnOf('eu-west-1', KeyId)}' does not exist`,
    )
    emulator.advance(10 * DAY_MS)
    expect(await refusal(describeIn(emulator, 'us-east-1', KeyId))).toContain('NotFoundException')
  })

  it('can be cancelled, which leaves the key disabled', async () => {
    const emulator = await emulate()
    const KeyId = await familyIn(emulator, 'us-east-1', 'eu-west-1')
    for (const region of ['us-east-1', 'eu-west-1']) {
      await emulator.kms(region).send(new ScheduleKeyDeletionCommand({ KeyId }))
      const { KeyId: cancelled } = await emulator.kms(region).send(new CancelKeyDeletionCommand({ KeyId }))
      expect(cancelled).toBe(arnOf(region, KeyId))
      const key = await describeIn(emulator, region, KeyId)
      expect(key).toMatchObject({ KeyState: 'Disabled', Enabled: false })
      expect(key).not.toHaveProperty('DeletionDate')
    }
    emulator.advance(60 * DAY_MS)
    expect(await rolesOf(emulator, KeyId, ['us-east-1', 'eu-west-1'])).toEqual(['PRIMARY Disabled', 'REPLICA Disabled'])
  })

  it('takes the aliases along when the key is gone, and a replica can be made anew', async () => {
    const emulator = await emulate()
    const KeyId = await familyIn(emulator, 'us-east-1', 'eu-west-1')
    const there = emulator.kms('eu-west-1')
    await there.send(new CreateAliasCommand({ AliasName: 'alias/here', TargetKeyId: KeyId }))
    const { CiphertextBlob } = await there.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('kept') }))
    await there.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
    emulator.advance(7 * DAY_MS)
    expect((await there.send(new ListAliasesCommand({}))).Aliases).toEqual([])
    await emulator.kms().send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }))
    emulator.advance(TRANSITION_MS)
    const { Plaintext } = await there.send(new DecryptCommand({ CiphertextBlob }))
    expect(Buffer.from(Plaintext ?? []).toString()).toBe('kept')
  })
})
