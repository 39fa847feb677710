import { createHash, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signDigestEcdsa, verifyDigestEcdsa } from './ecdsa.ts'

const CURVES = [
  ['prime256v1', 'sha256'],
  ['secp384r1', 'sha384'],
  ['secp521r1', 'sha512'],
  ['secp256k1', 'sha256'],
] as const

const message = Buffer.from('attack at dawn')
const digestOf = (hash: string, bytes: Buffer) => createHash(hash).update(bytes).digest()

describe.each(CURVES)('ECDSA over a digest on %s', (namedCurve, hash) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve })
  const digest = digestOf(hash, message)
  const fits = (signature: Buffer, over = digest, key: KeyObject = publicKey) =>
    verifyDigestEcdsa(key, namedCurve, over, signature)

  it('is what node:crypto takes for a signature over the message, and the other way round', () => {
    // Many, because the length of a DER signature and the halves in which s lies vary.
    for (let count = 0; count < 12; count++) {
      expect(verify(hash, message, publicKey, signDigestEcdsa(privateKey, namedCurve, digest))).toBe(true)
      expect(fits(sign(hash, message, privateKey))).toBe(true)
    }
  })

  it('differs each time', () => {
    const signatures = [1, 2, 3].map(() => signDigestEcdsa(privateKey, namedCurve, digest).toString('hex'))
    expect(new Set(signatures).size).toBe(3)
  })

  it('fits neither another digest nor another key, and what is no signature fits nothing', () => {
    const signature = signDigestEcdsa(privateKey, namedCurve, digest)
    expect(fits(signature)).toBe(true)
    expect(fits(signature, digestOf(hash, Buffer.from('other')))).toBe(false)
    expect(fits(signature, digest, generateKeyPairSync('ec', { namedCurve }).publicKey)).toBe(false)
    const zeros = Buffer.from('3006020100020100', 'hex')
    for (const broken of [Buffer.from('x'), zeros, signature.subarray(0, -1), Buffer.concat([signature, zeros])]) {
      expect(fits(broken)).toBe(false)
    }
  })
})
