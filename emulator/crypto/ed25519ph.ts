// Ed25519ph (RFC 8032, 5.1): Ed25519 over a SHA-512 digest made by the caller, which node:crypto does not offer.

import { createHash, type KeyObject } from 'node:crypto'
import { eddsa } from '@noble/curves/abstract/edwards.js'
import { ed25519 } from '@noble/curves/ed25519.js'

const PREFIX = Buffer.from('SigEd25519 no Ed25519 collisions')

/** The library's own Ed25519ph hashes the message itself; here the hash is already made, so the pre-hash changes nothing. */
const ed25519ph = eddsa(ed25519.Point, sha512, {
  prehash: (digest: Uint8Array) => Uint8Array.from(digest),
  domain: (data: Uint8Array, context: Uint8Array) =>
    Uint8Array.from([...PREFIX, 1, context.length, ...context, ...data]),
  adjustScalarBytes: clamped,
  zip215: false,
})

export function signDigestEd25519ph(privateKey: KeyObject, digest: Buffer): Buffer {
  return Buffer.from(ed25519ph.sign(digest, bytesOf(privateKey.export({ format: 'jwk' }).d)))
}

export function verifyDigestEd25519ph(publicKey: KeyObject, digest: Buffer, signature: Buffer): boolean {
  if (signature.length !== 64) return false
  return ed25519ph.verify(signature, digest, bytesOf(publicKey.export({ format: 'jwk' }).x))
}

const bytesOf = (text: string | undefined) => Buffer.from(text ?? '', 'base64url')

function sha512(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash('sha512').update(bytes).digest())
}

/** RFC 8032, 5.1.5, step 2. */
function clamped(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const scalar = Uint8Array.from(bytes)
  scalar[0] = (scalar[0] ?? 0) & 248
  scalar[31] = ((scalar[31] ?? 0) & 127) | 64
  return scalar
}
