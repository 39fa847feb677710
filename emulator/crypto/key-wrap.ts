// Opens wrapped key material, and tells whether it fits a key spec.

import { createDecipheriv, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { type KeySpec, materialOf } from '../keys/key-specs.ts'
import { oaepDecrypt } from './rsa.ts'

const WRAPPING_ALGORITHMS = {
  RSAES_OAEP_SHA_1: { oaep: 'RSAES_OAEP_SHA_1', aesKey: false },
  RSAES_OAEP_SHA_256: { oaep: 'RSAES_OAEP_SHA_256', aesKey: false },
  RSA_AES_KEY_WRAP_SHA_1: { oaep: 'RSAES_OAEP_SHA_1', aesKey: true },
  RSA_AES_KEY_WRAP_SHA_256: { oaep: 'RSAES_OAEP_SHA_256', aesKey: true },
} as const

export type WrappingAlgorithm = keyof typeof WRAPPING_ALGORITHMS

export const isWrappingAlgorithm = (name: string): name is WrappingAlgorithm => Object.hasOwn(WRAPPING_ALGORITHMS, name)

/** Whether an AES key stands between the RSA key and the material, which then may be of any length. */
export const usesAesKey = (algorithm: WrappingAlgorithm) => WRAPPING_ALGORITHMS[algorithm].aesKey

/** The bytes that were wrapped, or nothing when they were wrapped in another way or for another key. */
export function unwrapKeyMaterial(
  privateKey: KeyObject,
  algorithm: WrappingAlgorithm,
  wrapped: Buffer,
): Buffer | undefined {
  const { oaep, aesKey } = WRAPPING_ALGORITHMS[algorithm]
  if (!aesKey) return oaepDecrypt(privateKey, oaep, wrapped)
  const modulusBytes = (privateKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8
  const key = oaepDecrypt(privateKey, oaep, wrapped.subarray(0, modulusBytes))
  return key && unwrapWithAes(key, wrapped.subarray(modulusBytes))
}

/** The alternative initial value of AES key wrap with padding (RFC 5649, 3). */
const INITIAL_VALUE = Buffer.from('a65959a6', 'hex')

function unwrapWithAes(key: Buffer, wrapped: Buffer): Buffer | undefined {
  if (wrapped.length < 16) return undefined // the cipher would take nothing at all for nothing
  try {
    const decipher = createDecipheriv('id-aes256-wrap-pad', key, INITIAL_VALUE)
    return Buffer.concat([decipher.update(wrapped), decipher.final()])
  } catch {
    return undefined // no AES-256 key, or the integrity check failed
  }
}

/** Material of a key: bytes, or a PKCS #8 private key in one and the same form, with its public half. */
export type FittingMaterial = { secret: Buffer; publicKey?: Buffer }

/** Reads what was imported, or nothing when a key of this spec cannot have it. */
export function fittingMaterial(keySpec: KeySpec, bytes: Buffer): FittingMaterial | undefined {
  const material = materialOf(keySpec)
  if ('bytes' in material) return bytes.length === material.bytes ? { secret: bytes } : undefined
  const privateKey = readPrivateKey(bytes)
  if (!privateKey || !fits(privateKey, keySpec)) return undefined
  return {
    secret: privateKey.export({ format: 'der', type: 'pkcs8' }),
    publicKey: createPublicKey(privateKey).export({ format: 'der', type: 'spki' }),
  }
}

function readPrivateKey(der: Buffer): KeyObject | undefined {
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  } catch {
    return undefined
  }
}

function fits({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject, keySpec: KeySpec): boolean {
  const material = materialOf(keySpec)
  switch (material.kind) {
    case 'rsa':
      return asymmetricKeyType === 'rsa' && asymmetricKeyDetails?.modulusLength === material.bits
    case 'ec':
      return asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === material.curve
    case 'ed25519':
      return asymmetricKeyType === 'ed25519'
    default:
      return false
  }
}
