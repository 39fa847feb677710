// Verify: answers only when the signature fits; anything else is an exception.

import { operation } from '../calls/operation.ts'
import { keyFor, requireNotDryRun, requireValidGrantTokens } from '../crypto/cryptography.ts'
import { requireFittingMessage, signatureFits } from '../crypto/signing.ts'
import { publicKeyOf } from '../keys/key-material.ts'
import { SIGNING_ALGORITHMS } from '../keys/key-specs.ts'
import { KmsError } from '../wire/errors.ts'
import { dryRun, grantTokens, keyId, message, messageType } from '../wire/members.ts'

const input = {
  KeyId: keyId,
  Message: message,
  MessageType: messageType,
  Signature: { type: 'blob', required: true, minLength: 1, maxLength: 6144 },
  SigningAlgorithm: { type: 'string', required: true, values: SIGNING_ALGORITHMS },
  GrantTokens: grantTokens,
  DryRun: dryRun,
} as const

export const verify = operation(input, async (request, context) => {
  requireValidGrantTokens(context, request.GrantTokens)
  const algorithm = request.SigningAlgorithm
  const key = keyFor(context, 'Verify', request.KeyId, 'SIGN_VERIFY', algorithm)
  const signing = {
    keySpec: key.family.keySpec,
    algorithm,
    messageType: request.MessageType ?? 'RAW',
    message: request.Message,
  }
  requireFittingMessage(signing)
  const fits = signatureFits(await publicKeyOf(context.store, key), signing, request.Signature)
  if (!fits) throw new KmsError('KMSInvalidSignatureException')
  requireNotDryRun(request.DryRun)
  return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: algorithm }
})
