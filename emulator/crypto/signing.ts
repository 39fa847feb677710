// Signatures of every algorithm KMS offers, over a message or over its digest.

import { constants, type KeyObject, sign, verify } from 'node:crypto'
import { type KeySpec, materialOf } from '../keys/key-specs.ts'
import { validationError } from '../wire/errors.ts'
import { signDigestEcdsa, verifyDigestEcdsa } from './ecdsa.ts'
import { signDigestEd25519ph, verifyDigestEd25519ph } from './ed25519ph.ts'
import { MU_BYTES, signMu, verifyMu } from './ml-dsa.ts'
import { signDigestPkcs1, signDigestPss, verifyDigestPkcs1, verifyDigestPss } from './rsa.ts'

export type MessageType = 'RAW' | 'DIGEST' | 'EXTERNAL_MU'
export type Signing = { keySpec: KeySpec; algorithm: string; messageType: MessageType; message: Buffer }

export function signMessage(privateKey: KeyObject, signing: Signing): Buffer {
  const { algorithm, message } = signing
  if (algorithm === 'ED25519_PH_SHA_512') return signDigestEd25519ph(privateKey, message)
  if (signing.messageType === 'RAW') return sign(hashOf(algorithm), message, nativeOptions(privateKey, algorithm))
  if (signing.messageType === 'EXTERNAL_MU') return signMu(privateKey, message)
  const hash = hashOf(algorithm) ?? ''
  if (algorithm.startsWith('RSASSA_PSS')) return signDigestPss(privateKey, hash, message)
  if (algorithm.startsWith('RSASSA_PKCS1')) return signDigestPkcs1(privateKey, hash, message)
  return signDigestEcdsa(privateKey, curveOf(signing.keySpec), message)
}

export function signatureFits(publicKey: KeyObject, signing: Signing, signature: Buffer): boolean {
  const { algorithm, message } = signing
  if (algorithm === 'ED25519_PH_SHA_512') return verifyDigestEd25519ph(publicKey, message, signature)
  if (signing.messageType === 'RAW') {
    return verify(hashOf(algorithm), message, nativeOptions(publicKey, algorithm), signature)
  }
  if (signing.messageType === 'EXTERNAL_MU') return verifyMu(publicKey, message, signature)
  const hash = hashOf(algorithm) ?? ''
  if (algorithm.startsWith('RSASSA_PSS')) return verifyDigestPss(publicKey, hash, message, signature)
  if (algorithm.startsWith('RSASSA_PKCS1')) return verifyDigestPkcs1(publicKey, hash, message, signature)
  return verifyDigestEcdsa(publicKey, curveOf(signing.keySpec), message, signature)
}

/** Refuses a message type or digest length that the algorithm does not take. */
export function requireFittingMessage({ algorithm, messageType, message }: Signing): void {
  if (!messageTypesOf(algorithm).includes(messageType)) throw messageTypeNotValid(messageType, algorithm)
  const bytes = messageType === 'EXTERNAL_MU' ? MU_BYTES : digestBytes(algorithm)
  if (messageType !== 'RAW' && message.length !== bytes) throw invalidLength(algorithm)
}

/** Unconfirmed: the text for a mu; it was recorded for digests. */
const invalidLength = (algorithm: string) => validationError(`Digest is invalid length for algorithm ${algorithm}.`)

/** Source: KMS API Reference, Sign. */
function messageTypesOf(algorithm: string): readonly MessageType[] {
  if (algorithm === 'ED25519_SHA_512') return ['RAW']
  if (algorithm === 'ED25519_PH_SHA_512') return ['DIGEST']
  if (algorithm === 'ML_DSA_SHAKE_256') return ['RAW', 'EXTERNAL_MU']
  return ['RAW', 'DIGEST']
}

const digestBytes = (algorithm: string) => Number(algorithm.slice(-3)) / 8

/** Unconfirmed: the text. */
const messageTypeNotValid = (messageType: string, algorithm: string) =>
  validationError(`MessageType ${messageType} is not valid for algorithm ${algorithm}.`)

/** Ed25519 and ML-DSA have their hash built in. */
function hashOf(algorithm: string): string | null {
  if (algorithm.startsWith('ED25519') || algorithm.startsWith('ML_DSA')) return null
  return `sha${algorithm.slice(-3)}`
}

function nativeOptions(key: KeyObject, algorithm: string) {
  if (!algorithm.startsWith('RSASSA_PSS')) return { key }
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
}

function curveOf(keySpec: KeySpec): string {
  const material = materialOf(keySpec)
  return material.kind === 'ec' ? material.curve : ''
}
