// The crypto check of a person: made and tried by KMS, refusals in words. Nothing of it is kept.

import { cryptoCheck } from '@/lib/kms/crypto-check'
import { toKmsError } from '@/lib/kms/errors'
import type { Answer } from '@/lib/plans/answer'
import type { CryptoCheckRequest, CryptoCheckResult } from '@/lib/topology/crypto-check'

export async function checkCrypto(request: CryptoCheckRequest): Promise<Answer<CryptoCheckResult>> {
  try {
    return { ok: true, value: await cryptoCheck(request) }
  } catch (thrown) {
    const { awsName, kind, message, requestId, whatToDo } = toKmsError(thrown, request.fromRegion)
    const code = kind === 'unreachable' ? 'unavailable' : 'kms'
    return { ok: false, error: { code, message, awsName, whatToDo, ...(requestId && { requestId }) } }
  }
}
