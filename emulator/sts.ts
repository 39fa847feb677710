// GetCallerIdentity of STS, which clients ask to learn the account. Query protocol: a form comes in, XML goes out.

import { randomUUID } from 'node:crypto'
import type { Answer } from './answer.ts'
import { accountOf, callerOf, type Scope } from './credentials.ts'
import { partitionOf } from './partitions.ts'

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/'

export function answerStsCall(scope: Scope, defaultAccount: string, body: string): Answer {
  const requestId = randomUUID()
  const xml = (status: number, text: string): Answer => ({ status, contentType: 'text/xml', requestId, body: text })

  if (new URLSearchParams(body).get('Action') !== 'GetCallerIdentity') {
    return xml(
      400,
      `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>The emulator answers GetCallerIdentity only.</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    )
  }
  const account = accountOf(scope, defaultAccount)
  const arn = callerOf(partitionOf(scope.region), account)
  return xml(
    200,
    `<GetCallerIdentityResponse xmlns="${NAMESPACE}"><GetCallerIdentityResult><Arn>${arn}</Arn><UserId>${account}</UserId><Account>${account}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
  )
}
