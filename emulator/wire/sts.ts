// GetCallerIdentity of STS, which clients ask to learn the account. Query protocol: a form comes in, XML goes out.

import { randomUUID } from 'node:crypto'
import type { Emulator } from '../calls/dispatch.ts'
import { userIdOf } from '../doors/callers.ts'
import type { Answer } from './answer.ts'
import { type Scope, scopeOf } from './credentials.ts'
import { KmsError } from './errors.ts'

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/'

export function answerStsCall(emulator: Emulator, authorization: string, body: string): Answer {
  if (new URLSearchParams(body).get('Action') !== 'GetCallerIdentity') {
    return refusal('InvalidAction', 'The emulator answers GetCallerIdentity only.')
  }
  let scope: Scope
  try {
    scope = scopeOf(authorization)
  } catch (error) {
    if (error instanceof KmsError) return refusal(error.name, error.message)
    throw error
  }
  const caller = emulator.callers.of(scope, emulator.account)
  return xml(200, (requestId) => {
    const identity = `<Arn>${escaped(caller.arn)}</Arn><UserId>${escaped(userIdOf(caller))}</UserId><Account>${caller.account}</Account>`
    return `<GetCallerIdentityResponse xmlns="${NAMESPACE}"><GetCallerIdentityResult>${identity}</GetCallerIdentityResult><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`
  })
}

function refusal(code: string, message: string): Answer {
  return xml(400, (requestId) => {
    const error = `<Type>Sender</Type><Code>${code}</Code><Message>${escaped(message)}</Message>`
    return `<ErrorResponse xmlns="${NAMESPACE}"><Error>${error}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`
  })
}

function xml(status: number, textWith: (requestId: string) => string): Answer {
  const requestId = randomUUID()
  return { status, contentType: 'text/xml', requestId, body: textWith(requestId) }
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
