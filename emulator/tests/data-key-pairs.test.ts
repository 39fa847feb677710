// Data key pairs of every spec: a pair that works outside, whose private key Decrypt gives back in any Region.

import { createPrivateKey, createPublicKey, decapsulate, encapsulate, type KeyObject, sign, verify } from 'node:crypto'
import {
  DataKeyPairSpec,
  DecryptCommand,
  GenerateDataKeyPairCommand,
  type GenerateDataKeyPairCommandInput,
  GenerateDataKeyPairWithoutPlaintextCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { AWAY, arnOf, emulate, HOME, newFamily, refusal } from './test-emulator.ts'

const SPECS = Object.values(DataKeyPairSpec).filter((spec) => spec !== 'SM2')
const message = Buffer.from('attack at dawn')

const publicKeyFrom = (der: Uint8Array | undefined) =>
  createPublicKey({ key: Buffer.from(der ?? []), format: 'der', type: 'spki' })
const privateKeyFrom = (der: Uint8Array | undefined) =>
  createPrivateKey({ key: Buffer.from(der ?? []), format: 'der', type: 'pkcs8' })

/** Whether the two belong together, as node:crypto sees it. */
function isPair(publicKey: KeyObject, privateKey: KeyObject): boolean {
  const type = privateKey.asymmetricKeyType ?? ''
  if (type.startsWith('ml-kem')) {
    const { sharedKey, ciphertext } = encapsulate(publicKey)
    return decapsulate(privateKey, ciphertext).equals(sharedKey)
  }
  const hash = type === 'ed25519' ? null : 'sha256'
  return verify(hash, message, publicKey, sign(hash, message, privateKey))
}

/** The spec that fits what node:crypto finds in a key. */
function specOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | undefined {
  const curves: Record<string, string> = {
    prime256v1: 'ECC_NIST_P256',
    secp384r1: 'ECC_NIST_P384',
    secp521r1: 'ECC_NIST_P521',
    secp256k1: 'ECC_SECG_P256K1',
  }
  if (asymmetricKeyType === 'rsa') return `RSA_${asymmetricKeyDetails?.modulusLength}`
  if (asymmetricKeyType === 'ec') return curves[asymmetricKeyDetails?.namedCurve ?? '']
  if (asymmetricKeyType === 'ed25519') return 'ECC_NIST_EDWARDS25519'
  return asymmetricKeyType?.toUpperCase().replaceAll('-', '_')
}

describe.each(SPECS)('a data key pair %s', (KeyPairSpec) => {
  it('works outside KMS, and its private key opens in another Region with the same encryption context', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator)
    const EncryptionContext = { purpose: 'test' }
    const made = await emulator
      .kms(HOME)
      .send(new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec, EncryptionContext }))
    expect(made).toMatchObject({ KeyId: arnOf(HOME, KeyId), KeyPairSpec })
    const privateKey = privateKeyFrom(made.PrivateKeyPlaintext)
    expect(specOf(privateKey)).toBe(KeyPairSpec)
    expect(isPair(publicKeyFrom(made.PublicKey), privateKey)).toBe(true)

    const CiphertextBlob = made.PrivateKeyCiphertextBlob
    const opened = await emulator.kms(AWAY).send(new DecryptCommand({ CiphertextBlob, EncryptionContext }))
    expect(opened.Plaintext).toEqual(made.PrivateKeyPlaintext)
    expect(opened.KeyMaterialId).toBe(made.KeyMaterialId)
    expect(await refusal(emulator.kms(AWAY).send(new DecryptCommand({ CiphertextBlob })))).toBe(
      'InvalidCiphertextException: UnknownError',
    )
  })
})

describe('data key pairs', () => {
  it('without plaintext have the private key as a ciphertext only', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator)
    const input = { KeyId, KeyPairSpec: 'ECC_NIST_P384' } as const
    const { $metadata: _, ...made } = await emulator.kms().send(new GenerateDataKeyPairWithoutPlaintextCommand(input))
    expect(Object.keys(made).toSorted()).toEqual([
      'KeyId',
      'KeyMaterialId',
      'KeyPairSpec',
      'PrivateKeyCiphertextBlob',
      'PublicKey',
    ])
    const opened = await emulator.kms().send(new DecryptCommand({ CiphertextBlob: made.PrivateKeyCiphertextBlob }))
    expect(isPair(publicKeyFrom(made.PublicKey), privateKeyFrom(opened.Plaintext))).toBe(true)
  })

  it('are new each time', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator)
    const make = () => emulator.kms().send(new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec: 'ECC_NIST_P256' }))
    const [first, second] = await Promise.all([make(), make()])
    expect(first.PublicKey).not.toEqual(second.PublicKey)
  })

  it('are refused for SM2, for ML-KEM in China, for attested recipients and under keys of another kind', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator)
    const make = (input: Partial<GenerateDataKeyPairCommandInput>, region = HOME) =>
      refusal(
        emulator.kms(region).send(new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec: 'ECC_NIST_P256', ...input })),
      )
    expect(await make({ KeyPairSpec: 'SM2' })).toBe(
      'UnsupportedOperationException: The emulator does not support KeyPairSpec SM2.',
    )
    expect(await make({ KeyPairSpec: 'ML_KEM_768' }, 'cn-north-1')).toContain('UnsupportedOperationException')
    expect(await make({ Recipient: { KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' } })).toBe(
      'UnsupportedOperationException: The emulator does not support Recipient: it knows no attestation of Nitro enclaves.',
    )
    const hmac = await newFamily(emulator, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
    expect(await make({ KeyId: hmac })).toBe(
      `InvalidKeyUsageException: ${arnOf(HOME, hmac)} key usage is GENERATE_VERIFY_MAC which is not valid for GenerateDataKeyPair.`,
    )
    const rsa = await newFamily(emulator, { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' })
    expect(await make({ KeyId: rsa })).toContain('InvalidKeyUsageException')
  })
})
