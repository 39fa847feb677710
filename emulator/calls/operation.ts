// What an operation is: the table of its request, and what it does.

import type { Key } from '../keys/family.ts'
import type { Store } from '../state/store.ts'
import { type JsonObject, type Members, parseRequest, type RequestOf } from '../wire/validation.ts'

export type Context = {
  store: Store
  operation: string
  /** What the answer will carry as x-amzn-RequestId. */
  requestId: string
  account: string
  partition: string
  region: string
  /** The ARN of who is asking. */
  caller: string
  /** Throws unless policies and grants allow the checked request; absent while authorization is off. */
  authorize?: (request: JsonObject) => void
  /** Whether the caller could change this new key policy of the request again; absent while authorization is off. */
  mayPutKeyPolicy?: (policy: string, request: JsonObject) => boolean
  now: number
  /** How long `Creating`, `Updating` and an on-demand rotation last. */
  transitionMs: number
  /** The keys whose material the call works with: once it has succeeded, that was their last use. */
  usedKeys: Set<Key>
}

/** Members that are undefined are left out; Date and Buffer are put in the form of the wire by the server. */
export type Output = JsonObject | undefined

export type Operation = ((body: JsonObject, context: Context) => Promise<Output>) & {
  /** The table of its request. */
  readonly input: Members
}

export function operation<T extends Members>(
  input: T,
  run: (request: RequestOf<T>, context: Context) => Output | Promise<Output>,
): Operation {
  const perform = async (body: JsonObject, context: Context) => {
    const request = parseRequest(input, body)
    context.authorize?.(request)
    return run(request, context)
  }
  return Object.assign(perform, { input })
}
