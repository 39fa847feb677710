// GenerateDataKeyPair: a new key pair in clear, and its private key sealed under the KMS key.

import { operation } from '../calls/operation.ts'
import { dataKeyPairInput, newDataKeyPair } from '../crypto/data-key-pair.ts'
import { recipient } from '../wire/members.ts'

const input = { ...dataKeyPairInput, Recipient: recipient } as const

export const generateDataKeyPair = operation(input, async (request, context) => {
  const { plaintext, ...sealed } = await newDataKeyPair(context, 'GenerateDataKeyPair', request)
  return { ...sealed, PrivateKeyPlaintext: plaintext }
})
