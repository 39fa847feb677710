import { describe, expect, it, vi } from 'vitest'
import { KmsError, type KmsErrorKind, toKmsError } from './errors'

/** An exception as the SDK throws it. */
const answered = (name: string, fields: { message?: string; status?: number; requestId?: string } = {}) =>
  Object.assign(new Error(fields.message ?? 'as KMS said it'), {
    name,
    $metadata: { httpStatusCode: fields.status ?? 400, requestId: fields.requestId },
  })

const broken = (name: string, fields: { code?: string; syscall?: string }) =>
  Object.assign(new Error('socket trouble'), { name, ...fields })

describe('toKmsError', () => {
  it.each<[string, KmsErrorKind]>([
    ['AccessDeniedException', 'denied'],
    ['ExpiredTokenException', 'denied'],
    ['CredentialsProviderError', 'denied'],
    ['UnrecognizedClientException', 'disabled-region'],
    ['ThrottlingException', 'throttled'],
    ['NotFoundException', 'not-found'],
    ['DisabledException', 'invalid-state'],
    ['KMSInvalidStateException', 'invalid-state'],
    ['ConflictException', 'invalid-state'],
    ['AlreadyExistsException', 'already-exists'],
    ['LimitExceededException', 'limit'],
    ['UnsupportedOperationException', 'unsupported'],
    ['UnknownOperationException', 'unsupported'],
    ['ValidationException', 'invalid'],
    ['MalformedPolicyDocumentException', 'invalid'],
    ['InvalidCiphertextException', 'invalid'],
    ['KMSInternalException', 'internal'],
    ['DependencyTimeoutException', 'internal'],
    ['SomethingNewException', 'internal'],
  ])('takes %s for %s, whatever its status', (name, kind) => {
    for (const status of [400, 403, 500]) {
      const error = toKmsError(answered(name, { status, requestId: 'r-1' }), 'eu-west-1')
      expect(error).toMatchObject({
        awsName: name,
        kind,
        region: 'eu-west-1',
        requestId: 'r-1',
        message: 'as KMS said it',
      })
      expect(error.whatToDo).toMatch(/\.$/)
    }
  })

  it('says who answered when KMS sent no message', () => {
    const error = toKmsError(answered('InvalidCiphertextException', { message: 'UnknownError' }), 'eu-west-1')
    expect(error.message).toBe('KMS in eu-west-1 answered InvalidCiphertextException')
  })

  it.each([
    ['a closed connection', broken('TimeoutError', { code: 'ECONNRESET' }), 'ECONNRESET', true],
    ['an answer that never comes', broken('TimeoutError', { code: 'ETIMEDOUT' }), 'TimeoutError', true],
    ['a connection that is not taken', broken('TimeoutError', {}), 'TimeoutError', false],
    [
      'a connection that times out in Node',
      broken('TimeoutError', { code: 'ETIMEDOUT', syscall: 'connect' }),
      'TimeoutError',
      false,
    ],
    [
      'a refused connection',
      broken('TimeoutError', { code: 'ECONNREFUSED', syscall: 'connect' }),
      'ECONNREFUSED',
      false,
    ],
    ['a host without address', broken('Error', { code: 'ENOTFOUND', syscall: 'getaddrinfo' }), 'ENOTFOUND', false],
    ['an answer that stops half-way', answered('TimeoutError', { status: 200 }), 'TimeoutError', true],
  ])(
    'takes %s for unreachable and knows whether the request can have arrived',
    (_, thrown, awsName, mayHaveHappened) => {
      expect(toKmsError(thrown, 'eu-west-1')).toMatchObject({ kind: 'unreachable', awsName, mayHaveHappened })
    },
  )

  it.each([
    ['KMSInternalException', 500, true],
    ['DependencyTimeoutException', 500, true],
    ['SyntaxError', 503, true],
    ['SyntaxError', 404, false],
    ['AccessDeniedException', 400, false],
    ['ThrottlingException', 400, false],
    ['AlreadyExistsException', 400, false],
  ])('knows that after %s with status %i the change %s have happened', (name, status, mayHaveHappened) => {
    expect(toKmsError(answered(name, { status }), 'eu-west-1').mayHaveHappened).toBe(mayHaveHappened)
  })

  it('leaves its own errors, and keeps the cause of others', () => {
    const cause = answered('NotFoundException')
    const error = toKmsError(cause, 'eu-west-1')
    expect(error).toBeInstanceOf(KmsError)
    expect(error.cause).toBe(cause)
    expect(toKmsError(error, 'us-east-1')).toBe(error)
  })

  it('knows its own errors even from another copy of the module', async () => {
    vi.resetModules()
    const copy = await import('./errors')
    const error = copy.toKmsError(answered('DisabledException'), 'eu-west-1')
    expect(error).not.toBeInstanceOf(KmsError)
    expect(toKmsError(error, 'us-east-1')).toBe(error)
  })

  it('makes an error of anything that is thrown', () => {
    expect(toKmsError('out of order', 'eu-west-1')).toMatchObject({ kind: 'internal', message: 'out of order' })
  })
})
