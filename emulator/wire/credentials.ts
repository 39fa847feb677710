// Who is asking and in which Region, from the credential scope of the request's signature. The signature itself is not
// checked: nobody needs that locally.

import { looksLikeRegion } from '../keys/partitions.ts'
import { KmsError } from './errors.ts'

export type Scope = { accessKeyId: string; region: string; service: string }

const CREDENTIAL = /Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/

export function scopeOf(authorization: string | undefined): Scope {
  if (!authorization) throw new KmsError('MissingAuthenticationTokenException', 'Missing Authentication Token')
  const [, accessKeyId, , region, service] = CREDENTIAL.exec(authorization) ?? []
  if (!accessKeyId || !region || !service || !looksLikeRegion(region)) {
    throw new KmsError(
      'IncompleteSignatureException',
      'Authorization header requires a Credential of the form <access key>/<date>/<region>/<service>/aws4_request.',
    )
  }
  return { accessKeyId, region, service }
}

/** An access key id of twelve digits is itself the account. */
export function accountOf({ accessKeyId }: Scope, defaultAccount: string): string {
  return /^\d{12}$/.test(accessKeyId) ? accessKeyId : defaultAccount
}

export const rootUserOf = (partition: string, account: string) => `arn:${partition}:iam::${account}:root`
