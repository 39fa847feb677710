// Decrypt: a symmetric ciphertext names its key, so any related key in this Region opens it.

import { openCiphertext, requireNotDryRun, requireValidGrantTokens } from '../cryptography.ts'
import { ENCRYPTION_ALGORITHMS } from '../key-specs.ts'
import { ciphertext, dryRun, encryptionContext, grantTokens, optionalKeyId } from '../members.ts'
import { operation } from '../operation.ts'

const input = {
  CiphertextBlob: { ...ciphertext, required: true },
  EncryptionContext: encryptionContext,
  GrantTokens: grantTokens,
  KeyId: optionalKeyId,
  EncryptionAlgorithm: { type: 'string', values: ENCRYPTION_ALGORITHMS },
  Recipient: { type: 'unsupported' },
  DryRun: dryRun,
  DryRunModifiers: { type: 'unsupported' },
} as const

export const decrypt = operation(input, async (request, context) => {
  requireValidGrantTokens(request.GrantTokens)
  const algorithm = request.EncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT'
  const { key, plaintext, materialId } = await openCiphertext(context, 'Decrypt', {
    keyId: request.KeyId,
    ciphertext: request.CiphertextBlob,
    algorithm,
    encryptionContext: request.EncryptionContext,
  })
  requireNotDryRun(request.DryRun)
  return { KeyId: key.arn, Plaintext: plaintext, EncryptionAlgorithm: algorithm, KeyMaterialId: materialId }
})
