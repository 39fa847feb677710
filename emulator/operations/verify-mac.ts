// VerifyMac: answers only when the MAC fits; anything else is an exception.

import { timingSafeEqual } from 'node:crypto'
import { macOf } from '../crypto/mac.ts'
import { keyFor, requireNotDryRun, requireValidGrantTokens } from '../cryptography.ts'
import { KmsError } from '../errors.ts'
import { secretMaterial } from '../key-material.ts'
import { MAC_ALGORITHMS } from '../key-specs.ts'
import { dryRun, grantTokens, keyId, message } from '../members.ts'
import { operation } from '../operation.ts'

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
