// The operations of custom key stores: known, and refused, since this emulator stands in for no HSM and no key manager.

import { unsupported } from '../errors.ts'
import { operation } from '../operation.ts'

export const customKeyStoreOperation = operation({}, (_request, context) => {
  throw unsupported(`The emulator does not support ${context.operation}: it has no custom key stores.`)
})
