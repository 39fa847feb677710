// Rotation: set on the primary key, seen on every member, carried out by the clock.

import {
  CancelKeyDeletionCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  GetKeyRotationStatusCommand,
  ListKeyRotationsCommand,
  ReplicateKeyCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { arnOf, DAY_MS, emulate, refusal, START, type TestEmulator, TRANSITION_MS } from './test-emulator.ts'

const AWAY = 'eu-west-1'

async function family(emulator: TestEmulator, input: CreateKeyCommandInput = {}): Promise<string> {
  const { KeyMetadata } = await emulator.kms().send(new CreateKeyCommand({ MultiRegion: true, ...input }))
  const KeyId = KeyMetadata?.KeyId ?? ''
  await emulator.kms().send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: AWAY }))
  emulator.advance(TRANSITION_MS)
  return KeyId
}

const statusIn = (emulator: TestEmulator, KeyId: string, region = 'us-east-1') =>
  emulator.kms(region).send(new GetKeyRotationStatusCommand({ KeyId }))

async function materialIn(emulator: TestEmulator, KeyId: string, region = 'us-east-1') {
  const { KeyMetadata } = await emulator.kms(region).send(new DescribeKeyCommand({ KeyId }))
  return KeyMetadata?.CurrentKeyMaterialId
}

describe('EnableKeyRotation', () => {
  it('is seen on every member, and the period counts from the last call', async () => {
    const emulator = await emulate()
    const KeyId = await family(emulator)
    expect(await statusIn(emulator, KeyId)).not.toHaveProperty('RotationPeriodInDays')
    await emulator.kms().send(new EnableKeyRotationCommand({ KeyId }))
    const enabledAt = emulator.now()
    for (const region of ['us-east-1', AWAY]) {
      expect(await statusIn(emulator, KeyId, region)).toMatchObject({
        KeyRotationEnabled: true,
        RotationPeriodInDays: 365,
        NextRotationDate: new Date(enabledAt + 365 * DAY_MS),
      })
    }
    emulator.advance(10 * DAY_MS)
    await emulator.kms().send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }))
    expect((await statusIn(emulator, KeyId)).NextRotationDate).toEqual(new Date(enabledAt + 100 * DAY_MS))
    await emulator.kms().send(new DisableKeyRotationCommand({ KeyId }))
    expect((await statusIn(emulator, KeyId)).KeyRotationEnabled).toBe(false)
  })

  it('rotates all members when it is time', async () => {
    const emulator = await emulate()
    const KeyId = await family(emulator)
    await emulator.kms().send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }))
    const before = await materialIn(emulator, KeyId)
    emulator.advance(181 * DAY_MS)
    const after = await materialIn(emulator, KeyId)
    expect(after).not.toBe(before)
    expect(await materialIn(emulator, KeyId, AWAY)).toBe(after)
    const { Rotations = [] } = await emulator.kms(AWAY).send(new ListKeyRotationsCommand({ KeyId }))
    const enabledAt = START + TRANSITION_MS
    expect(Rotations.map(({ RotationDate, RotationType }) => [RotationDate?.getTime(), RotationType])).toEqual([
      [enabledAt + 90 * DAY_MS, 'AUTOMATIC'],
      [enabledAt + 180 * DAY_MS, 'AUTOMATIC'],
    ])
    const all = await emulator
      .kms()
      .send(new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }))
    expect(all.Rotations?.map(({ KeyMaterialState }) => KeyMaterialState)).toEqual([
      'NON_CURRENT',
      'NON_CURRENT',
      'CURRENT',
    ])
    expect(all.Rotations?.[0]).toEqual({ KeyId, KeyMaterialId: before, KeyMaterialState: 'NON_CURRENT' })
  })

  it('is refused on a replica key and on keys that cannot rotate', async () => {
    const emulator = await emulate()
    const KeyId = await family(emulator)
    const onReplica = `UnsupportedOperationException: ${arnOf(AWAY, KeyId)} is not a multi-region primary key.`
    expect(await refusal(emulator.kms(AWAY).send(new EnableKeyRotationCommand({ KeyId })))).toBe(onReplica)
    expect(await refusal(emulator.kms(AWAY).send(new DisableKeyRotationCommand({ KeyId })))).toBe(onReplica)
    expect(await refusal(emulator.kms(AWAY).send(new RotateKeyOnDemandCommand({ KeyId })))).toBe(onReplica)
    const hmac = await family(emulator, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
    expect(await refusal(emulator.kms().send(new EnableKeyRotationCommand({ KeyId: hmac })))).toContain(
      'UnsupportedOperation',
    )
    expect((await statusIn(emulator, hmac)).KeyRotationEnabled).toBe(false)
    expect((await emulator.kms().send(new ListKeyRotationsCommand({ KeyId: hmac }))).Rotations).toEqual([])
    const tooOften = new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 89 })
    expect(await refusal(emulator.kms().send(tooOften))).toBe(
      "ValidationException: 1 validation error detected: Value '89' at 'rotationPeriodInDays' failed to satisfy constraint: Member must have value greater than or equal to 90",
    )
  })

  it('does not rotate a disabled key until it is enabled again', async () => {
    const emulator = await emulate()
    const KeyId = await family(emulator)
    await emulator.kms().send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }))
    const before = await materialIn(emulator, KeyId)
    await emulator.kms().send(new DisableKeyCommand({ KeyId }))
    emulator.advance(100 * DAY_MS)
    expect(await materialIn(emulator, KeyId)).toBe(before)
    await emulator.kms().send(new EnableKeyCommand({ KeyId }))
    expect(await materialIn(emulator, KeyId)).not.toBe(before)
    expect((await statusIn(emulator, KeyId)).NextRotationDate).toEqual(new Date(emulator.now() + 90 * DAY_MS))
  })

  it('reads as off while the key is pending deletion, and comes back', async () => {
    const emulator = await emulate()
    const KeyId = await family(emulator)
    await emulator.kms().send(new EnableKeyRotationCommand({ KeyId }))
    await emulator.kms().send(new ScheduleKeyDeletionCommand({ KeyId }))
    expect((await statusIn(emulator, KeyId)).KeyRotationEnabled).toBe(false)
    await emulator.kms().send(new CancelKeyDeletionCommand({ KeyId }))
    expect((await statusIn(emulator, KeyId)).KeyRotationEnabled).toBe(true)
  })
})

