// The state file: what was acknowledged is still there after a restart, whatever the end was like.

import { appendFile, mkdir, mkdtemp, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
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
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { DAY_MS, emulate, START, TRANSITION_MS } from '../tests/test-emulator.ts'

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

  it('passes over the last line wherever a crash cut it short, all of its changes with it', async () => {
    const dataFile = await stateFile()
    const first = await emulate({ dataFile })
    const { KeyMetadata } = await first.kms().send(new CreateKeyCommand({ Description: 'Schlüssel 鍵 🔑' }))
    const KeyId = KeyMetadata?.KeyId ?? ''
    await first.kms().send(new CreateAliasCommand({ AliasName: 'alias/a', TargetKeyId: KeyId }))
    await first.kms().send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
    const before = await readFile(dataFile)
    first.advance(7 * DAY_MS) // key and alias end together
    expect((await first.kms().send(new ListKeysCommand({}))).Keys).toEqual([])
    const after = await readFile(dataFile)
    await first.close()
    expect(after.length).toBeGreaterThan(before.length)
    for (let length = before.length; length < after.length; length += 10) {
      await writeFile(dataFile, after.subarray(0, length))
      const second = await emulate({ dataFile })
      const { KeyMetadata } = await second.kms().send(new DescribeKeyCommand({ KeyId: 'alias/a' }))
      expect([length, KeyMetadata?.KeyState]).toEqual([length, 'PendingDeletion'])
      await second.close()
    }
  })

  it('takes an empty file for none, and passes over a rewrite that was never finished', async () => {
    const dataFile = await stateFile()
    await writeFile(dataFile, '')
    await writeFile(`${dataFile}.next`, '{"kmsEmulatorState":1}\n{"fam')
    const first = await emulate({ dataFile, scenario: 'demo' })
    const count = (await first.kms().send(new ListKeysCommand({}))).Keys?.length
    expect(count).toBeGreaterThan(5)
    await first.close()
    await writeFile(`${dataFile}.next`, '{"kmsEmulatorState":1}\n{"fam')
    const second = await emulate({ dataFile, scenario: 'empty' })
    expect((await second.kms().send(new ListKeysCommand({}))).Keys).toHaveLength(count ?? 0)
  })

  it('answers 500 while it cannot be written, reads too, and keeps all once it can', async () => {
    const dataFile = await stateFile()
    const before = await emulate({ dataFile })
    await before.kms().send(new CreateKeyCommand({}))
    await before.close()
    const emulator = await emulate({ dataFile })
    await rename(dataFile, `${dataFile}.aside`)
    await mkdir(dataFile) // a folder in its place can be neither written nor replaced
    const errors = vi.spyOn(console, 'error').mockReturnValue()
    onTestFinished(() => errors.mockRestore())

    const changed = await emulator.post('TrentService.CreateKey', '{}')
    expect([changed.status, await changed.json()]).toMatchObject([500, { __type: 'KMSInternalException' }])
    const read = await emulator.post('TrentService.ListKeys', '{}')
    expect([read.status, await read.json()]).toMatchObject([500, { __type: 'KMSInternalException' }])
    expect(await emulator.door('POST', '/_emulator/scenarios/demo')).toMatchObject({ status: 500 })
    await emulator.door('POST', '/_emulator/reset')
    await emulator.post('TrentService.CreateKey', '{}')
    expect(errors).toHaveBeenCalled()

    // What a kill would leave: what was acknowledged.
    const killed = await emulate({ dataFile: `${dataFile}.aside` })
    expect((await killed.kms().send(new ListKeysCommand({}))).Keys).toHaveLength(1)
    await killed.close()

    await rmdir(dataFile)
    expect((await emulator.kms().send(new ListKeysCommand({}))).Keys).toHaveLength(1) // made after the reset
    await emulator.kms().send(new CreateKeyCommand({}))
    await emulator.close()
    const after = await emulate({ dataFile })
    expect((await after.kms().send(new ListKeysCommand({}))).Keys).toHaveLength(2)
  })

  it('is written by nobody after the emulator has ended', async () => {
    const dataFile = await stateFile()
    const emulator = await emulate({ dataFile })
    await emulator.close()
    const text = await readFile(dataFile, 'utf8')
    emulator.store.clear()
    await expect(emulator.store.commit()).rejects.toThrow('is closed')
    expect(await readFile(dataFile, 'utf8')).toBe(text)
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
