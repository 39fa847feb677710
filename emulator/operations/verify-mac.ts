// VerifyMac: answers only when the MAC fits; anything else is an exception.

import { timingSafeEqual } from 'node:crypto'
import { operation } from '../calls/operation.ts'
import { keyFor, requireNotDryRun, requireValidGrantTokens } from '../crypto/cryptography.ts'
import { macOf } from '../crypto/mac.ts'
import { secretMaterial } from '../keys/key-material.ts'
import { MAC_ALGORITHMS } from '../keys/key-specs.ts'
import { KmsError } from '../wire/errors.ts'
import { dryRun, grantTokens, keyId, message } from '../wire/members.ts'

const input = {
  Message: message,
  KeyId: keyId,
  MacAlgorithm: { type: 'string', required: true, values: MAC_ALGORITHMS },
  Mac: { type: 'blob', required: true, minLength: 1, maxLength: 6144 },
  GrantTokens: grantTokens,
  DryRun: dryRun,
} as const

export const verifyMac = operation(input, (request, context) => {
  requireValidGrantTokens(context, request.GrantTokens)
  const algorithm = request.MacAlgorithm
  const key = keyFor(context, 'VerifyMac', request.KeyId, 'GENERATE_VERIFY_MAC', algorithm)
  const mac = macOf(secretMaterial(key).secret, algorithm, request.Message)
  const fits = mac.length === request.Mac.length && timingSafeEqual(mac, request.Mac)
  if (!fits) throw new KmsError('KMSInvalidMacException')
  requireNotDryRun(request.DryRun)
  return { KeyId: key.arn, MacValid: true, MacAlgorithm: algorithm }
})
