// GenerateMac: the same MAC from every related key.

import { operation } from '../calls/operation.ts'
import { keyFor, requireNotDryRun, requireValidGrantTokens } from '../crypto/cryptography.ts'
import { macOf } from '../crypto/mac.ts'
import { secretMaterial } from '../keys/key-material.ts'
import { MAC_ALGORITHMS } from '../keys/key-specs.ts'
import { dryRun, grantTokens, keyId, message } from '../wire/members.ts'

const input = {
  Message: message,
  KeyId: keyId,
  MacAlgorithm: { type: 'string', required: true, values: MAC_ALGORITHMS },
  GrantTokens: grantTokens,
  DryRun: dryRun,
} as const

export const generateMac = operation(input, (request, context) => {
  requireValidGrantTokens(context, request.GrantTokens)
  const algorithm = request.MacAlgorithm
  const key = keyFor(context, 'GenerateMac', request.KeyId, 'GENERATE_VERIFY_MAC', algorithm)
  requireNotDryRun(request.DryRun)
  const mac = macOf(secretMaterial(key).secret, algorithm, request.Message)
  return { Mac: mac, MacAlgorithm: algorithm, KeyId: key.arn }
})
