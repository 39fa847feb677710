// ReEncrypt: opens a ciphertext under one key and seals it under another, the plaintext never leaving KMS.

import {
  encryptUnder,
  keyFor,
  openCiphertext,
  requireEncryptable,
  requireNotDryRun,
  requireValidGrantTokens,
} from '../cryptography.ts'
import { currentMaterial } from '../family.ts'
import { ENCRYPTION_ALGORITHMS } from '../key-specs.ts'
import { ciphertext, dryRun, encryptionContext, grantTokens, keyId, optionalKeyId } from '../members.ts'
import { operation } from '../operation.ts'

const input = {
  CiphertextBlob: { ...ciphertext, required: true },
  SourceEncryptionContext: encryptionContext,
  SourceKeyId: optionalKeyId,
  DestinationKeyId: keyId,
  DestinationEncryptionContext: encryptionContext,
  SourceEncryptionAlgorithm: { type: 'string', values: ENCRYPTION_ALGORITHMS },
  DestinationEncryptionAlgorithm: { type: 'string', values: ENCRYPTION_ALGORITHMS },
  GrantTokens: grantTokens,
  DryRun: dryRun,
  DryRunModifiers: { type: 'unsupported' },
} as const

export const reEncrypt = operation(input, async (request, context) => {
  requireValidGrantTokens(request.GrantTokens)
  const sourceAlgorithm = request.SourceEncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT'
  const algorithm = request.DestinationEncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT'
  const source = await openCiphertext(context, 'ReEncrypt', {
    keyId: request.SourceKeyId,
    ciphertext: request.CiphertextBlob,
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
