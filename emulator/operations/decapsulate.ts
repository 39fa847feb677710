// Decapsulate: the shared secret of a ciphertext. One that was made for another key, or altered, gives 32 other bytes and
// no error (implicit rejection, FIPS 203); only a wrong length is refused.

import { decapsulate as decapsulateWith } from 'node:crypto'
import { operation } from '../calls/operation.ts'
import { keyFor, requireNotDryRun, requireValidGrantTokens } from '../crypto/cryptography.ts'
import { privateKeyOf } from '../keys/key-material.ts'
import { ENCAPSULATION_ALGORITHMS, type KeySpec, materialOf } from '../keys/key-specs.ts'
import { invalidCiphertext } from '../wire/errors.ts'
import { ciphertext, dryRun, grantTokens, keyId } from '../wire/members.ts'

const input = {
  KeyId: keyId,
  SharedSecretCiphertextBlob: { ...ciphertext, required: true },
  EncapsulationAlgorithm: { type: 'string', required: true, values: ENCAPSULATION_ALGORITHMS },
  GrantTokens: grantTokens,
  DryRun: dryRun,
} as const

export const decapsulate = operation(input, async (request, context) => {
  requireValidGrantTokens(context, request.GrantTokens)
  const algorithm = request.EncapsulationAlgorithm
  const sealed = request.SharedSecretCiphertextBlob
  const key = keyFor(context, 'Decapsulate', request.KeyId, 'ENCAPSULATE_DECAPSULATE', algorithm)
  if (sealed.length !== ciphertextBytes(key.family.keySpec)) throw invalidCiphertext()
  requireNotDryRun(request.DryRun)
  const SharedSecret = decapsulateWith(await privateKeyOf(context.store, key), sealed)
  return { KeyId: key.arn, SharedSecret, EncapsulationAlgorithm: algorithm }
})

function ciphertextBytes(keySpec: KeySpec): number | undefined {
  const material = materialOf(keySpec)
  return material.kind === 'ml-kem' ? material.ciphertextBytes : undefined
}
