import { createPublicKey, decapsulate, encapsulate, type KeyObject, sign, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { privateKeyFrom } from './seeded-key-pair.ts'

const publicKey = (key: KeyObject) => createPublicKey(key).export({ format: 'pem', type: 'spki' })

describe.each([
  ['RSA_2048', 'sha256'],
  ['RSA_3072', 'sha256'],
  ['RSA_4096', 'sha256'],
  ['ECC_NIST_P256', 'sha256'],
  ['ECC_NIST_P384', 'sha384'],
  ['ECC_NIST_P521', 'sha512'],
  ['ECC_SECG_P256K1', 'sha256'],
  ['ECC_NIST_EDWARDS25519', null],
  ['ML_DSA_44', null],
  ['ML_DSA_65', null],
  ['ML_DSA_87', null],
] as const)('privateKeyFrom for %s', (keySpec, hash) => {
  it('makes a working key pair, the same from the same seed and another from another', async () => {
    const key = await privateKeyFrom('a seed', keySpec)
    const message = Buffer.from('message')
    expect(verify(hash, message, createPublicKey(key), sign(hash, message, key))).toBe(true)
    expect(publicKey(await privateKeyFrom('a seed', keySpec))).toBe(publicKey(key))
    expect(publicKey(await privateKeyFrom('another seed', keySpec))).not.toBe(publicKey(key))
    const { modulusLength } = key.asymmetricKeyDetails ?? {}
    if (modulusLength !== undefined) expect(`RSA_${modulusLength}`).toBe(keySpec)
  })
})

describe.each(['ML_KEM_512', 'ML_KEM_768', 'ML_KEM_1024'] as const)('privateKeyFrom for %s', (keySpec) => {
  it('makes a working key pair, the same from the same seed and another from another', async () => {
    const key = await privateKeyFrom('a seed', keySpec)
    const { sharedKey, ciphertext } = encapsulate(createPublicKey(key))
    expect(decapsulate(await privateKeyFrom('a seed', keySpec), ciphertext)).toEqual(sharedKey)
    expect(key.asymmetricKeyType).toBe(keySpec.toLowerCase().replaceAll('_', '-'))
    expect(publicKey(await privateKeyFrom('another seed', keySpec))).not.toBe(publicKey(key))
  })
})
