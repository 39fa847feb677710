// Data keys: what the two operations that make them share.

import { randomBytes } from 'node:crypto'
import type { Context } from '../calls/operation.ts'
import { secretMaterial } from '../keys/key-material.ts'
import { validationError } from '../wire/errors.ts'
import { dryRun, encryptionContext, grantTokens, keyId } from '../wire/members.ts'
import type { RequestOf } from '../wire/validation.ts'
import { keyFor, requireNotDryRun, requireValidGrantTokens } from './cryptography.ts'
import { seal } from './symmetric.ts'

export const dataKeyInput = {
  KeyId: keyId,
  EncryptionContext: encryptionContext,
  KeySpec: { type: 'string', values: ['AES_256', 'AES_128'] },
  NumberOfBytes: { type: 'integer', min: 1, max: 1024 },
  GrantTokens: grantTokens,
  DryRun: dryRun,
} as const

export function newDataKey(
  context: Context,
  operation: 'GenerateDataKey' | 'GenerateDataKeyWithoutPlaintext',
  request: RequestOf<typeof dataKeyInput>,
) {
  requireValidGrantTokens(context, request.GrantTokens)
  if ((request.KeySpec === undefined) === (request.NumberOfBytes === undefined)) {
    throw validationError('Please specify either number of bytes or key spec.')
  }
  const key = keyFor(context, operation, request.KeyId, 'ENCRYPT_DECRYPT', 'SYMMETRIC_DEFAULT')
  requireNotDryRun(request.DryRun)
  const material = secretMaterial(key)
  const plaintext = randomBytes(request.NumberOfBytes ?? (request.KeySpec === 'AES_128' ? 16 : 32))
  const CiphertextBlob = seal(key.family.keyId, material, plaintext, request.EncryptionContext)
  return { plaintext, CiphertextBlob, KeyId: key.arn, KeyMaterialId: material.id }
}
