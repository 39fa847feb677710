// GenerateRandom: random bytes, with no key behind them.

import { randomBytes } from 'node:crypto'
import { operation } from '../calls/operation.ts'
import { validationError } from '../wire/errors.ts'
import { ofCustomKeyStore, recipient } from '../wire/members.ts'

const input = {
  NumberOfBytes: { type: 'integer', min: 1, max: 1024 },
  CustomKeyStoreId: ofCustomKeyStore,
  Recipient: recipient,
} as const

export const generateRandom = operation(input, ({ NumberOfBytes }) => {
  if (NumberOfBytes === undefined) throw validationError('NumberOfBytes is required.')
  return { Plaintext: randomBytes(NumberOfBytes) }
})
