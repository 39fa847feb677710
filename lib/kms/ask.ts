// Ask: how every read reaches KMS, paced, repeated where that may help, abortable and with its errors already turned
// into ours.

import { setTimeout as sleep } from 'node:timers/promises'
import type { KMSClient } from '@aws-sdk/client-kms'
import { clientFor } from './client'
import { type KmsError, toKmsError } from './errors'
import { paced } from './pacing'
import type { Purpose } from './tokens'

/** Where and for whom something is read. */
export interface Ask {
  region: string
  purpose: Purpose
  signal?: AbortSignal
}

const ATTEMPTS = 3
/** The longest first pause before a read is repeated, as the AWS SDK has it; the next one is twice as long. */
const PAUSE_MS = 100
const PAUSE_AFTER_THROTTLING_MS = 500

/** The SDK has found out by how much this machine's clock is wrong, and the next signature will be right. */
function clockWasCorrected({ cause }: KmsError): boolean {
  const metadata = (cause as { $metadata?: { clockSkewCorrected?: boolean } } | undefined)?.$metadata
  return metadata?.clockSkewCorrected === true
}

/**
 * A failure that is likely to pass within moments. A Region that let a request time out is not asked again here: the
 * inventory asks again by itself. LimitExceededException, which the SDK takes for throttling, does not pass.
 */
function mayPass(error: KmsError): boolean {
  if (error.kind === 'unreachable') return ['ECONNRESET', 'EPIPE', 'ServiceUnavailable'].includes(error.awsName)
  // Of the unexpected, an answer with a status of 5xx, or none that makes sense: others would come again.
  if (error.kind === 'internal') return error.mayHaveHappened
  return error.kind === 'throttled' || clockWasCorrected(error)
}

/** Sends one reading (or cryptographic) request; `send` gets the Region's client and the options to pass on. */
export async function ask<T>(
  { region, purpose, signal }: Ask,
  operation: string,
  send: (client: KMSClient, options: { abortSignal?: AbortSignal }) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await paced(
        { region, operation, purpose },
        () => send(clientFor(region, 'read'), { abortSignal: signal }),
        signal,
      )
    } catch (thrown) {
      const error = toKmsError(thrown, region)
      if (attempt === ATTEMPTS || signal?.aborted || !mayPass(error)) throw error
      const longest = error.kind === 'throttled' ? PAUSE_AFTER_THROTTLING_MS : PAUSE_MS
      await sleep(Math.random() * longest * 2 ** (attempt - 1), undefined, { signal }).catch((aborted: unknown) => {
        throw toKmsError(aborted, region)
      })
    }
  }
}
