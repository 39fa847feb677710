// What the cryptographic operations have in common: finding the key, and opening a ciphertext.

import type { Context } from '../calls/operation.ts'
import { invalidGrantToken } from '../grants/grant-rules.ts'
import { grantIdOfToken } from '../grants/grants.ts'
import type { Family, Key } from '../keys/family.ts'
import { admit, keyOfCiphertext, keyOrAliasNamed } from '../keys/key-lookup.ts'
import { privateKeyOf, publicKeyOf, secretMaterial, secretMaterialNamed } from '../keys/key-material.ts'
import { algorithmsFor, type KeyUsage, materialOf } from '../keys/key-specs.ts'
import type { OperationOnKey } from '../keys/key-states.ts'
import {
  algorithmNotValid,
  dryRunSucceeded,
  incorrectKey,
  invalidCiphertext,
  usageNotValid,
  validationError,
} from '../wire/errors.ts'
import { maxPlaintextBytes, oaepDecrypt, oaepEncrypt } from './rsa.ts'
import { type EncryptionContext, readEnvelope, seal, unseal } from './symmetric.ts'

/** The usable key for an operation; refuses a key of another usage or with other algorithms. */
export function keyFor(
  context: Context,
  operation: OperationOnKey,
  identifier: string,
  usage: KeyUsage,
  algorithm: string,
): Key {
  const key = admit(context, operation, keyOrAliasNamed(context, identifier))
  const { keyUsage, keySpec } = key.family
  if (keyUsage !== usage) throw usageNotValid(key.arn, keyUsage, operation)
  if (!algorithmsFor(keySpec, keyUsage).includes(algorithm)) throw algorithmNotValid(algorithm, keySpec)
  context.usedKeys.add(key)
  return key
}

type Sealed = {
  keyId: string | undefined
  ciphertext: Buffer
  algorithm: string
  encryptionContext: EncryptionContext | undefined
}

export type Opened = { key: Key; plaintext: Buffer; materialId?: string }

/** Decrypts for Decrypt and ReEncrypt. A symmetric ciphertext names its key itself. */
export async function openCiphertext(context: Context, operation: OperationOnKey, sealed: Sealed): Promise<Opened> {
  const opened = await open(context, operation, sealed)
  context.usedKeys.add(opened.key)
  return opened
}

async function open(context: Context, operation: OperationOnKey, sealed: Sealed): Promise<Opened> {
  const named = sealed.keyId === undefined ? undefined : keyOrAliasNamed(context, sealed.keyId)
  if (sealed.algorithm !== 'SYMMETRIC_DEFAULT') return openRsa(context, operation, sealed, named)

  if (named) requireFit(admit(context, operation, named), sealed.algorithm)
  const envelope = readEnvelope(sealed.ciphertext)
  if (!envelope) throw invalidCiphertext()
  const key = named ?? admit(context, operation, keyOfCiphertext(context, envelope.keyId))
  if (key.family.keyId !== envelope.keyId) throw incorrectKey()
  const material = secretMaterialNamed(key, envelope.materialId)
  const plaintext = material && unseal(envelope, material.secret, sealed.encryptionContext)
  if (!plaintext) throw invalidCiphertext()
  return { key, plaintext, materialId: envelope.materialId }
}

async function openRsa(
  context: Context,
  operation: OperationOnKey,
  { ciphertext, algorithm, encryptionContext }: Sealed,
  named: Key | undefined,
): Promise<Opened> {
  if (!named) throw asymmetricKeyMustBeNamed()
  const key = requireFit(admit(context, operation, named), algorithm)
  requireNoEncryptionContext(encryptionContext)
  const plaintext = oaepDecrypt(await privateKeyOf(context.store, key), algorithm, ciphertext)
  if (!plaintext) throw invalidRsaCiphertext()
  return { key, plaintext }
}

/** Unconfirmed: the text. */
const asymmetricKeyMustBeNamed = () => validationError('KeyId is required to decrypt with an asymmetric key.')

