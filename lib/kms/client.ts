// KMS clients: two per Region, on the SDK's own chain of credentials and endpoints. Timeouts and retries stand here.

import { KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms'
import { once } from '@/lib/store/singletons'

/** Every read asks once more after a passing failure; a dead Region is not asked twice (see `mayRetry`). */
const READ_ATTEMPTS = 3
const CONNECT_TIMEOUT_MS = 2_000
/** How long a read may stay without an answer. */
export const READ_TIMEOUT_MS = 5_000
const CHANGE_TIMEOUT_MS = 15_000
/** More than `pacing.ts` lets through, so that no request waits for a socket while its timeout runs. */
const MAX_SOCKETS = 64

export type Access = 'read' | 'change'

/**
 * Timeouts are explicit because a dead Region hangs instead of refusing; without `throwOnRequestTimeout` the SDK
 * would only warn, and without `socketTimeout` an answer that stops half-way would wait for ever. Changes open a
 * connection each: a kept one that the other side has just closed could not be told from a lost answer.
 */
const handlerFor = (access: Access) => {
  const timeout = access === 'read' ? READ_TIMEOUT_MS : CHANGE_TIMEOUT_MS
  const agent = { keepAlive: access === 'read', maxSockets: MAX_SOCKETS }
  return {
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: timeout,
    socketTimeout: timeout,
    throwOnRequestTimeout: true,
    httpAgent: agent,
    httpsAgent: agent,
  } satisfies KMSClientConfig['requestHandler']
}

/**
 * The SDK takes LimitExceededException for throttling, which in KMS it is not; and a Region that let one request
 * time out is not asked again here, as the inventory asks again by itself.
 */
function mayRetry(error: unknown): boolean {
  const { name, code } = error as { name?: string; code?: string }
  if (name === 'LimitExceededException') return false
  return name !== 'TimeoutError' || code === 'ECONNRESET' || code === 'EPIPE'
}

function makeClient(region: string, access: Access): KMSClient {
  const client = new KMSClient({
    region,
    maxAttempts: access === 'read' ? READ_ATTEMPTS : 1,
    retryMode: 'standard',
    requestHandler: handlerFor(access),
  })
  const standard = client.config.retryStrategy
  client.config.retryStrategy = async () => {
    const strategy = await standard()
    if (!('refreshRetryTokenForRetry' in strategy)) return strategy
    return {
      acquireInitialRetryToken: (scope) => strategy.acquireInitialRetryToken(scope),
      refreshRetryTokenForRetry: async (token, info) => {
        if (!mayRetry(info.error)) throw new Error('Not to be retried')
        return strategy.refreshRetryTokenForRetry(token, info)
      },
      recordSuccess: (token) => strategy.recordSuccess(token),
    }
  }
  return client
}

const clients = () => once('kms clients', () => new Map<string, KMSClient>())

/** The client of a Region: reads retry passing failures, changes are sent once (only the executor repeats them). */
export function clientFor(region: string, access: Access): KMSClient {
  const key = `${access} ${region}`
  const client = clients().get(key) ?? makeClient(region, access)
  clients().set(key, client)
  return client
}
