// Decrypt: a symmetric ciphertext names its key, so any related key in this Region opens it.

import { operation } from '../calls/operation.ts'
import {
  ignoresCiphertext,
  openCiphertext,
  requireCiphertext,
  requireKeyToOpenWith,
  requireNotDryRun,
  requireValidGrantTokens,
} from '../crypto/cryptography.ts'
import { ENCRYPTION_ALGORITHMS } from '../keys/key-specs.ts'
import { dryRunSucceeded } from '../wire/errors.ts'
import {
  ciphertext,
  dryRun,
  dryRunModifiers,
  encryptionContext,
  grantTokens,
  optionalKeyId,
  recipient,
} from '../wire/members.ts'

const input = {
  CiphertextBlob: ciphertext,
  EncryptionContext: encryptionContext,
  GrantTokens: grantTokens,
  KeyId: optionalKeyId,
  EncryptionAlgorithm: { type: 'string', values: ENCRYPTION_ALGORITHMS },
  Recipient: recipient,
  DryRun: dryRun,
  DryRunModifiers: dryRunModifiers,
} as const

export const decrypt = operation(input, async (request, context) => {
  requireValidGrantTokens(context, request.GrantTokens)
  const algorithm = request.EncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT'
  if (ignoresCiphertext(request)) {
    requireKeyToOpenWith(context, 'Decrypt', request.KeyId, algorithm)
    throw dryRunSucceeded()
  }
  const { key, plaintext, materialId } = await openCiphertext(context, 'Decrypt', {
    keyId: request.KeyId,
    ciphertext: requireCiphertext(request.CiphertextBlob),
    algorithm,
    encryptionContext: request.EncryptionContext,
  })
  requireNotDryRun(request.DryRun)
  return { KeyId: key.arn, Plaintext: plaintext, EncryptionAlgorithm: algorithm, KeyMaterialId: materialId }
})
