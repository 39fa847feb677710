// GenerateDataKeyPairWithoutPlaintext: a new key pair, of its private key only the sealed form.

import { dataKeyPairInput, newDataKeyPair } from '../data-key-pair.ts'
import { operation } from '../operation.ts'

export const generateDataKeyPairWithoutPlaintext = operation(dataKeyPairInput, async (request, context) => {
  const { plaintext: _, ...sealed } = await newDataKeyPair(context, 'GenerateDataKeyPairWithoutPlaintext', request)
  return sealed
})
