// GenerateDataKey: a new data key in clear, and the same sealed under the KMS key.

import { dataKeyInput, newDataKey } from '../data-key.ts'
import { operation } from '../operation.ts'

const input = { ...dataKeyInput, Recipient: { type: 'unsupported' } } as const

export const generateDataKey = operation(input, (request, context) => {
  const { plaintext, ...sealed } = newDataKey(context, 'GenerateDataKey', request)
  return { ...sealed, Plaintext: plaintext }
})
