// Encrypt: up to 4,096 bytes under a symmetric key, as many as fit under an RSA key.

import { operation } from '../calls/operation.ts'
import {
  encryptUnder,
  keyFor,
  requireEncryptable,
  requireNotDryRun,
  requireValidGrantTokens,
} from '../crypto/cryptography.ts'
import { ENCRYPTION_ALGORITHMS } from '../keys/key-specs.ts'
import { dryRun, encryptionContext, grantTokens, keyId } from '../wire/members.ts'

const input = {
  KeyId: keyId,
  Plaintext: { type: 'blob', required: true, sensitive: true, minLength: 1, maxLength: 4096 },
  EncryptionContext: encryptionContext,
  GrantTokens: grantTokens,
  EncryptionAlgorithm: { type: 'string', values: ENCRYPTION_ALGORITHMS },
  DryRun: dryRun,
} as const

export const encrypt = operation(input, async (request, context) => {
  requireValidGrantTokens(context, request.GrantTokens)
  const algorithm = request.EncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT'
  const key = keyFor(context, 'Encrypt', request.KeyId, 'ENCRYPT_DECRYPT', algorithm)
  requireEncryptable(key, algorithm, request.Plaintext, request.EncryptionContext)
  requireNotDryRun(request.DryRun)
  const CiphertextBlob = await encryptUnder(context, key, algorithm, request.Plaintext, request.EncryptionContext)
  return { CiphertextBlob, KeyId: key.arn, EncryptionAlgorithm: algorithm }
})
