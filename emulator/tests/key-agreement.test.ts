// DeriveSharedSecret: the secret that node:crypto derives from the other side, the same in every Region.

import {
  constants,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  publicEncrypt,
} from 'node:crypto'
import {
  CreateKeyCommand,
  DeriveSharedSecretCommand,
  DescribeKeyCommand,
  GetParametersForImportCommand,
  GetPublicKeyCommand,
  ImportKeyMaterialCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { AWAY, arnOf, emulate, HOME, newFamily, refusal, type TestEmulator } from './test-emulator.ts'

const CURVES = [
  ['ECC_NIST_P256', 'prime256v1', 32],
  ['ECC_NIST_P384', 'secp384r1', 48],
  ['ECC_NIST_P521', 'secp521r1', 66],
] as const

const spki = (key: KeyObject) => key.export({ format: 'der', type: 'spki' })

/** What an answer holds besides metadata of the transport. */
const derive = async (emulator: TestEmulator, KeyId: string, PublicKey: Uint8Array, region = HOME) => {
  const input = { KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey } as const
  const { $metadata: _, ...answer } = await emulator.kms(region).send(new DeriveSharedSecretCommand(input))
  return answer
}

async function publicKeyOf(emulator: TestEmulator, KeyId: string, region = HOME): Promise<KeyObject> {
  const { PublicKey } = await emulator.kms(region).send(new GetPublicKeyCommand({ KeyId }))
  return createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' })
}

describe.each(CURVES)('DeriveSharedSecret with %s', (KeySpec, namedCurve, secretBytes) => {
  it('agrees with the other side in node:crypto, in every Region', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator, { KeySpec, KeyUsage: 'KEY_AGREEMENT' })
    const peer = generateKeyPairSync('ec', { namedCurve })
    const there = await derive(emulator, KeyId, spki(peer.publicKey), AWAY)
    expect(there).toEqual({
      KeyId: arnOf(AWAY, KeyId),
      SharedSecret: expect.anything(),
      KeyAgreementAlgorithm: 'ECDH',
      KeyOrigin: 'AWS_KMS',
    })
    expect(there.SharedSecret).toHaveLength(secretBytes)
    const here = await derive(emulator, KeyId, spki(peer.publicKey), HOME)
    expect(here.SharedSecret).toEqual(there.SharedSecret)
    const publicKey = await publicKeyOf(emulator, KeyId)
    expect(diffieHellman({ privateKey: peer.privateKey, publicKey })).toEqual(Buffer.from(here.SharedSecret ?? []))
  })

  it('agrees with another key in KMS', async () => {
    const emulator = await emulate()
    const [one, other] = [
      await newFamily(emulator, { KeySpec, KeyUsage: 'KEY_AGREEMENT' }),
      await newFamily(emulator, { KeySpec, KeyUsage: 'KEY_AGREEMENT' }),
    ]
    const fromOne = await derive(emulator, one, spki(await publicKeyOf(emulator, other)), HOME)
    const fromOther = await derive(emulator, other, spki(await publicKeyOf(emulator, one)), AWAY)
    expect(fromOne.SharedSecret).toEqual(fromOther.SharedSecret)
  })
})

describe('key agreement keys', () => {
  it('name their algorithm, and no other, in metadata and public key', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' })
    const { KeyMetadata } = await emulator.kms(AWAY).send(new DescribeKeyCommand({ KeyId }))
    const publicKey = await emulator.kms(AWAY).send(new GetPublicKeyCommand({ KeyId }))
    for (const answer of [KeyMetadata, publicKey]) {
      expect(answer).toMatchObject({ KeyUsage: 'KEY_AGREEMENT', KeyAgreementAlgorithms: ['ECDH'] })
      expect(answer).not.toHaveProperty('SigningAlgorithms')
      expect(answer).not.toHaveProperty('EncryptionAlgorithms')
    }
  })

  it('lie on the NIST curves only', async () => {
    const emulator = await emulate()
    for (const KeySpec of ['RSA_2048', 'ECC_SECG_P256K1', 'ECC_NIST_EDWARDS25519'] as const) {
      expect(await refusal(emulator.kms().send(new CreateKeyCommand({ KeySpec, KeyUsage: 'KEY_AGREEMENT' })))).toBe(
        `ValidationException: KeyUsage KEY_AGREEMENT is not compatible with KeySpec ${KeySpec}`,
      )
    }
  })
})

describe('DeriveSharedSecret', () => {
  it('derives with an imported private key, and says that it was imported', async () => {
    const emulator = await emulate()
    const kms = emulator.kms()
    const input = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT', Origin: 'EXTERNAL' } as const
    const KeyId = (await kms.send(new CreateKeyCommand(input))).KeyMetadata?.KeyId ?? ''
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const wrapping = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' } as const
    const parameters = await kms.send(new GetParametersForImportCommand({ KeyId, ...wrapping }))
    const key = createPublicKey({ key: Buffer.from(parameters.PublicKey ?? []), format: 'der', type: 'spki' })
    await kms.send(
      new ImportKeyMaterialCommand({
        KeyId,
        ImportToken: parameters.ImportToken,
        EncryptedKeyMaterial: publicEncrypt(
          { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
          privateKey.export({ format: 'der', type: 'pkcs8' }),
        ),
        ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      }),
    )
    const peer = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const answer = await derive(emulator, KeyId, spki(peer.publicKey))
    expect(answer.KeyOrigin).toBe('EXTERNAL')
    expect(Buffer.from(answer.SharedSecret ?? [])).toEqual(diffieHellman({ privateKey: peer.privateKey, publicKey }))
  })

  it('refuses what is no public key on its curve without a word, as recorded', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' })
    const good = spki(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey)
    const offTheCurve = Buffer.from(good)
    offTheCurve[offTheCurve.length - 1] = (offTheCurve.at(-1) ?? 0) ^ 1
    const atInfinity = Buffer.from('3019301306072a8648ce3d020106082a8648ce3d03010703020000', 'hex')
    const refused = {
      'no key': Buffer.from('InvalidPublicKey'),
      'off the curve': offTheCurve,
      'at infinity': atInfinity,
      'something after it': Buffer.concat([good, Buffer.from('x')]),
      'another curve': spki(generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).publicKey),
      'another curve of its length': spki(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey),
      'another kind': spki(generateKeyPairSync('x25519').publicKey),
    }
    for (const [what, PublicKey] of Object.entries(refused)) {
      const body = JSON.stringify({ KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey: PublicKey.toString('base64') })
      const response = await emulator.post('TrentService.DeriveSharedSecret', body)
      expect({ what, status: response.status, body: await response.json() }).toEqual({
        what,
        status: 400,
        body: { __type: 'ValidationException' },
      })
    }
    expect((await derive(emulator, KeyId, good)).SharedSecret).toHaveLength(32)
  })

  it('refuses a key of another usage in the words of KMS', async () => {
    const emulator = await emulate()
    const KeyId = await newFamily(emulator, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
    const PublicKey = spki(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey)
    expect(await refusal(derive(emulator, KeyId, PublicKey))).toBe(
      `InvalidKeyUsageException: ${arnOf(HOME, KeyId)} key usage is SIGN_VERIFY which is not valid for DeriveSharedSecret.`,
    )
  })
})
