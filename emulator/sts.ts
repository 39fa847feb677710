// GetCallerIdentity of STS, which clients ask to learn the account. Query protocol: a form comes in, XML goes out.

import { createHash, randomUUID } from 'node:crypto'
import type { Answer } from './answer.ts'
import type { Caller } from './callers.ts'
import { type Scope, scopeOf } from './credentials.ts'
import type { Emulator } from './dispatch.ts'
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

/**
 * The unique id of a caller: the account for its root user, AIDA… for a user, AROA… and the session name for a role.
 * Source: IAM User Guide, "IAM identifiers".
 */
function userIdOf({ arn, account }: Caller): string {
  const [kind, ...path] = arn.slice(arn.lastIndexOf(':') + 1).split('/')
  const name = path.at(-1) ?? ''
  switch (kind) {
    case 'user':
      return uniqueId('AIDA', `${account} ${name}`)
    case 'role':
      return uniqueId('AROA', `${account} ${name}`)
    case 'assumed-role':
      return `${uniqueId('AROA', `${account} ${path[0]}`)}:${name}`
    case 'federated-user':
      return `${account}:${name}`
    default:
      return account
  }
}

const uniqueId = (prefix: string, text: string) =>
  prefix + createHash('sha256').update(text).digest('hex').slice(0, 17).toUpperCase()

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
