// GenerateDataKeyWithoutPlaintext: a new data key, sealed only.

import { dataKeyInput, newDataKey } from '../data-key.ts'
import { operation } from '../operation.ts'

export const generateDataKeyWithoutPlaintext = operation(dataKeyInput, (request, context) => {
  const { plaintext: _, ...sealed } = newDataKey(context, 'GenerateDataKeyWithoutPlaintext', request)
  return sealed
})
