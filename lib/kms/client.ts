// KMS clients: two per Region, on the SDK's own chain of credentials and endpoints. Timeouts stand here, retries in `ask.ts`.

import { KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms'
import { once } from '@/lib/store/singletons'
import { MOST_IN_FLIGHT } from './pacing'

const CONNECT_TIMEOUT_MS = 2_000
/** How long a read may stay without an answer. */
export const READ_TIMEOUT_MS = 5_000
const CHANGE_TIMEOUT_MS = 15_000
/** As many as `pacing.ts` lets through, so that no request waits for a socket while its timeout runs. */
const MAX_SOCKETS = 2 * MOST_IN_FLIGHT

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

/** The SDK repeats nothing: a repeated read is a call as well, and goes through the pacer like every other. */
const makeClient = (region: string, access: Access) =>
  new KMSClient({ region, maxAttempts: 1, requestHandler: handlerFor(access) })

const clients = () => once('kms clients', () => new Map<string, KMSClient>())

/** The client of a Region; it sends once. `ask.ts` repeats reads, and only the executor repeats changes. */
export function clientFor(region: string, access: Access): KMSClient {
  const key = `${access} ${region}`
  const client = clients().get(key) ?? makeClient(region, access)
  clients().set(key, client)
  return client
}
