// What goes back over the wire: an answer, or one of the two ways not to give one.

import { randomUUID } from 'node:crypto'
import type { Output } from '../calls/operation.ts'
import type { KmsError } from './errors.ts'

export type Answer = {
  status: number
  contentType: string
  requestId: string
  body: string
  headers?: Record<string, string>
}
export type Reply = Answer | 'close' | 'hang'

export const AWS_JSON = 'application/x-amz-json-1.1'

/** An operation without output answers with an empty body, as KMS does. */
export function okAnswer(output: Output, requestId: string): Answer {
  const body = output === undefined ? '' : JSON.stringify(wireForm(output))
  return { status: 200, contentType: AWS_JSON, requestId, body }
}

/** Unconfirmed: whether KMS names the exception in the header x-amzn-ErrorType too; here it does not. */
export function errorAnswer({ name, message, status }: KmsError): Answer {
  const body = JSON.stringify({ __type: name, message: message === '' ? undefined : message })
  return { status, contentType: AWS_JSON, requestId: randomUUID(), body }
}

/** Blobs in base64, dates in epoch seconds. */
function wireForm(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('base64')
  if (value instanceof Date) return value.getTime() / 1000
  if (Array.isArray(value)) return value.map(wireForm)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, wireForm(member)]))
}
