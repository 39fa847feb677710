// GenerateDataKeyPairWithoutPlaintext: a new key pair, of its private key only the sealed form.

import { operation } from '../calls/operation.ts'
import { dataKeyPairInput, newDataKeyPair } from '../crypto/data-key-pair.ts'

export const generateDataKeyPairWithoutPlaintext = operation(dataKeyPairInput, async (request, context) => {
  const { plaintext: _, ...sealed } = await newDataKeyPair(context, 'GenerateDataKeyPairWithoutPlaintext', request)
  return sealed
})
