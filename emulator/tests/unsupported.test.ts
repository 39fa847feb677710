// What this emulator knows of and has not: custom key stores, SM2, Nitro attestation. It refuses them and says why.

import {
  ConnectCustomKeyStoreCommand,
  CreateCustomKeyStoreCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DeleteCustomKeyStoreCommand,
  DescribeCustomKeyStoresCommand,
  DisconnectCustomKeyStoreCommand,
  GenerateRandomCommand,
  UpdateCustomKeyStoreCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { emulate, refusal } from './test-emulator.ts'

const CustomKeyStoreId = 'cks-1234567890abcdef0'
const NO_STORES = 'it has no custom key stores.'

describe('custom key stores', () => {
  it('are refused by each of their operations', async () => {
    const kms = (await emulate()).kms()
    const refused = (operation: string) =>
      `UnsupportedOperationException: The emulator does not support ${operation}: ${NO_STORES}`
    expect(await refusal(kms.send(new CreateCustomKeyStoreCommand({ CustomKeyStoreName: 'a' })))).toBe(
      refused('CreateCustomKeyStore'),
    )
    expect(await refusal(kms.send(new DeleteCustomKeyStoreCommand({ CustomKeyStoreId })))).toBe(
      refused('DeleteCustomKeyStore'),
    )
    expect(await refusal(kms.send(new DescribeCustomKeyStoresCommand({})))).toBe(refused('DescribeCustomKeyStores'))
    expect(await refusal(kms.send(new ConnectCustomKeyStoreCommand({ CustomKeyStoreId })))).toBe(
      refused('ConnectCustomKeyStore'),
    )
    expect(await refusal(kms.send(new DisconnectCustomKeyStoreCommand({ CustomKeyStoreId })))).toBe(
      refused('DisconnectCustomKeyStore'),
    )
    expect(await refusal(kms.send(new UpdateCustomKeyStoreCommand({ CustomKeyStoreId })))).toBe(
      refused('UpdateCustomKeyStore'),
    )
  })
})

describe('CreateKey', () => {
  it.each<[CreateKeyCommandInput, string]>([
    [{ CustomKeyStoreId }, `CustomKeyStoreId: ${NO_STORES}`],
    [{ XksKeyId: 'key', Origin: 'EXTERNAL_KEY_STORE' }, `XksKeyId: ${NO_STORES}`],
    [{ Origin: 'AWS_CLOUDHSM' }, `Origin AWS_CLOUDHSM: ${NO_STORES}`],
    [{ Origin: 'EXTERNAL_KEY_STORE' }, `Origin EXTERNAL_KEY_STORE: ${NO_STORES}`],
    [{ KeySpec: 'SM2', KeyUsage: 'SIGN_VERIFY' }, 'KeySpec SM2.'],
  ])('refuses %j', async (input, what) => {
    const emulator = await emulate()
    expect(await refusal(emulator.kms().send(new CreateKeyCommand(input)))).toBe(
      `UnsupportedOperationException: The emulator does not support ${what}`,
    )
  })

  it('knows newer key specs by the newer name of the member only', async () => {
    const emulator = await emulate()
    const answer = await emulator.post(
      'TrentService.CreateKey',
      JSON.stringify({ CustomerMasterKeySpec: 'ML_DSA_44', KeyUsage: 'SIGN_VERIFY' }),
    )
    const { __type, message } = (await answer.json()) as Record<string, string>
    expect(__type).toBe('ValidationException')
    expect(message).toContain("Value 'ML_DSA_44' at 'customerMasterKeySpec' failed to satisfy constraint")
  })

  it.each(['ML_DSA_65', 'ML_KEM_768'] as const)('refuses to import material for %s', async (KeySpec) => {
    const emulator = await emulate()
    const KeyUsage = KeySpec === 'ML_DSA_65' ? 'SIGN_VERIFY' : 'ENCAPSULATE_DECAPSULATE'
    expect(
      await refusal(emulator.kms().send(new CreateKeyCommand({ KeySpec, KeyUsage, Origin: 'EXTERNAL' }))),
    ).toContain('UnsupportedOperationException')
  })
})

describe('Nitro attestation', () => {
  it('is refused, not ignored', async () => {
    const emulator = await emulate()
    const Recipient = { KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' } as const
    const CiphertextBlob = Buffer.from('x')
    for (const call of [
      emulator.kms().send(new DecryptCommand({ CiphertextBlob, Recipient })),
      emulator.kms().send(new GenerateRandomCommand({ NumberOfBytes: 1, Recipient })),
    ]) {
      expect(await refusal(call)).toBe(
        'UnsupportedOperationException: The emulator does not support Recipient: it knows no attestation of Nitro enclaves.',
      )
    }
  })
})
