// GenerateMac: the same MAC from every related key.

import { macOf } from '../crypto/mac.ts'
import { keyFor, requireNotDryRun, requireValidGrantTokens } from '../cryptography.ts'
import { secretMaterial } from '../key-material.ts'
import { MAC_ALGORITHMS } from '../key-specs.ts'
import { dryRun, grantTokens, keyId, message } from '../members.ts'
import { operation } from '../operation.ts'

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
