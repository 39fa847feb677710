// GenerateDataKeyWithoutPlaintext: a new data key, sealed only.

import { operation } from '../calls/operation.ts'
import { dataKeyInput, newDataKey } from '../crypto/data-key.ts'

export const generateDataKeyWithoutPlaintext = operation(dataKeyInput, (request, context) => {
  const { plaintext: _, ...sealed } = newDataKey(context, 'GenerateDataKeyWithoutPlaintext', request)
  return sealed
})
