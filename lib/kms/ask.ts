// Ask: how every read reaches KMS, paced, abortable and with its errors already turned into ours.

import type { KMSClient } from '@aws-sdk/client-kms'
import { clientFor } from './client'
import { toKmsError } from './errors'
import { type Purpose, paced } from './pacing'

/** Where and for whom something is read. */
export interface Ask {
  region: string
  purpose: Purpose
  signal?: AbortSignal
}

/** Sends one reading (or cryptographic) request; `send` gets the Region's client and the options to pass on. */
export async function ask<T>(
  { region, purpose, signal }: Ask,
  operation: string,
  send: (client: KMSClient, options: { abortSignal?: AbortSignal }) => Promise<T>,
): Promise<T> {
  try {
    return await paced(region, operation, purpose, () => {
      signal?.throwIfAborted()
      return send(clientFor(region, 'read'), { abortSignal: signal })
    })
  } catch (error) {
    throw toKmsError(error, region)
  }
}
