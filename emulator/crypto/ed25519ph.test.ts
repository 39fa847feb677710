import { createHash, createPrivateKey, createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signDigestEd25519ph, verifyDigestEd25519ph } from './ed25519ph.ts'

describe('signDigestEd25519ph', () => {
  it('makes the signature of RFC 8032, 7.3', () => {
    const seed = '833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42'
    const pkcs8 = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex')
    const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
    const digest = createHash('sha512').update('abc').digest()
    const signature = signDigestEd25519ph(privateKey, digest)
    expect(signature.toString('hex')).toBe(
      '98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae4131f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406',
    )
    expect(verifyDigestEd25519ph(createPublicKey(privateKey), digest, signature)).toBe(true)
  })
})
