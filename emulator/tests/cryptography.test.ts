// Cryptography is real, and a family shares its material: what one member makes, every other can open or verify.

import {
  constants,
  createHash,
  createPublicKey,
  createVerify,
  type KeyObject,
  publicEncrypt,
  verify as verifyNatively,
} from 'node:crypto'
import {
  CreateAliasCommand,
  DecryptCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateMacCommand,
  GenerateRandomCommand,
  GetPublicKeyCommand,
  type KeySpec,
  ReEncryptCommand,
  RotateKeyOnDemandCommand,
  SignCommand,
  type SigningAlgorithmSpec,
  VerifyCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { AWAY, arnOf, emulate, HOME, newFamily, refusal, TRANSITION_MS } from './test-emulator.ts'

const secret = Buffer.from('attack at dawn')

/** FIPS 204, algorithms 2 and 7: mu = H(H(pk), M'), where M' is the message after a 0 and an empty context. */
function muOf(publicKey: KeyObject, message: Buffer): Buffer {
  const tr = shake256(publicKey.export({ format: 'raw-public' }))
  return shake256(Buffer.concat([tr, Buffer.from([0, 0]), message]))
}

const shake256 = (bytes: Buffer) => createHash('shake256', { outputLength: 64 }).update(bytes).digest()

const EMPTY_CIPHERTEXT_ERROR = 'InvalidCiphertextException: UnknownError'
const INCORRECT =
  'IncorrectKeyException: The key ID in the request does not identify a CMK that can perform this operation.'

describe('symmetric ciphertext', () => {
  it('opens in another Region, by any way of naming the member there', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator)
    await emulator.kms(AWAY).send(new CreateAliasCommand({ AliasName: 'alias/there', TargetKeyId: KeyId }))
    const { CiphertextBlob, ...answer } = await emulator
      .kms(HOME)
      .send(new EncryptCommand({ KeyId, Plaintext: secret }))
    expect(answer.KeyId).toBe(arnOf(HOME, KeyId))
    expect(answer).not.toHaveProperty('KeyMaterialId')
    for (const name of [undefined, KeyId, arnOf(AWAY, KeyId), 'alias/there']) {
      const opened = await emulator.kms(AWAY).send(new DecryptCommand({ CiphertextBlob, KeyId: name }))
      expect(Buffer.from(opened.Plaintext ?? [])).toEqual(secret)
      expect(opened.KeyId).toBe(arnOf(AWAY, KeyId))
      expect(opened.KeyMaterialId).toMatch(/^[0-9a-f]{64}$/)
    }
    const byForeignArn = new DecryptCommand({ CiphertextBlob, KeyId: arnOf(HOME, KeyId) })
    expect(await refusal(emulator.kms(AWAY).send(byForeignArn))).toBe(`NotFoundException: Invalid arn ${HOME}`)
  })

  it('is refused to a disabled member and to a Region without one', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator)
    const { CiphertextBlob } = await emulator.kms(HOME).send(new EncryptCommand({ KeyId, Plaintext: secret }))
    await emulator.kms(AWAY).send(new DisableKeyCommand({ KeyId }))
    expect(await refusal(emulator.kms(AWAY).send(new DecryptCommand({ CiphertextBlob })))).toBe(
      `DisabledException: ${arnOf(AWAY, KeyId)} is disabled.`,
    )
    expect(await refusal(emulator.kms('us-west-2').send(new DecryptCommand({ CiphertextBlob })))).toBe(
      'AccessDeniedException: The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
    )
    await emulator.kms(HOME).send(new DecryptCommand({ CiphertextBlob }))
  })

  it('is bound to its encryption context, whatever the order of the pairs', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator)
    const { CiphertextBlob } = await emulator
      .kms(HOME)
      .send(new EncryptCommand({ KeyId, Plaintext: secret, EncryptionContext: { a: '1', b: '2' } }))
    const open = (EncryptionContext?: Record<string, string>) =>
      refusal(emulator.kms(AWAY).send(new DecryptCommand({ CiphertextBlob, EncryptionContext })))
    expect(await open({ b: '2', a: '1' })).toBe('no refusal')
    expect(await open()).toBe(EMPTY_CIPHERTEXT_ERROR)
    expect(await open({ a: '1', b: '3' })).toBe(EMPTY_CIPHERTEXT_ERROR)
  })

  it('is refused when tampered with, or with another key', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator)
    const other = await newFamily(emulator)
    const hmac = await newFamily(emulator, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
    const { CiphertextBlob = Buffer.alloc(0) } = await emulator
      .kms()
      .send(new EncryptCommand({ KeyId, Plaintext: secret }))
    const open = (blob: Uint8Array, name?: string) =>
      refusal(emulator.kms().send(new DecryptCommand({ CiphertextBlob: blob, KeyId: name })))
    const tampered = Buffer.from(CiphertextBlob)
    tampered[tampered.length - 1] = (tampered.at(-1) ?? 0) ^ 1
    expect(await open(tampered)).toBe(EMPTY_CIPHERTEXT_ERROR)
    expect(await open(Buffer.from('garbage'))).toBe(EMPTY_CIPHERTEXT_ERROR)
    expect(await open(CiphertextBlob, other)).toBe(INCORRECT)
    expect(await open(CiphertextBlob, hmac)).toBe(INCORRECT)
  })

  it('made before a rotation opens after it, in every member', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator)
    const before = await emulator.kms(HOME).send(new EncryptCommand({ KeyId, Plaintext: secret }))
    await emulator.kms(HOME).send(new RotateKeyOnDemandCommand({ KeyId }))
    emulator.advance(TRANSITION_MS)
    const after = await emulator.kms(AWAY).send(new EncryptCommand({ KeyId, Plaintext: secret }))
    const materials = []
    for (const { CiphertextBlob } of [before, after]) {
      for (const region of [HOME, AWAY]) {
        const { KeyMaterialId } = await emulator.kms(region).send(new DecryptCommand({ CiphertextBlob }))
        materials.push(KeyMaterialId)
      }
    }
    expect(materials[0]).toBe(materials[1])
    expect(materials[2]).toBe(materials[3])
    expect(materials[0]).not.toBe(materials[2])
  })
})

