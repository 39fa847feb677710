// ECDSA over a digest that the caller has already made, which node:crypto does not offer: it always hashes first.

import type { KeyObject } from 'node:crypto'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'

/** By the names that node:crypto gives them. */
const CURVES: Record<string, typeof p256> = { prime256v1: p256, secp384r1: p384, secp521r1: p521, secp256k1 }

/** DER signatures over the digest as it is; either of the two values of s is valid, as it is for KMS and node:crypto. */
const OPTIONS = { prehash: false, lowS: false, format: 'der' } as const

/** Two signatures of one digest differ, as those of KMS do. */
export function signDigestEcdsa(privateKey: KeyObject, curveName: string, digest: Buffer): Buffer {
  const scalar = coordinate(privateKey.export({ format: 'jwk' }).d)
  return Buffer.from(curveNamed(curveName).sign(digest, scalar, { ...OPTIONS, extraEntropy: true }))
}

export function verifyDigestEcdsa(publicKey: KeyObject, curveName: string, digest: Buffer, signature: Buffer): boolean {
  const { x, y } = publicKey.export({ format: 'jwk' })
  const point = Buffer.concat([UNCOMPRESSED, coordinate(x), coordinate(y)])
  return curveNamed(curveName).verify(signature, digest, point, OPTIONS)
}

const UNCOMPRESSED = Buffer.from([4])

const coordinate = (text: string | undefined) => Buffer.from(text ?? '', 'base64url')

function curveNamed(name: string) {
  const curve = CURVES[name]
  if (!curve) throw new Error(`no parameters for curve ${name}`)
  return curve
}
