// The state file: what was acknowledged is still there after a restart, whatever the end was like.

import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GetPublicKeyCommand,
  ListAliasesCommand,
  ListKeysCommand,
  ReplicateKeyCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UpdatePrimaryRegionCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DAY_MS, emulate, START, TRANSITION_MS } from './test-emulator.ts'

async function stateFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kms-emulator-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return join(folder, 'state.jsonl')
}

describe('the state file', () => {
  it('brings back keys, aliases, material and transitions, read while the first is still running', async () => {
    const dataFile = await stateFile()
    const first = await emulate({ dataFile })
    const kms = first.kms()
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ MultiRegion: true, Description: 'kept' }))
    const KeyId = KeyMetadata?.KeyId ?? ''
    await kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }))
    first.advance(TRANSITION_MS)
    await kms.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'a', TagValue: 'b' }] }))
    await kms.send(new EnableKeyRotationCommand({ KeyId }))
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/kept', TargetKeyId: KeyId }))
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/gone', TargetKeyId: KeyId }))
    await kms.send(new DeleteAliasCommand({ AliasName: 'alias/gone' }))
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }))
    const signer = await kms.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }))
    const publicKey = await kms.send(new GetPublicKeyCommand({ KeyId: signer.KeyMetadata?.KeyId }))
    const doomed = await kms.send(new CreateKeyCommand({}))
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId: doomed.KeyMetadata?.KeyId, PendingWindowInDays: 7 }))
    await kms.send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: 'eu-west-1' }))

    // No close: as after SIGKILL, only what is on disk counts. The first must not write again, so it gets a copy.
    const copy = `${dataFile}.copy`
    await writeFile(copy, await readFile(dataFile))
    const second = await emulate({ dataFile: copy, scenario: 'demo', startAt: START + 8 * DAY_MS })
    const again = second.kms('eu-west-1')
    const key = await again.send(new DescribeKeyCommand({ KeyId }))
    expect(key.KeyMetadata).toMatchObject({
      KeyState: 'Enabled',
      MultiRegionConfiguration: { MultiRegionKeyType: 'PRIMARY', ReplicaKeys: [{ Region: 'us-east-1' }] },
    })
    const { Plaintext } = await again.send(new DecryptCommand({ CiphertextBlob }))
    expect(Buffer.from(Plaintext ?? []).toString()).toBe('x')
    const { Aliases } = await second.kms().send(new ListAliasesCommand({}))
    expect(Aliases?.map(({ AliasName }) => AliasName)).toEqual(['alias/kept'])
    const samePublicKey = await second.kms().send(new GetPublicKeyCommand({ KeyId: signer.KeyMetadata?.KeyId }))
    expect(samePublicKey.PublicKey).toEqual(publicKey.PublicKey)
    expect((await second.kms().send(new ListKeysCommand({}))).Keys).toHaveLength(2)
  })

  it('passes over a last line that a crash cut short', async () => {
    const dataFile = await stateFile()
    const first = await emulate({ dataFile })
    await first.kms().send(new CreateKeyCommand({}))
    await first.close()
    await appendFile(dataFile, '{"family":{"keyId":"half')
    const second = await emulate({ dataFile })
    expect((await second.kms().send(new ListKeysCommand({}))).Keys).toHaveLength(1)
  })

  it('refuses a file that is not its own, or damaged in the middle', async () => {
    const dataFile = await stateFile()
    await writeFile(dataFile, 'my shopping list\n')
    await expect(emulate({ dataFile })).rejects.toThrow('is not a state file of this emulator')
    await writeFile(dataFile, '{"kmsEmulatorState":1}\n{"family":\n{}\n')
    await expect(emulate({ dataFile })).rejects.toThrow('line 2 is damaged')
    expect(await readFile(dataFile, 'utf8')).toContain('{"family":')
  })

  it('keeps many changes made at once', async () => {
    const dataFile = await stateFile()
    const first = await emulate({ dataFile })
    await Promise.all(Array.from({ length: 100 }, () => first.kms().send(new CreateKeyCommand({}))))
    const lines = (await readFile(dataFile, 'utf8')).trim().split('\n')
    expect(lines).toHaveLength(101)
  })

  it('stays empty after a reset', async () => {
    const dataFile = await stateFile()
    const first = await emulate({ dataFile, scenario: 'demo' })
    await first.door('POST', '/_emulator/reset')
    await first.close()
    const second = await emulate({ dataFile, scenario: 'demo' })
    expect((await second.kms().send(new ListKeysCommand({}))).Keys).toEqual([])
  })
})
