// Answers to what never becomes a call of KMS: no HTTP, too long, too slow, no operation. Names and status codes are
// those of the API Reference, "Common Errors".

import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type Answer, errorAnswer } from './answer.ts'
import { KmsError } from './errors.ts'

const STATUS = {
  MalformedHttpRequestException: 400,
  UnknownOperationException: 404,
  RequestTimeoutException: 408,
  RequestEntityTooLargeException: 413,
} as const

const LINGER_MS = 2000

/** Unconfirmed: that KMS answers each of these as AWS JSON. */
export function httpError(name: keyof typeof STATUS, message = ''): Answer {
  return errorAnswer(new KmsError(name, message, STATUS[name]))
}

/** The answer to what the HTTP parser gave up on, by the code of its error. */
export function answerToParserError({ code = '' }: NodeJS.ErrnoException): Answer {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return httpError('RequestTimeoutException', 'The request was not received in time.')
  if (code === 'HPE_HEADER_OVERFLOW') return httpError('MalformedHttpRequestException', 'The headers are too long.')
  return httpError('MalformedHttpRequestException', 'The request is not well-formed HTTP.')
}

/** Writes an answer where there is no response to write to, and ends the connection even if the other side does not. */
export function writeAndEnd(socket: Duplex, { status, contentType, requestId, body }: Answer): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${contentType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `x-amzn-RequestId: ${requestId}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}
