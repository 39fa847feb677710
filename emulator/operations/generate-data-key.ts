// GenerateDataKey: a new data key in clear, and the same sealed under the KMS key.

import { dataKeyInput, newDataKey } from '../data-key.ts'
import { recipient } from '../members.ts'
import { operation } from '../operation.ts'

const input = { ...dataKeyInput, Recipient: recipient } as const

export const generateDataKey = operation(input, (request, context) => {
  const { plaintext, ...sealed } = newDataKey(context, 'GenerateDataKey', request)
  return { ...sealed, Plaintext: plaintext }
})
