// One call of KMS: from headers and body to an answer, through the faults that the control doors have set.

import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { withAuthorization } from '../authorization/authorization.ts'
import type { Callers } from '../doors/callers.ts'
import type { Controls } from '../doors/controls.ts'
import { noteUse } from '../keys/key-usage.ts'
import { partitionOf } from '../keys/partitions.ts'
import { requireWithinQuotas } from '../quotas/quotas.ts'
import type { Store } from '../state/store.ts'
import { type Answer, AWS_JSON, errorAnswer, okAnswer, type Reply } from '../wire/answer.ts'
import { type Scope, scopeOf } from '../wire/credentials.ts'
import { accessDenied, KmsError, serializationError, throttled } from '../wire/errors.ts'
import { isJsonObject, type JsonObject } from '../wire/validation.ts'
import type { Context } from './operation.ts'
import { OPERATIONS } from './operations.ts'

export type Emulator = {
  store: Store
  controls: Controls
  callers: Callers
  account: string
  clock: () => number
  /** Aborted when the emulator ends. */
  ending: AbortSignal
}

type CallHeaders = { authorization: string | undefined; target: string; contentType: string | undefined }

const TARGET_PREFIX = 'TrentService.'

export async function answerKmsCall(emulator: Emulator, headers: CallHeaders, body: Buffer): Promise<Reply> {
  let scope: Scope
  try {
    scope = scopeOf(headers.authorization)
    if (scope.service !== 'kms') {
      throw new KmsError('InvalidSignatureException', "Credential should be scoped to correct service: 'kms'.")
    }
  } catch (error) {
    return errorAnswer(asKmsError(error))
  }
  const operation = headers.target.startsWith(TARGET_PREFIX) ? headers.target.slice(TARGET_PREFIX.length) : ''
  return answerInRegion(emulator, scope, operation, isAwsJson(headers.contentType) ? body : undefined)
}

const isAwsJson = (contentType = '') => contentType.split(';', 1)[0]?.trim().toLowerCase() === AWS_JSON

/** `bytes` is undefined when the content is of another type. */
async function answerInRegion(
  emulator: Emulator,
  scope: Scope,
  operation: string,
  bytes: Buffer | undefined,
): Promise<Reply> {
  const { controls, clock } = emulator
  const { region } = scope
  let key: string | null = null
  const record = (outcome: string) => {
    const known = OPERATIONS.has(operation) ? operation : 'unknown'
    controls.recordCall({ at: new Date(clock()).toISOString(), region, operation: known, key, outcome })
  }

  const { fault, latencyMs, jitterMs } = controls.region(region, clock())
  if (fault === 'unreachable' || fault === 'hang') {
    record(fault)
    return fault === 'hang' ? 'hang' : 'close'
  }
  const waitMs = latencyMs + Math.random() * jitterMs
  if (waitMs > 0 && !(await waited(waitMs, emulator.ending))) return 'close'

  let answer: Answer
  let outcome = 'ok'
  try {
    if (bytes === undefined) throw notAwsJson()
    const body = parseBody(bytes)
    key = keyIn(body)
    if (fault === 'denied') throw deniedByFault(emulator, scope, operation)
    if (fault === 'throttled') throw throttled()
    const failure = controls.takeFailure(operation, region)
    if (failure !== undefined) throw injected(failure)
    answer = await run(emulator, scope, operation, body)
  } catch (error) {
    const failure = asKmsError(error)
    outcome = failure.name
    answer = errorAnswer(failure)
  }
  const dropped = outcome === 'ok' && controls.takeDroppedAnswer(operation, region)
  record(dropped ? `${outcome}, answer dropped` : outcome)
  return dropped ? 'close' : answer
}

/** Answers whether the time passed before the emulator ended. */
const waited = (ms: number, ending: AbortSignal) => delay(ms, true, { ref: false, signal: ending }).catch(() => false)

async function run(
  { store, controls, callers, account: defaultAccount, clock }: Emulator,
  scope: Scope,
  operationName: string,
  body: JsonObject,
): Promise<Answer> {
  const operation = OPERATIONS.get(operationName)
  if (!operation) throw new KmsError('UnknownOperationException')
  const now = clock()
  const caller = callers.of(scope, defaultAccount)
  store.passTime(now)
  const context: Context = {
    store,
    operation: operationName,
    requestId: randomUUID(),
    account: caller.account,
    partition: partitionOf(scope.region),
    region: scope.region,
    caller: caller.arn,
    now,
    transitionMs: controls.settings.transitionMs,
    usedKeys: new Set(),
  }
  if (controls.settings.quotas) requireWithinQuotas(controls.quotas, body, context)
  const isOff = controls.settings.authorization === 'off'
  const output = await operation(body, isOff ? context : withAuthorization(context, caller))
  noteUse(context)
  const answer = okAnswer(output, context.requestId) // before the wait, so that the answer is of the moment of the call
  await store.commit()
  return answer
}

/** Unconfirmed for KMS: other AWS JSON services answer 404, as if without an operation, to any other type of content. */
const notAwsJson = () => new KmsError('UnknownOperationException', `The Content-Type must be ${AWS_JSON}.`, 404)

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Unconfirmed: that an empty body counts as {}, and that a byte order mark is passed over. */
function parseBody(bytes: Buffer): JsonObject {
  if (bytes.length === 0) return {}
  let body: unknown
  try {
    body = JSON.parse(utf8.decode(bytes))
  } catch {
    throw serializationError('The body is not valid JSON')
  }
  if (!isJsonObject(body)) throw serializationError('The body is not a JSON object')
  return body
}

/** The key or alias a call is about, for the record of calls. */
function keyIn(body: JsonObject): string | null {
  for (const name of ['KeyId', 'TargetKeyId', 'DestinationKeyId', 'AliasName']) {
    const value = Object.hasOwn(body, name) ? body[name] : undefined
    if (typeof value === 'string') return value.slice(0, 256)
  }
  return null
}

function deniedByFault({ callers, account }: Emulator, scope: Scope, operation: string): KmsError {
  return accessDenied(
    `User: ${callers.of(scope, account).arn} is not authorized to perform: kms:${operation} with an explicit deny`,
  )
}

function injected(name: string): KmsError {
  return name === 'ThrottlingException' ? throttled() : new KmsError(name, 'Set by a control door of the emulator.')
}

/** What nobody expected is logged with its cause, and answered as KMS's own internal error. */
function asKmsError(error: unknown): KmsError {
  if (error instanceof KmsError) return error
  console.error(error)
  return new KmsError('KMSInternalException', 'An internal error occurred.')
}
