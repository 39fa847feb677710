// Sign: a signature over a message or over its digest.

import { operation } from '../calls/operation.ts'
import { keyFor, requireNotDryRun, requireValidGrantTokens } from '../crypto/cryptography.ts'
import { requireFittingMessage, signMessage } from '../crypto/signing.ts'
import { privateKeyOf } from '../keys/key-material.ts'
import { SIGNING_ALGORITHMS } from '../keys/key-specs.ts'
import { dryRun, grantTokens, keyId, message, messageType } from '../wire/members.ts'

const input = {
  KeyId: keyId,
  Message: message,
  MessageType: messageType,
  GrantTokens: grantTokens,
  SigningAlgorithm: { type: 'string', required: true, values: SIGNING_ALGORITHMS },
  DryRun: dryRun,
} as const

export const sign = operation(input, async (request, context) => {
  requireValidGrantTokens(context, request.GrantTokens)
  const algorithm = request.SigningAlgorithm
  const key = keyFor(context, 'Sign', request.KeyId, 'SIGN_VERIFY', algorithm)
  const signing = {
    keySpec: key.family.keySpec,
    algorithm,
    messageType: request.MessageType ?? 'RAW',
    message: request.Message,
  }
  requireFittingMessage(signing)
  requireNotDryRun(request.DryRun)
  const signature = signMessage(await privateKeyOf(context.store, key), signing)
  return { KeyId: key.arn, Signature: signature, SigningAlgorithm: algorithm }
})
