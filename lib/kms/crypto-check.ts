// The crypto check: encrypts (signs, authenticates) a text in one Region and tries it in another, through aliases.

import type { CryptoCheckRequest, CryptoCheckResult } from '@/lib/topology/crypto-check'
import { parseKeyArn } from '@/lib/topology/family'
import { makeBlob, tryBlob } from './cryptography'
import { toKmsError } from './errors'

function noteFor({ keyUsage, fromRegion, toRegion }: CryptoCheckRequest, madeBy: string, triedBy: string): string {
  const [from, to] = [parseKeyArn(madeBy), parseKeyArn(triedBy)]
  const deeds: Record<string, string> = {
    ENCRYPT_DECRYPT: `${toRegion} decrypted what ${fromRegion} encrypted`,
    SIGN_VERIFY: `${toRegion} verified what ${fromRegion} signed`,
    GENERATE_VERIFY_MAC: `${toRegion} verified the MAC that ${fromRegion} made`,
  }
  const deed = deeds[keyUsage] ?? `${toRegion} used what ${fromRegion} made`
  return from && to && from.keyId === to.keyId && from.region !== to.region
    ? `${deed}: two keys with two ARNs hold the same key material.`
    : `${deed}.`
}

/**
 * Makes in `fromRegion` and tries in `toRegion`, each through its own alias, id or ARN. A refusal in the first
 * Region is thrown as a `KmsError`; one in the second is the result, beside what was made.
 */
export async function cryptoCheck(request: CryptoCheckRequest): Promise<CryptoCheckResult> {
  const { fromRegion, toRegion, keySpec, keyUsage } = request
  const text = new TextEncoder().encode(request.text)
  const kind = { keySpec, keyUsage }
  const made = await makeBlob({ region: fromRegion, purpose: 'run' }, { ...kind, target: request.fromTarget }, text)
  const result = {
    algorithm: made.algorithm,
    made: {
      region: fromRegion,
      keyArn: made.keyArn,
      blobBase64: Buffer.from(made.blob).toString('base64'),
      requestId: made.requestId,
      latencyMs: made.latencyMs,
    },
  }
  const start = performance.now()
  try {
    const { plaintext, ...tried } = await tryBlob(
      { region: toRegion, purpose: 'run' },
      { ...kind, target: request.target, algorithm: made.algorithm },
      made.blob,
      text,
    )
    const decrypted = plaintext && new TextDecoder().decode(plaintext)
    const ok = decrypted === undefined || decrypted === request.text
    return {
      ...result,
      tried: { region: toRegion, ...tried, ok, ...(decrypted !== undefined && { text: decrypted }) },
      note: ok ? noteFor(request, made.keyArn, tried.keyArn) : `${toRegion} decrypted to another text.`,
    }
  } catch (thrown) {
    const error = toKmsError(thrown, toRegion)
    return {
      ...result,
      tried: {
        region: toRegion,
        keyArn: null,
        ok: false,
        requestId: error.requestId ?? null,
        latencyMs: Math.round(performance.now() - start),
        error: { awsName: error.awsName, message: error.message, whatToDo: error.whatToDo },
      },
      note: `${toRegion} could not use what ${fromRegion} made.`,
    }
  }
}
