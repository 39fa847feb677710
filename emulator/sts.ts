// GetCallerIdentity of STS, which clients ask to learn the account. Query protocol: a form comes in, XML goes out.

import { createHash, randomUUID } from 'node:crypto'
import type { Answer } from './answer.ts'
import type { Caller } from './callers.ts'

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/'

export function answerStsCall(caller: Caller, body: string): Answer {
  const requestId = randomUUID()
  const xml = (status: number, text: string): Answer => ({ status, contentType: 'text/xml', requestId, body: text })

  if (new URLSearchParams(body).get('Action') !== 'GetCallerIdentity') {
    return xml(
      400,
      `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>The emulator answers GetCallerIdentity only.</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    )
  }
  return xml(
    200,
    `<GetCallerIdentityResponse xmlns="${NAMESPACE}"><GetCallerIdentityResult><Arn>${escaped(caller.arn)}</Arn><UserId>${escaped(userIdOf(caller))}</UserId><Account>${caller.account}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
  )
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