describe('data keys, random bytes, ReEncrypt', () => {
  it('makes data keys that Decrypt opens', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator)
    const made = await emulator.kms(HOME).send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }))
    expect(made.Plaintext).toHaveLength(32)
    const opened = await emulator.kms(AWAY).send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob }))
    expect(opened.Plaintext).toEqual(made.Plaintext)
    expect(opened.KeyMaterialId).toBe(made.KeyMaterialId)
    const sealed = await emulator.kms().send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, NumberOfBytes: 64 }))
    expect(sealed).not.toHaveProperty('Plaintext')
    const bytes = await emulator.kms().send(new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob }))
    expect(bytes.Plaintext).toHaveLength(64)
    expect(await refusal(emulator.kms().send(new GenerateDataKeyCommand({ KeyId })))).toContain('ValidationException')
  })

  it('re-encrypts from one family to another', async () => {
    const emulator = await emulate()
    const [KeyId, target] = [await newFamily(emulator), await newFamily(emulator)]
    const { CiphertextBlob } = await emulator.kms(HOME).send(new EncryptCommand({ KeyId, Plaintext: secret }))
    const answer = await emulator.kms(AWAY).send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: target }))
    expect(answer).toMatchObject({
      KeyId: arnOf(AWAY, target),
      SourceKeyId: arnOf(AWAY, KeyId),
      SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    })
    const opened = await emulator
      .kms(HOME)
      .send(new DecryptCommand({ CiphertextBlob: answer.CiphertextBlob, KeyId: target }))
    expect(Buffer.from(opened.Plaintext ?? [])).toEqual(secret)
  })

  it('makes random bytes, as many as asked', async () => {
    const emulator = await emulate()
    for (const NumberOfBytes of [1, 12, 1024]) {
      const { Plaintext } = await emulator.kms().send(new GenerateRandomCommand({ NumberOfBytes }))
      expect(Plaintext).toHaveLength(NumberOfBytes)
    }
  })

  it('only says that it would have succeeded when asked for a dry run', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator)
    expect(await refusal(emulator.kms().send(new EncryptCommand({ KeyId, Plaintext: secret, DryRun: true })))).toBe(
      'DryRunOperationException: The request would have succeeded, but the DryRun option is set.',
    )
  })
})

