// Private keys that follow from a seed, so that a scenario loaded twice has the same keys. For tests and demonstrations:
// a key whose seed can be read in the source of a program is no secret.

import { checkPrime, createECDH, createHash, createPrivateKey, type KeyObject } from 'node:crypto'
import { type KeySpec, materialOf } from '../keys/key-specs.ts'

/** `length` bytes that follow from `seed`. */
export const bytesFrom = (seed: string, length: number): Buffer =>
  createHash('shake256', { outputLength: length }).update(seed).digest()

/** The private key of an asymmetric key spec. An RSA one takes some tenths of a second. */
export async function privateKeyFrom(seed: string, keySpec: KeySpec): Promise<KeyObject> {
  const material = materialOf(keySpec)
  switch (material.kind) {
    case 'rsa':
      return rsaKeyFrom(seed, material.bits)
    case 'ec':
      return ecKeyFrom(seed, material.curve)
    case 'ed25519':
      return createPrivateKey({
        key: Buffer.concat([ED25519_PKCS8_PREFIX, bytesFrom(seed, 32)]),
        format: 'der',
        type: 'pkcs8',
      })
    case 'ml-dsa':
      return createPrivateKey({
        key: Buffer.concat([ML_DSA_PKCS8_PREFIXES[material.parameters], bytesFrom(seed, 32)]),
        format: 'der',
        type: 'pkcs8',
      })
    case 'ml-kem':
      return createPrivateKey({
        key: Buffer.concat([ML_KEM_PKCS8_PREFIXES[material.parameters], bytesFrom(seed, 64)]),
        format: 'der',
        type: 'pkcs8',
      })
    default:
      throw new Error(`${keySpec} has no key pair`)
  }
}

/** RFC 8410: the 32 bytes of an Ed25519 private key follow. */
const ED25519_PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

/** RFC 9881: the 32 bytes of the seed of an ML-DSA private key follow. */
const mlDsaPrefix = (lastOfObjectId: string) =>
  Buffer.from(`3034020100300b06096086480165030403${lastOfObjectId}04228020`, 'hex')
const ML_DSA_PKCS8_PREFIXES = {
  'ml-dsa-44': mlDsaPrefix('11'),
  'ml-dsa-65': mlDsaPrefix('12'),
  'ml-dsa-87': mlDsaPrefix('13'),
}

/** RFC 9935: the 64 bytes of the seed of an ML-KEM private key follow. */
const mlKemPrefix = (lastOfObjectId: string) =>
  Buffer.from(`3054020100300b06096086480165030404${lastOfObjectId}04428040`, 'hex')
const ML_KEM_PKCS8_PREFIXES = {
  'ml-kem-512': mlKemPrefix('01'),
  'ml-kem-768': mlKemPrefix('02'),
  'ml-kem-1024': mlKemPrefix('03'),
}

const JWK_CURVES: Record<string, { crv: string; bits: number }> = {
  prime256v1: { crv: 'P-256', bits: 256 },
  secp384r1: { crv: 'P-384', bits: 384 },
  secp521r1: { crv: 'P-521', bits: 521 },
  secp256k1: { crv: 'secp256k1', bits: 256 },
}

/** The first number that follows from the seed and lies on the curve's scale; nearly always the first of all. */
function ecKeyFrom(seed: string, curve: string): KeyObject {
  const { crv = '', bits = 0 } = JWK_CURVES[curve] ?? {}
  const length = Math.ceil(bits / 8)
  const pair = createECDH(curve)
  for (let attempt = 0; ; attempt++) {
    const scalar = bytesFrom(`${seed} ${attempt}`, length)
    scalar.writeUInt8(scalar.readUInt8(0) >> (length * 8 - bits), 0)
    try {
      pair.setPrivateKey(scalar)
    } catch {
      continue // zero, or not below the order of the curve
    }
    const point = pair.getPublicKey().subarray(1)
    const [x, y] = [point.subarray(0, length), point.subarray(length)].map((part) => part.toString('base64url'))
    return createPrivateKey({ format: 'jwk', key: { kty: 'EC', crv, x, y, d: scalar.toString('base64url') } })
  }
}

const PUBLIC_EXPONENT = 65_537n
/** Enough for numbers of this size that nobody has chosen with intent. */
const PRIME_CHECKS = 8

async function rsaKeyFrom(seed: string, bits: number): Promise<KeyObject> {
  const first = await primeFrom(`${seed} p`, bits / 2)
  const second = await primeFrom(`${seed} q`, bits / 2)
  const [p, q] = first > second ? [first, second] : [second, first]
  const d = inverse(PUBLIC_EXPONENT, (p - 1n) * (q - 1n))
  const key = { n: p * q, e: PUBLIC_EXPONENT, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) }
  const members = Object.entries(key).map(([name, value]) => [name, bytesOf(value).toString('base64url')])
  return createPrivateKey({ format: 'jwk', key: { kty: 'RSA', ...Object.fromEntries(members) } })
}

/** The next prime from a number that follows from the seed. Its two highest bits are set, so that n is of full length. */
async function primeFrom(seed: string, bits: number): Promise<bigint> {
  const start = BigInt(`0x${bytesFrom(seed, bits / 8).toString('hex')}`)
  const highest = 3n << BigInt(bits - 2)
  for (let candidate = start | highest | 1n; ; candidate += 2n) {
    if (candidate % PUBLIC_EXPONENT !== 1n && (await isPrime(candidate))) return candidate
  }
}

const isPrime = (candidate: bigint): Promise<boolean> =>
  new Promise((resolve, reject) => {
    checkPrime(candidate, { checks: PRIME_CHECKS }, (error, prime) => (error ? reject(error) : resolve(prime)))
  })

/** The number that `value` times gives 1 modulo `modulus`, by the extended Euclidean algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [before, now] = [modulus, value % modulus]
  let [factorBefore, factor] = [0n, 1n]
  while (now > 0n) {
    const quotient = before / now
    ;[before, now] = [now, before - quotient * now]
    ;[factorBefore, factor] = [factor, factorBefore - quotient * factor]
  }
  return (factorBefore + modulus) % modulus
}

function bytesOf(value: bigint): Buffer {
  const digits = value.toString(16)
  return Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex')
}