describe('RotateKeyOnDemand', () => {
  it('starts at once, shows its start while it runs, and leaves the schedule alone', async () => {
    const emulator = await emulate()
    const KeyId = await family(emulator)
    await emulator.kms().send(new EnableKeyRotationCommand({ KeyId }))
    const { NextRotationDate } = await statusIn(emulator, KeyId)
    const before = await materialIn(emulator, KeyId)
    const answer = await emulator.kms().send(new RotateKeyOnDemandCommand({ KeyId }))
    expect(answer.KeyId).toBe(arnOf('us-east-1', KeyId))
    expect((await statusIn(emulator, KeyId)).OnDemandRotationStartDate).toEqual(new Date(emulator.now()))
    expect(await refusal(emulator.kms().send(new RotateKeyOnDemandCommand({ KeyId })))).toContain('ConflictException')
    emulator.advance(TRANSITION_MS)
    const status = await statusIn(emulator, KeyId)
    expect(status).not.toHaveProperty('OnDemandRotationStartDate')
    expect(status.NextRotationDate).toEqual(NextRotationDate)
    expect(await materialIn(emulator, KeyId)).not.toBe(before)
  })

  it('is refused close to an automatic rotation', async () => {
    const emulator = await emulate()
    const KeyId = await family(emulator)
    await emulator.kms().send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }))
    emulator.advance(90 * DAY_MS - 10 * 60_000)
    expect(await refusal(emulator.kms().send(new RotateKeyOnDemandCommand({ KeyId })))).toContain('ConflictException')
  })

  it('ends after 25 rotations', async () => {
    const emulator = await emulate()
    const KeyId = await family(emulator)
    for (let count = 0; count < 25; count++) {
      await emulator.kms().send(new RotateKeyOnDemandCommand({ KeyId }))
      emulator.advance(TRANSITION_MS)
    }
    expect(await refusal(emulator.kms().send(new RotateKeyOnDemandCommand({ KeyId })))).toBe(
      `LimitExceededException: The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: ${arnOf('us-east-1', KeyId)}`,
    )
  })

  it('is refused for asymmetric and unknown keys', async () => {
    const emulator = await emulate()
    const KeyId = await family(emulator, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
    expect(await refusal(emulator.kms().send(new RotateKeyOnDemandCommand({ KeyId })))).toBe(
      'UnsupportedOperationException: UnknownError',
    )
    const unknown = '1234abcd-12ab-34cd-56ef-1234567890ab'
    expect(await refusal(emulator.kms().send(new RotateKeyOnDemandCommand({ KeyId: unknown })))).toBe(
      `NotFoundException: Key '${arnOf('us-east-1', unknown)}' does not exist`,
    )
  })
})