describe('RSA encryption', () => {
  it('opens in another Region, also what was encrypted outside with the public key', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator, { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' })
    const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256'
    const inside = await emulator.kms(HOME).send(new EncryptCommand({ KeyId, Plaintext: secret, EncryptionAlgorithm }))
    const { PublicKey } = await emulator.kms(AWAY).send(new GetPublicKeyCommand({ KeyId }))
    const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' })
    const outside = publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, secret)
    for (const CiphertextBlob of [inside.CiphertextBlob, outside]) {
      const opened = await emulator.kms(AWAY).send(new DecryptCommand({ CiphertextBlob, KeyId, EncryptionAlgorithm }))
      expect(Buffer.from(opened.Plaintext ?? [])).toEqual(secret)
    }
    expect(
      await refusal(
        emulator
          .kms()
          .send(new EncryptCommand({ KeyId, Plaintext: Buffer.alloc(215), EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' })),
      ),
    ).toBe(
      'ValidationException: Algorithm RSAES_OAEP_SHA_1 and key spec RSA_2048 cannot encrypt data larger than 214 bytes.',
    )
    expect(
      await refusal(
        emulator.kms().send(new DecryptCommand({ CiphertextBlob: Buffer.alloc(256), KeyId, EncryptionAlgorithm })),
      ),
    ).toBe(EMPTY_CIPHERTEXT_ERROR)
  })
})

const SIGNERS: [KeySpec, SigningAlgorithmSpec, string | null][] = [
  ['RSA_2048', 'RSASSA_PSS_SHA_256', 'sha256'],
  ['RSA_2048', 'RSASSA_PSS_SHA_512', 'sha512'],
  ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_256', 'sha256'],
  ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_384', 'sha384'],
  ['ECC_NIST_P256', 'ECDSA_SHA_256', 'sha256'],
  ['ECC_NIST_P384', 'ECDSA_SHA_384', 'sha384'],
  ['ECC_NIST_P521', 'ECDSA_SHA_512', 'sha512'],
  ['ECC_SECG_P256K1', 'ECDSA_SHA_256', 'sha256'],
]

describe('signatures', () => {
  it.each(SIGNERS)(
    '%s with %s fit across Regions, over the message and over its digest',
    async (KeySpec, SigningAlgorithm, hash) => {
      const emulator = await emulate()
      const KeyId = await newFamily(emulator, { KeySpec, KeyUsage: 'SIGN_VERIFY' })
      const digest = createHash(hash ?? '')
        .update(secret)
        .digest()
      const overMessage = { KeyId, SigningAlgorithm, Message: secret, MessageType: 'RAW' } as const
      const overDigest = { KeyId, SigningAlgorithm, Message: digest, MessageType: 'DIGEST' } as const
      for (const signed of [overMessage, overDigest]) {
        const { Signature } = await emulator.kms(HOME).send(new SignCommand(signed))
        for (const verified of [overMessage, overDigest]) {
          const answer = await emulator.kms(AWAY).send(new VerifyCommand({ ...verified, Signature }))
          expect(answer).toMatchObject({ KeyId: arnOf(AWAY, KeyId), SignatureValid: true, SigningAlgorithm })
          const otherMessage = {
            ...verified,
            Message: createHash(hash ?? '')
              .update('other')
              .digest(),
          }
          expect(await refusal(emulator.kms(AWAY).send(new VerifyCommand({ ...otherMessage, Signature })))).toBe(
            'KMSInvalidSignatureException: UnknownError',
          )
        }
      }
      expect(
        await refusal(emulator.kms().send(new SignCommand({ ...overDigest, Message: Buffer.from('short') }))),
      ).toBe(`ValidationException: Digest is invalid length for algorithm ${SigningAlgorithm}.`)
    },
  )

  it('of a digest verify outside, with a salt as long as the digest', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator, { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' })
    const Message = createHash('sha256').update(secret).digest()
    const { Signature } = await emulator
      .kms()
      .send(new SignCommand({ KeyId, Message, MessageType: 'DIGEST', SigningAlgorithm: 'RSASSA_PSS_SHA_256' }))
    const { PublicKey } = await emulator.kms().send(new GetPublicKeyCommand({ KeyId }))
    const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' })
    const options = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
    expect(
      createVerify('sha256')
        .update(secret)
        .verify(options, Buffer.from(Signature ?? [])),
    ).toBe(true)
  })

  it.each(['ML_DSA_44', 'ML_DSA_65', 'ML_DSA_87'] as const)(
    '%s fit across Regions, over the message and over its representative mu',
    async (KeySpec) => {
      const emulator = await emulate()
      const KeyId = await newFamily(emulator, { KeySpec, KeyUsage: 'SIGN_VERIFY' })
      const { PublicKey } = await emulator.kms(AWAY).send(new GetPublicKeyCommand({ KeyId }))
      const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' })
      const SigningAlgorithm = 'ML_DSA_SHAKE_256'
      const overMessage = { KeyId, SigningAlgorithm, Message: secret, MessageType: 'RAW' } as const
      const overMu = { KeyId, SigningAlgorithm, Message: muOf(key, secret), MessageType: 'EXTERNAL_MU' } as const
      const otherMu = { ...overMu, Message: muOf(key, Buffer.from('other')) }
      for (const signed of [overMessage, overMu]) {
        const { Signature } = await emulator.kms(HOME).send(new SignCommand(signed))
        expect(verifyNatively(null, secret, key, Buffer.from(Signature ?? []))).toBe(true)
        for (const verified of [overMessage, overMu]) {
          const answer = await emulator.kms(AWAY).send(new VerifyCommand({ ...verified, Signature }))
          expect(answer).toMatchObject({ KeyId: arnOf(AWAY, KeyId), SignatureValid: true, SigningAlgorithm })
        }
        expect(await refusal(emulator.kms().send(new VerifyCommand({ ...otherMu, Signature })))).toBe(
          'KMSInvalidSignatureException: UnknownError',
        )
      }
      expect(await refusal(emulator.kms().send(new SignCommand({ ...overMu, Message: Buffer.alloc(63) })))).toBe(
        `ValidationException: Digest is invalid length for algorithm ${SigningAlgorithm}.`,
      )
      expect(await refusal(emulator.kms().send(new SignCommand({ ...overMu, MessageType: 'DIGEST' })))).toBe(
        `ValidationException: MessageType DIGEST is not valid for algorithm ${SigningAlgorithm}.`,
      )
    },
  )

  it('over mu are ML-DSA only', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
    const input = { KeyId, Message: Buffer.alloc(64), SigningAlgorithm: 'ECDSA_SHA_256' } as const
    expect(await refusal(emulator.kms().send(new SignCommand({ ...input, MessageType: 'EXTERNAL_MU' })))).toContain(
      'ValidationException',
    )
  })

  it('of all Regions fit one key pair, even when all ask for it first and at once', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator, { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' })
    const input = { KeyId, Message: secret, SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256' } as const
    const signatures = await Promise.all(
      [HOME, AWAY, HOME, AWAY].map((region) => emulator.kms(region).send(new SignCommand(input))),
    )
    expect(new Set(signatures.map(({ Signature }) => Buffer.from(Signature ?? []).toString('hex'))).size).toBe(1)
  })

  it('Ed25519 takes messages only, Ed25519ph digests only', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator, { KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' })
    const pure = { KeyId, Message: secret, MessageType: 'RAW', SigningAlgorithm: 'ED25519_SHA_512' } as const
    const digest = createHash('sha512').update(secret).digest()
    const hashed = { KeyId, Message: digest, MessageType: 'DIGEST', SigningAlgorithm: 'ED25519_PH_SHA_512' } as const
    for (const input of [pure, hashed]) {
      const { Signature } = await emulator.kms(HOME).send(new SignCommand(input))
      expect((await emulator.kms(AWAY).send(new VerifyCommand({ ...input, Signature }))).SignatureValid).toBe(true)
      const wrong = Buffer.from(Signature ?? [])
      wrong[40] = (wrong[40] ?? 0) ^ 1
      expect(await refusal(emulator.kms().send(new VerifyCommand({ ...input, Signature: wrong })))).toContain(
        'KMSInvalidSignature',
      )
    }
    const { Signature } = await emulator.kms().send(new SignCommand(pure))
    const { PublicKey } = await emulator.kms().send(new GetPublicKeyCommand({ KeyId }))
    const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' })
    expect(verifyNatively(null, secret, key, Buffer.from(Signature ?? []))).toBe(true)
    expect(await refusal(emulator.kms().send(new SignCommand({ ...pure, MessageType: 'DIGEST' })))).toContain(
      'ValidationException',
    )
  })
})

describe('MACs and usage', () => {
  it.each(['224', '256', '384', '512'])('HMAC_%s is the same in every Region', async (size) => {
    const emulator = await emulate()
    const KeySpec = `HMAC_${size}` as KeySpec
    const KeyId = await newFamily(emulator, { KeySpec, KeyUsage: 'GENERATE_VERIFY_MAC' })
    const input = { KeyId, Message: secret, MacAlgorithm: `HMAC_SHA_${size}` as 'HMAC_SHA_256' }
    const here = await emulator.kms(HOME).send(new GenerateMacCommand(input))
    const there = await emulator.kms(AWAY).send(new GenerateMacCommand(input))
    expect(here.Mac).toEqual(there.Mac)
    expect((await emulator.kms(AWAY).send(new VerifyMacCommand({ ...input, Mac: here.Mac }))).MacValid).toBe(true)
    expect(await refusal(emulator.kms().send(new VerifyMacCommand({ ...input, Mac: Buffer.from('no') })))).toBe(
      'KMSInvalidMacException: UnknownError',
    )
  })

  it('refuses keys of another usage in the words of KMS', async () => {
    const emulator = await emulate()
    const symmetric = await newFamily(emulator)
    const hmac = await newFamily(emulator, { KeySpec: 'HMAC_224', KeyUsage: 'GENERATE_VERIFY_MAC' })
    const signing = await newFamily(emulator, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
    const mac = (KeyId: string, MacAlgorithm: 'HMAC_SHA_256' | 'HMAC_SHA_224') =>
      refusal(emulator.kms().send(new GenerateMacCommand({ KeyId, Message: secret, MacAlgorithm })))
    expect(await mac(symmetric, 'HMAC_SHA_256')).toBe(
      `InvalidKeyUsageException: ${arnOf(HOME, symmetric)} key usage is ENCRYPT_DECRYPT which is not valid for GenerateMac.`,
    )
    expect(await mac(hmac, 'HMAC_SHA_256')).toBe(
      'InvalidKeyUsageException: Algorithm HMAC_SHA_256 is incompatible with key spec HMAC_224.',
    )
    expect(await refusal(emulator.kms().send(new EncryptCommand({ KeyId: signing, Plaintext: secret })))).toBe(
      `InvalidKeyUsageException: ${arnOf(HOME, signing)} key usage is SIGN_VERIFY which is not valid for Encrypt.`,
    )
    expect(await refusal(emulator.kms().send(new GetPublicKeyCommand({ KeyId: symmetric })))).toContain(
      'UnsupportedOperation',
    )
  })
})
