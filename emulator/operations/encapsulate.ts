// Encapsulate: a new shared secret and, under the public key, its ciphertext for whoever may call Decapsulate.

import { encapsulate as encapsulateUnder } from 'node:crypto'
import { operation } from '../calls/operation.ts'
import { keyFor, requireNotDryRun, requireValidGrantTokens } from '../crypto/cryptography.ts'
import { publicKeyOf } from '../keys/key-material.ts'
import { ENCAPSULATION_ALGORITHMS } from '../keys/key-specs.ts'
import { dryRun, grantTokens, keyId } from '../wire/members.ts'

const input = {
  KeyId: keyId,
  EncapsulationAlgorithm: { type: 'string', required: true, values: ENCAPSULATION_ALGORITHMS },
  GrantTokens: grantTokens,
  DryRun: dryRun,
} as const

export const encapsulate = operation(input, async (request, context) => {
  requireValidGrantTokens(context, request.GrantTokens)
  const algorithm = request.EncapsulationAlgorithm
  const key = keyFor(context, 'Encapsulate', request.KeyId, 'ENCAPSULATE_DECAPSULATE', algorithm)
  requireNotDryRun(request.DryRun)
  const { sharedKey, ciphertext } = encapsulateUnder(await publicKeyOf(context.store, key))
  return {
    KeyId: key.arn,
    SharedSecret: sharedKey,
    SharedSecretCiphertextBlob: ciphertext,
    EncapsulationAlgorithm: algorithm,
  }
})
