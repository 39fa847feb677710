// The crypto check of a person: made and tried by KMS, refusals in words. Nothing of it is kept.

import { cryptoCheck } from '@/lib/kms/crypto-check'
import { toKmsError } from '@/lib/kms/errors'
import type { Answer } from '@/lib/plans/answer'
import type { CryptoCheckRequest, CryptoCheckResult } from '@/lib/topology/crypto-check'

export async function checkCrypto(request: CryptoCheckRequest): Promise<Answer<CryptoCheckResult>> {
  try {
    return { ok: true, value: await cryptoCheck(request) }
  } catch (thrown) {
    const { awsName, message, requestId, whatToDo } = toKmsError(thrown, request.fromRegion)
    return { ok: false, error: { code: 'kms', message, awsName, whatToDo, ...(requestId && { requestId }) } }
  }
}
