// DeriveSharedSecret: the raw ECDH secret of the key and a peer's public key; every related key derives the same.

import { createPublicKey, diffieHellman, type KeyObject } from 'node:crypto'
import { operation } from '../calls/operation.ts'
import { keyFor, requireNotDryRun, requireValidGrantTokens } from '../crypto/cryptography.ts'
import { privateKeyOf } from '../keys/key-material.ts'
import { KEY_AGREEMENT_ALGORITHMS, type KeySpec, materialOf } from '../keys/key-specs.ts'
import { validationError } from '../wire/errors.ts'
import { dryRun, grantTokens, keyId, recipient } from '../wire/members.ts'

const input = {
  KeyId: keyId,
  KeyAgreementAlgorithm: { type: 'string', required: true, values: KEY_AGREEMENT_ALGORITHMS },
  PublicKey: { type: 'blob', required: true, minLength: 1, maxLength: 8192 },
  GrantTokens: grantTokens,
  DryRun: dryRun,
  Recipient: recipient,
} as const

export const deriveSharedSecret = operation(input, async (request, context) => {
  requireValidGrantTokens(context, request.GrantTokens)
  const algorithm = request.KeyAgreementAlgorithm
  const key = keyFor(context, 'DeriveSharedSecret', request.KeyId, 'KEY_AGREEMENT', algorithm)
  const publicKey = publicKeyFrom(request.PublicKey)
  if (!publicKey) throw noPublicKey()
  if (!isOnCurveOf(key.family.keySpec, publicKey)) throw publicKeyOfAnotherKind()
  const secret = secretOf(await privateKeyOf(context.store, key), publicKey)
  if (!secret) throw noPublicKey()
  requireNotDryRun(request.DryRun)
  return { KeyId: key.arn, SharedSecret: secret, KeyAgreementAlgorithm: algorithm, KeyOrigin: key.family.origin }
})

/** The key of a DER SubjectPublicKeyInfo, or nothing when that is something else, or more, or no point of its curve. */
function publicKeyFrom(der: Buffer): KeyObject | undefined {
  try {
    const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' })
    return publicKey.export({ format: 'der', type: 'spki' }).equals(der) ? publicKey : undefined
  } catch {
    return undefined
  }
}

/** Nothing when the public key is the point at infinity, which has no secret with anyone. */
function secretOf(privateKey: KeyObject, publicKey: KeyObject): Buffer | undefined {
  try {
    return diffieHellman({ privateKey, publicKey })
  } catch {
    return undefined
  }
}

function isOnCurveOf(keySpec: KeySpec, publicKey: KeyObject): boolean {
  const material = materialOf(keySpec)
  return material.kind === 'ec' && publicKey.asymmetricKeyDetails?.namedCurve === material.curve
}

/** Recorded: a ValidationException without a message. */
const noPublicKey = () => validationError('')

/** Unconfirmed: a key of another curve or of another kind; answered like one that is no key at all. */
const publicKeyOfAnotherKind = noPublicKey
