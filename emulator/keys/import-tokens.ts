// Import tokens: the private wrapping key and what it may be used for, sealed so that only the key it was made for opens it.

import { createCipheriv, createDecipheriv, createPrivateKey, type KeyObject, randomBytes } from 'node:crypto'
import type { WrappingAlgorithm } from '../crypto/key-wrap.ts'
import { KmsError } from '../wire/errors.ts'
import type { Key } from './family.ts'

const VALID_MS = 24 * 3_600_000
const IV_BYTES = 12
const TAG_BYTES = 16

type Content = { algorithm: WrappingAlgorithm; validTo: number; privateKey: string }

/** A new token, valid for 24 hours from `now`. The key keeps the secret that seals it, so the caller has to save it. */
export function sealImportToken(key: Key, algorithm: WrappingAlgorithm, privateKey: KeyObject, now: number) {
  key.importTokenSecret ??= randomBytes(32).toString('hex')
  const validTo = now + VALID_MS
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' })
  const content: Content = { algorithm, validTo, privateKey: pkcs8.toString('base64') }
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key.importTokenSecret, 'hex'), iv).setAAD(aadOf(key))
  const sealed = Buffer.concat([cipher.update(JSON.stringify(content)), cipher.final()])
  return { token: Buffer.concat([iv, cipher.getAuthTag(), sealed]), validTo }
}

/** The wrapping key of a token; throws InvalidImportTokenException or ExpiredImportTokenException. */
export function openImportToken(key: Key, token: Buffer, now: number) {
  const content = contentOf(key, token)
  if (!content) throw invalidToken()
  if (content.validTo <= now) throw expiredToken()
  const pkcs8 = Buffer.from(content.privateKey, 'base64')
  return {
    algorithm: content.algorithm,
    privateKey: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }),
  }
}

/** Unconfirmed: that KMS sends these two without a message, as it does for a ciphertext that it cannot open. */
const invalidToken = () => new KmsError('InvalidImportTokenException')
const expiredToken = () => new KmsError('ExpiredImportTokenException')

function contentOf(key: Key, token: Buffer): Content | undefined {
  if (key.importTokenSecret === undefined || token.length < IV_BYTES + TAG_BYTES) return undefined
  const iv = token.subarray(0, IV_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key.importTokenSecret, 'hex'), iv).setAAD(aadOf(key))
  decipher.setAuthTag(token.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
  try {
    const opened = Buffer.concat([decipher.update(token.subarray(IV_BYTES + TAG_BYTES)), decipher.final()])
    return JSON.parse(opened.toString()) as Content
  } catch {
    return undefined // of another key, or not a token at all
  }
}

const aadOf = ({ arn }: Key) => Buffer.from(arn)
