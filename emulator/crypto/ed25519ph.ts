// Ed25519ph (RFC 8032, 5.1): Ed25519 over a SHA-512 digest made by the caller, which node:crypto does not offer.

import { createHash, type KeyObject } from 'node:crypto'

const P = 2n ** 255n - 19n
const L = 2n ** 252n + 27742317777372353535851937790883648493n
const D = modulo(-121665n * power(121666n, P - 2n))
const SQRT_MINUS_ONE = power(2n, (P - 1n) / 4n)
const DOMAIN = Buffer.concat([Buffer.from('SigEd25519 no Ed25519 collisions'), Buffer.from([1, 0])])

/** Extended coordinates. */
type Point = readonly [x: bigint, y: bigint, z: bigint, t: bigint]
const NEUTRAL: Point = [0n, 1n, 1n, 0n]
const BASE = requirePoint(Buffer.from(`58${'66'.repeat(31)}`, 'hex'))

export function signDigestEd25519ph(privateKey: KeyObject, digest: Buffer): Buffer {
  const jwk = privateKey.export({ format: 'jwk' })
  const seedHash = createHash('sha512')
    .update(Buffer.from(jwk.d ?? '', 'base64url'))
    .digest()
  const publicBytes = Buffer.from(jwk.x ?? '', 'base64url')
  const scalar = clamped(seedHash.subarray(0, 32))
  const r = hashToNumber(seedHash.subarray(32), digest)
  const encodedR = encode(multiply(r % L, BASE))
  const s = (r + hashToNumber(encodedR, publicBytes, digest) * scalar) % L
  return Buffer.concat([encodedR, littleEndian(s)])
}

export function verifyDigestEd25519ph(publicKey: KeyObject, digest: Buffer, signature: Buffer): boolean {
  if (signature.length !== 64) return false
  const publicBytes = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  const encodedR = signature.subarray(0, 32)
  const s = toNumber(signature.subarray(32))
  const r = decode(encodedR)
  const a = decode(publicBytes)
  if (!r || !a || s >= L) return false
  const k = hashToNumber(encodedR, publicBytes, digest) % L
  return encode(multiply(s, BASE)).equals(encode(add(r, multiply(k, a))))
}

function hashToNumber(...parts: Buffer[]): bigint {
  return toNumber(
    createHash('sha512')
      .update(Buffer.concat([DOMAIN, ...parts]))
      .digest(),
  )
}

function clamped(bytes: Buffer): bigint {
  const copy = Buffer.from(bytes)
  copy[0] = (copy[0] ?? 0) & 248
  copy[31] = ((copy[31] ?? 0) & 127) | 64
  return toNumber(copy)
}

function toNumber(bytes: Buffer): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)
}

function littleEndian(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse()
}

function modulo(value: bigint): bigint {
  const rest = value % P
  return rest < 0n ? rest + P : rest
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (const bit of exponent.toString(2)) {
    result = (result * result) % P
    if (bit === '1') result = modulo(result * base)
  }
  return result
}

function add([x1, y1, z1, t1]: Point, [x2, y2, z2, t2]: Point): Point {
  const a = modulo((y1 - x1) * (y2 - x2))
  const b = modulo((y1 + x1) * (y2 + x2))
  const c = modulo(2n * t1 * t2 * D)
  const d = modulo(2n * z1 * z2)
  const [e, f, g, h] = [b - a, d - c, d + c, b + a]
  return [modulo(e * f), modulo(g * h), modulo(f * g), modulo(e * h)]
}

function multiply(scalar: bigint, point: Point): Point {
  let result = NEUTRAL
  for (const bit of scalar.toString(2)) {
    result = add(result, result)
    if (bit === '1') result = add(result, point)
  }
  return result
}

function encode([x, y, z]: Point): Buffer {
  const inverted = power(z, P - 2n)
  const bytes = littleEndian(modulo(y * inverted))
  bytes[31] = (bytes[31] ?? 0) | (Number(modulo(x * inverted) & 1n) << 7)
  return bytes
}

function decode(bytes: Buffer): Point | undefined {
  const copy = Buffer.from(bytes)
  const odd = BigInt((copy[31] ?? 0) >> 7)
  copy[31] = (copy[31] ?? 0) & 127
  const y = toNumber(copy)
  if (y >= P) return undefined
  const squaredY = modulo(y * y)
  const squaredX = modulo((squaredY - 1n) * power(modulo(D * squaredY + 1n), P - 2n))
  let x = power(squaredX, (P + 3n) / 8n)
  if (modulo(x * x) !== squaredX) x = modulo(x * SQRT_MINUS_ONE)
  if (modulo(x * x) !== squaredX || (x === 0n && odd === 1n)) return undefined
  if ((x & 1n) !== odd) x = P - x
  return [x, y, 1n, modulo(x * y)]
}

function requirePoint(bytes: Buffer): Point {
  const point = decode(bytes)
  if (!point) throw new Error('the base point does not lie on the curve')
  return point
}
