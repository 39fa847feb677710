// Key pairs that are made when they are first needed: what remains of an attempt that failed.

import { CreateKeyCommand, GetPublicKeyCommand } from '@aws-sdk/client-kms'
import { expect, it, onTestFinished, vi } from 'vitest'
import { newKeyPair } from '../crypto/key-pair.ts'
import { emulate, refusal } from '../tests/test-emulator.ts'

vi.mock('../crypto/key-pair.ts', { spy: true })

it('a key pair that could not be made is made at the next call', async () => {
  const errors = vi.spyOn(console, 'error').mockReturnValue()
  onTestFinished(() => errors.mockRestore())
  const emulator = await emulate()
  const kms = emulator.kms()
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }))
  const publicKey = () => kms.send(new GetPublicKeyCommand({ KeyId: KeyMetadata?.KeyId }))
  vi.mocked(newKeyPair).mockRejectedValueOnce(new Error('no entropy'))
  expect(await refusal(publicKey())).toBe('KMSInternalException: An internal error occurred.')
  const { PublicKey } = await publicKey()
  expect(PublicKey).toBeDefined()
  expect((await publicKey()).PublicKey).toEqual(PublicKey)
  expect(newKeyPair).toHaveBeenCalledTimes(2)
})
