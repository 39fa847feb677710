// ReEncrypt: opens a ciphertext under one key and seals it under another, the plaintext never leaving KMS.

import { operation } from '../calls/operation.ts'
import {
  encryptUnder,
  ignoresCiphertext,
  keyFor,
  openCiphertext,
  requireCiphertext,
  requireEncryptable,
  requireKeyToOpenWith,
  requireNotDryRun,
  requireValidGrantTokens,
} from '../crypto/cryptography.ts'
import { currentMaterial } from '../keys/family.ts'
import { ENCRYPTION_ALGORITHMS } from '../keys/key-specs.ts'
import { dryRunSucceeded } from '../wire/errors.ts'
import {
  ciphertext,
  dryRun,
  dryRunModifiers,
  encryptionContext,
  grantTokens,
  keyId,
  optionalKeyId,
} from '../wire/members.ts'

const input = {
  CiphertextBlob: ciphertext,
  SourceEncryptionContext: encryptionContext,
  SourceKeyId: optionalKeyId,
  DestinationKeyId: keyId,
  DestinationEncryptionContext: encryptionContext,
  SourceEncryptionAlgorithm: { type: 'string', values: ENCRYPTION_ALGORITHMS },
  DestinationEncryptionAlgorithm: { type: 'string', values: ENCRYPTION_ALGORITHMS },
  GrantTokens: grantTokens,
  DryRun: dryRun,
  DryRunModifiers: dryRunModifiers,
} as const

export const reEncrypt = operation(input, async (request, context) => {
  requireValidGrantTokens(context, request.GrantTokens)
  const sourceAlgorithm = request.SourceEncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT'
  const algorithm = request.DestinationEncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT'
  if (ignoresCiphertext(request)) {
    requireKeyToOpenWith(context, 'ReEncrypt', request.SourceKeyId, sourceAlgorithm)
    keyFor(context, 'ReEncrypt', request.DestinationKeyId, 'ENCRYPT_DECRYPT', algorithm)
    throw dryRunSucceeded()
  }
  const source = await openCiphertext(context, 'ReEncrypt', {
    keyId: request.SourceKeyId,
    ciphertext: requireCiphertext(request.CiphertextBlob),
    algorithm: sourceAlgorithm,
    encryptionContext: request.SourceEncryptionContext,
  })
  const destination = keyFor(context, 'ReEncrypt', request.DestinationKeyId, 'ENCRYPT_DECRYPT', algorithm)
  const encryptionContext = request.DestinationEncryptionContext
  requireEncryptable(destination, algorithm, source.plaintext, encryptionContext)
  requireNotDryRun(request.DryRun)
  return {
    CiphertextBlob: await encryptUnder(context, destination, algorithm, source.plaintext, encryptionContext),
    SourceKeyId: source.key.arn,
    KeyId: destination.arn,
    SourceEncryptionAlgorithm: sourceAlgorithm,
    DestinationEncryptionAlgorithm: algorithm,
    SourceKeyMaterialId: source.materialId,
    DestinationKeyMaterialId: algorithm === 'SYMMETRIC_DEFAULT' ? currentMaterial(destination.family)?.id : undefined,
  }
})
