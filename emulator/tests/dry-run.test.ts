// DryRun: everything is checked as usual, and then nothing is done.

import {
  DecryptCommand,
  DisableKeyCommand,
  type DryRunModifierType,
  EncryptCommand,
  GetKeyLastUsageCommand,
  ReEncryptCommand,
  SignCommand,
  VerifyCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { CRYPTOGRAPHIC_CALLS } from './cryptographic-calls-for-tests.ts'
import { arnOf, emulate, HOME, newFamily, refusal } from './test-emulator.ts'

const WOULD_SUCCEED = 'DryRunOperationException: The request would have succeeded, but the DryRun option is set.'
const Plaintext = Buffer.from('attack at dawn')

describe('a dry run', () => {
  it.each(Object.entries(CRYPTOGRAPHIC_CALLS))(
    'of %s says that it would have succeeded, and is no use of the key',
    async (_operation, { key, prepare, send }) => {
      const emulator = await emulate()
      const KeyId = await newFamily(emulator, key)
      const prepared = await prepare?.(emulator.kms(), KeyId)
      const usage = () => emulator.kms().send(new GetKeyLastUsageCommand({ KeyId }))
      const before = await usage()
      expect(await refusal(send(emulator.kms(), { KeyId, DryRun: true }, prepared))).toBe(WOULD_SUCCEED)
      expect((await usage()).KeyLastUsage).toEqual(before.KeyLastUsage)
      expect(await refusal(send(emulator.kms(), { KeyId, DryRun: false }, prepared))).toBe('no refusal')
    },
  )

  it.each(Object.entries(CRYPTOGRAPHIC_CALLS))(
    'of %s is refused as the call itself would be',
    async (_operation, { key, prepare, send }) => {
      const emulator = await emulate()
      const KeyId = await newFamily(emulator, key)
      const prepared = await prepare?.(emulator.kms(), KeyId)
      await emulator.kms().send(new DisableKeyCommand({ KeyId }))
      expect(await refusal(send(emulator.kms(), { KeyId, DryRun: true }, prepared))).toBe(
        `DisabledException: ${arnOf(HOME, KeyId)} is disabled.`,
      )
    },
  )

  it('looks at the ciphertext and the signature too', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator)
    const CiphertextBlob = Buffer.from('garbage')
    expect(await refusal(emulator.kms().send(new DecryptCommand({ CiphertextBlob, DryRun: true })))).toBe(
      'InvalidCiphertextException: UnknownError',
    )
    const reEncrypt = new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: KeyId, DryRun: true })
    expect(await refusal(emulator.kms().send(reEncrypt))).toBe('InvalidCiphertextException: UnknownError')

    const signing = await newFamily(emulator, { KeySpec: 'ECC_NIST_P384', KeyUsage: 'SIGN_VERIFY' })
    const input = { KeyId: signing, SigningAlgorithm: 'ECDSA_SHA_384', Message: Plaintext } as const
    const { Signature } = await emulator.kms().send(new SignCommand(input))
    const other = { ...input, Message: Buffer.from('other'), Signature, DryRun: true }
    expect(await refusal(emulator.kms().send(new VerifyCommand(other)))).toBe(
      'KMSInvalidSignatureException: UnknownError',
    )
  })
})

describe('a dry run that ignores the ciphertext', () => {
  const ignoring = { DryRun: true, DryRunModifiers: ['IGNORE_CIPHERTEXT'] satisfies DryRunModifierType[] }

  it('needs the key named instead', async () => {
    const emulator = await emulate()
    const [KeyId, other] = [await newFamily(emulator), await newFamily(emulator)]
    const decrypt = (input: { KeyId?: string; CiphertextBlob?: Uint8Array }) =>
      refusal(emulator.kms().send(new DecryptCommand({ ...ignoring, ...input })))
    const reEncrypt = (SourceKeyId?: string) =>
      refusal(emulator.kms().send(new ReEncryptCommand({ ...ignoring, SourceKeyId, DestinationKeyId: other })))
    expect(await decrypt({ KeyId })).toBe(WOULD_SUCCEED)
    expect(await decrypt({ KeyId, CiphertextBlob: Buffer.from('garbage') })).toBe(WOULD_SUCCEED)
    expect(await decrypt({})).toContain('ValidationException')
    expect(await reEncrypt(KeyId)).toBe(WOULD_SUCCEED)
    expect(await reEncrypt()).toContain('ValidationException')
  })

  it('still looks at the keys', async () => {
    const emulator = await emulate()
    const [KeyId, other] = [await newFamily(emulator), await newFamily(emulator)]
    const hmac = await newFamily(emulator, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
    await emulator.kms().send(new DisableKeyCommand({ KeyId }))
    const disabled = `DisabledException: ${arnOf(HOME, KeyId)} is disabled.`
    const reEncrypt = (SourceKeyId: string, DestinationKeyId: string) =>
      refusal(emulator.kms().send(new ReEncryptCommand({ ...ignoring, SourceKeyId, DestinationKeyId })))
    expect(await refusal(emulator.kms().send(new DecryptCommand({ ...ignoring, KeyId })))).toBe(disabled)
    expect(await reEncrypt(KeyId, other)).toBe(disabled)
    expect(await reEncrypt(other, KeyId)).toBe(disabled)
    expect(await refusal(emulator.kms().send(new DecryptCommand({ ...ignoring, KeyId: hmac })))).toContain(
      'IncorrectKeyException',
    )
  })

  it('is none without DryRun: the ciphertext is required, and used', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator)
    const { DryRunModifiers } = ignoring
    expect(await refusal(emulator.kms().send(new DecryptCommand({ KeyId, DryRunModifiers })))).toBe(
      "ValidationException: 1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null",
    )
    const { CiphertextBlob } = await emulator.kms().send(new EncryptCommand({ KeyId, Plaintext }))
    const opened = await emulator.kms().send(new DecryptCommand({ KeyId, DryRunModifiers, CiphertextBlob }))
    expect(Buffer.from(opened.Plaintext ?? [])).toEqual(Plaintext)
  })

  it('is asked for by its one name', async () => {
    const emulator = await emulate()
    const body = JSON.stringify({ KeyId: 'alias/a', DryRun: true, DryRunModifiers: ['OTHER'] })
    const answer = await (await emulator.post('TrentService.Decrypt', body)).json()
    expect(answer).toMatchObject({ __type: 'ValidationException' })
  })
})
