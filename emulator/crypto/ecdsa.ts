// ECDSA over a digest that the caller has already made, which node:crypto does not offer: it always hashes first.

import { createECDH, type KeyObject, randomBytes } from 'node:crypto'

type Curve = { p: bigint; a: bigint; n: bigint; g: readonly [bigint, bigint] }

const hex = (text: string) => BigInt(`0x${text}`)

const P256 = hex('ffffffff00000001000000000000000000000000ffffffffffffffffffffffff')
const P384 = hex('fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff')
const P521 = 2n ** 521n - 1n
const K256 = 2n ** 256n - 2n ** 32n - 977n

/** p, a and n by curve (SEC 2); the base point comes from node:crypto. */
const CURVES: Record<string, Curve> = {
  prime256v1: curve('prime256v1', P256, P256 - 3n, 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'),
  secp384r1: curve(
    'secp384r1',
    P384,
    P384 - 3n,
    'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
  ),
  secp521r1: curve(
    'secp521r1',
    P521,
    P521 - 3n,
    '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
  ),
  secp256k1: curve('secp256k1', K256, 0n, 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141'),
}

function curve(name: string, p: bigint, a: bigint, n: string): Curve {
  const ecdh = createECDH(name)
  ecdh.setPrivateKey('01', 'hex')
  const point = ecdh.getPublicKey('hex').slice(2)
  const half = point.length / 2
  return { p, a, n: hex(n), g: [hex(point.slice(0, half)), hex(point.slice(half))] }
}

export function signDigestEcdsa(privateKey: KeyObject, curveName: string, digest: Buffer): Buffer {
  const { p, a, n, g } = curveNamed(curveName)
  const d = coordinate(privateKey.export({ format: 'jwk' }).d)
  const z = leftmostBits(digest, n)
  for (;;) {
    const k = (toNumber(randomBytes(72)) % (n - 1n)) + 1n
    const point = affine(multiply(k, [g[0], g[1], 1n], p, a), p)
    const r = (point?.[0] ?? 0n) % n
    const s = (inverse(k, n) * ((z + r * d) % n)) % n
    if (r !== 0n && s !== 0n) return derSignature(r, s)
  }
}

export function verifyDigestEcdsa(publicKey: KeyObject, curveName: string, digest: Buffer, signature: Buffer): boolean {
  const { p, a, n, g } = curveNamed(curveName)
  const numbers = readDerSignature(signature)
  if (!numbers) return false
  const [r, s] = numbers
  if (r < 1n || r >= n || s < 1n || s >= n) return false
  const { x, y } = publicKey.export({ format: 'jwk' })
  const w = inverse(s, n)
  const fromBase = multiply((leftmostBits(digest, n) * w) % n, [g[0], g[1], 1n], p, a)
  const fromKey = multiply((r * w) % n, [coordinate(x), coordinate(y), 1n], p, a)
  const point = affine(add(fromBase, fromKey, p, a), p)
  return point !== undefined && point[0] % n === r
}

function curveNamed(name: string): Curve {
  const found = CURVES[name]
  if (!found) throw new Error(`no parameters for curve ${name}`)
  return found
}

const toNumber = (bytes: Buffer) => (bytes.length === 0 ? 0n : hex(bytes.toString('hex')))
const coordinate = (text: string | undefined) => toNumber(Buffer.from(text ?? '', 'base64url'))

function leftmostBits(digest: Buffer, n: bigint): bigint {
  const surplus = digest.length * 8 - n.toString(2).length
  const z = toNumber(digest)
  return surplus > 0 ? z >> BigInt(surplus) : z
}

// Points in Jacobian coordinates; z = 0 is the point at infinity.
type Point = readonly [x: bigint, y: bigint, z: bigint]
const INFINITY: Point = [1n, 1n, 0n]

const modulo = (value: bigint, p: bigint) => ((value % p) + p) % p

function double([x, y, z]: Point, p: bigint, a: bigint): Point {
  if (y === 0n || z === 0n) return INFINITY
  const yy = (y * y) % p
  const s = (4n * x * yy) % p
  const zz = (z * z) % p
  const m = (3n * x * x + a * zz * zz) % p
  const x3 = modulo(m * m - 2n * s, p)
  return [x3, modulo(m * (s - x3) - 8n * yy * yy, p), (2n * y * z) % p]
}

function add(first: Point, second: Point, p: bigint, a: bigint): Point {
  if (first[2] === 0n) return second
  if (second[2] === 0n) return first
  const [x1, y1, z1] = first
  const [x2, y2, z2] = second
  const zz1 = (z1 * z1) % p
  const zz2 = (z2 * z2) % p
  const u1 = (x1 * zz2) % p
  const u2 = (x2 * zz1) % p
  const s1 = (y1 * zz2 * z2) % p
  const s2 = (y2 * zz1 * z1) % p
  if (u1 === u2) return s1 === s2 ? double(first, p, a) : INFINITY
  const h = modulo(u2 - u1, p)
  const r = modulo(s2 - s1, p)
  const hh = (h * h) % p
  const hhh = (hh * h) % p
  const v = (u1 * hh) % p
  const x3 = modulo(r * r - hhh - 2n * v, p)
  return [x3, modulo(r * (v - x3) - s1 * hhh, p), (h * z1 * z2) % p]
}

function multiply(scalar: bigint, point: Point, p: bigint, a: bigint): Point {
  let result = INFINITY
  for (const bit of scalar.toString(2)) {
    result = double(result, p, a)
    if (bit === '1') result = add(result, point, p, a)
  }
  return result
}

function affine([x, y, z]: Point, p: bigint): readonly [bigint, bigint] | undefined {
  if (z === 0n) return undefined
  const inverted = inverse(z, p)
  const squared = (inverted * inverted) % p
  return [(x * squared) % p, (y * squared * inverted) % p]
}

function inverse(value: bigint, p: bigint): bigint {
  let [low, high] = [modulo(value, p), p]
  let [lowFactor, highFactor] = [1n, 0n]
  while (low > 1n) {
    const quotient = high / low
    ;[low, high] = [high - quotient * low, low]
    ;[lowFactor, highFactor] = [highFactor - quotient * lowFactor, lowFactor]
  }
  return modulo(lowFactor, p)
}

function derSignature(r: bigint, s: bigint): Buffer {
  const body = Buffer.concat([derInteger(r), derInteger(s)])
  const length = body.length < 128 ? [body.length] : [0x81, body.length]
  return Buffer.concat([Buffer.from([0x30, ...length]), body])
}

function derInteger(value: bigint): Buffer {
  const digits = value.toString(16)
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex')
  const positive = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes
  return Buffer.concat([Buffer.from([0x02, positive.length]), positive])
}

function readDerSignature(der: Buffer): [r: bigint, s: bigint] | undefined {
  const long = der[1] === 0x81
  const start = long ? 3 : 2
  if (der[0] !== 0x30 || der.length - start !== der[long ? 2 : 1]) return undefined
  const rLength = der[start + 1] ?? 0
  const sStart = start + 2 + rLength
  const sLength = der[sStart + 1] ?? 0
  if (der[start] !== 0x02 || der[sStart] !== 0x02 || sStart + 2 + sLength !== der.length) return undefined
  return [toNumber(der.subarray(start + 2, sStart)), toNumber(der.subarray(sStart + 2))]
}
