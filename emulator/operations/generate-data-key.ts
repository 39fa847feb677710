// GenerateDataKey: a new data key in clear, and the same sealed under the KMS key.

import { operation } from '../calls/operation.ts'
import { dataKeyInput, newDataKey } from '../crypto/data-key.ts'
import { recipient } from '../wire/members.ts'

const input = { ...dataKeyInput, Recipient: recipient } as const

export const generateDataKey = operation(input, (request, context) => {
  const { plaintext, ...sealed } = newDataKey(context, 'GenerateDataKey', request)
  return { ...sealed, Plaintext: plaintext }
})
