// The crypto check as the browser asks for it.

import { useMutation } from '@tanstack/react-query'
import { checkCryptoAction } from '@/lib/actions/check-crypto'
import type { CryptoCheckRequest } from '@/lib/topology/crypto-check'

export function useCryptoCheck() {
  return useMutation({ mutationFn: (request: CryptoCheckRequest) => checkCryptoAction(request) })
}
