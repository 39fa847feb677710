import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { ed25519ph } from '@noble/curves/ed25519.js'
import { describe, expect, it } from 'vitest'
import { signDigestEd25519ph, verifyDigestEd25519ph } from './ed25519ph.ts'

const sha512 = (bytes: Buffer) => createHash('sha512').update(bytes).digest()

describe('signDigestEd25519ph', () => {
  it('makes the signature of RFC 8032, 7.3', () => {
    const seed = '833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42'
    const pkcs8 = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex')
    const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
    const digest = sha512(Buffer.from('abc'))
    const signature = signDigestEd25519ph(privateKey, digest)
    expect(signature.toString('hex')).toBe(
      '98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae4131f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406',
    )
    expect(verifyDigestEd25519ph(createPublicKey(privateKey), digest, signature)).toBe(true)
  })

  it('makes the same signature as the pre-hashing Ed25519ph makes over the message', () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    const message = Buffer.from('attack at dawn')
    const overMessage = ed25519ph.sign(message, privateKey.export({ format: 'raw-private' }))
    expect(signDigestEd25519ph(privateKey, sha512(message))).toEqual(Buffer.from(overMessage))
  })
})

describe('verifyDigestEd25519ph', () => {
  it('refuses another digest, another key, a plain Ed25519 signature and what is no signature', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const digest = sha512(Buffer.from('attack at dawn'))
    const signature = signDigestEd25519ph(privateKey, digest)
    expect(verifyDigestEd25519ph(publicKey, digest, signature)).toBe(true)
    expect(verifyDigestEd25519ph(publicKey, sha512(Buffer.from('other')), signature)).toBe(false)
    expect(verifyDigestEd25519ph(generateKeyPairSync('ed25519').publicKey, digest, signature)).toBe(false)
    expect(verifyDigestEd25519ph(publicKey, digest, sign(null, digest, privateKey))).toBe(false)
    expect(verifyDigestEd25519ph(publicKey, digest, signature.subarray(1))).toBe(false)
    expect(verifyDigestEd25519ph(publicKey, digest, Buffer.alloc(64, 0xff))).toBe(false)
  })
})
