import { createHash, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signMu, verifyMu } from './ml-dsa.ts'

const message = Buffer.from('attack at dawn')

const shake256 = (bytes: Buffer) => createHash('shake256', { outputLength: 64 }).update(bytes).digest()

/** FIPS 204, algorithms 2 and 7: mu = H(H(pk), M'), where M' is the message after a 0 and an empty context. */
function muOf(publicKey: KeyObject, bytes: Buffer): Buffer {
  const tr = shake256(publicKey.export({ format: 'raw-public' }))
  return shake256(Buffer.concat([tr, Buffer.from([0, 0]), bytes]))
}

describe.each(['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'] as const)('signatures over mu with %s', (type) => {
  const { privateKey, publicKey } = generateKeyPairSync(type)
  const mu = muOf(publicKey, message)

  it('are what node:crypto takes for signatures over the message, and the other way round', () => {
    expect(verify(null, message, publicKey, signMu(privateKey, mu))).toBe(true)
    expect(verifyMu(publicKey, mu, sign(null, message, privateKey))).toBe(true)
  })

  it('differ each time', () => {
    expect(signMu(privateKey, mu)).not.toEqual(signMu(privateKey, mu))
  })

  it('fit neither another mu nor another key, and what is no signature fits nothing', () => {
    const signature = signMu(privateKey, mu)
    expect(verifyMu(publicKey, mu, signature)).toBe(true)
    expect(verifyMu(publicKey, muOf(publicKey, Buffer.from('other')), signature)).toBe(false)
    expect(verifyMu(generateKeyPairSync(type).publicKey, mu, signature)).toBe(false)
    expect(verifyMu(publicKey, mu, signature.subarray(1))).toBe(false)
    expect(verifyMu(publicKey, mu, Buffer.alloc(signature.length, 0xff))).toBe(false)
  })
})