/** Unconfirmed: InvalidCiphertextException or IncorrectKeyException for RSA ciphertext of another key. */
const invalidRsaCiphertext = invalidCiphertext

/** Recorded for Decrypt: a key of another usage is an incorrect key, not one of invalid usage. */
function requireFit(key: Key, algorithm: string): Key {
  const { keyUsage, keySpec } = key.family
  if (keyUsage !== 'ENCRYPT_DECRYPT') throw incorrectKey()
  if (!algorithmsFor(keySpec, keyUsage).includes(algorithm)) throw algorithmNotValid(algorithm, keySpec)
  return key
}

type DryRun = { DryRun: boolean | undefined; DryRunModifiers: readonly string[] | undefined }

/** Whether only the permission is to be tried, without any ciphertext. A modifier counts in a dry run only. */
export function ignoresCiphertext({ DryRun, DryRunModifiers }: DryRun): boolean {
  return DryRun === true && DryRunModifiers !== undefined && DryRunModifiers.includes('IGNORE_CIPHERTEXT')
}

/** What remains to be checked of Decrypt and ReEncrypt where the ciphertext is ignored; the key must then be named. */
export function requireKeyToOpenWith(
  context: Context,
  operation: OperationOnKey,
  keyId: string | undefined,
  algorithm: string,
): void {
  if (keyId === undefined) throw keyMustBeNamed()
  requireFit(admit(context, operation, keyOrAliasNamed(context, keyId)), algorithm)
}

/** Unconfirmed: the text, that of other missing members; the model requires a ciphertext only where it is not ignored. */
export function requireCiphertext(ciphertext: Buffer | undefined): Buffer {
  if (!ciphertext) {
    throw validationError(
      "1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null",
    )
  }
  return ciphertext
}

/** Unconfirmed: the text. */
const keyMustBeNamed = () => validationError('KeyId is required when DryRunModifiers is IGNORE_CIPHERTEXT.')

/** Unconfirmed: the text. */
function requireNoEncryptionContext(encryptionContext: EncryptionContext | undefined): void {
  if (encryptionContext && Object.keys(encryptionContext).length > 0) {
    throw validationError('EncryptionContext is not supported when using an asymmetric KMS key.')
  }
}

/** Refuses what the algorithm cannot take. */
export function requireEncryptable(
  { family }: Key,
  algorithm: string,
  plaintext: Buffer,
  encryptionContext: EncryptionContext | undefined,
): void {
  if (algorithm === 'SYMMETRIC_DEFAULT') return
  requireNoEncryptionContext(encryptionContext)
  const max = maxPlaintextBytes(modulusBits(family), algorithm)
  if (plaintext.length > max) {
    throw validationError(
      `Algorithm ${algorithm} and key spec ${family.keySpec} cannot encrypt data larger than ${max} bytes.`,
    )
  }
}

export async function encryptUnder(
  { store }: Context,
  key: Key,
  algorithm: string,
  plaintext: Buffer,
  encryptionContext: EncryptionContext | undefined,
): Promise<Buffer> {
  if (algorithm === 'SYMMETRIC_DEFAULT') {
    return seal(key.family.keyId, secretMaterial(key), plaintext, encryptionContext)
  }
  return oaepEncrypt(await publicKeyOf(store, key), algorithm, plaintext)
}

function modulusBits({ keySpec }: Family): number {
  const material = materialOf(keySpec)
  return material.kind === 'rsa' ? material.bits : 0
}

/** To be called when everything has been checked and only the work itself remains. */
export function requireNotDryRun(dryRun: boolean | undefined): void {
  if (dryRun) throw dryRunSucceeded()
}

/** Refuses a token that stands for no grant in this Region, whoever's the key may be. */
export function requireValidGrantTokens({ store, region }: Context, tokens: readonly string[] = []): void {
  for (const token of tokens) {
    const id = grantIdOfToken(token)
    if (id === undefined || !store.grant(region, id)) throw invalidGrantToken()
  }
}
