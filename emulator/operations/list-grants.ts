// ListGrants: the grants of one key, all of them or those of one grantee.

import { operation } from '../calls/operation.ts'
import { grantEntry } from '../grants/grant-entry.ts'
import { requireGrantId } from '../grants/grant-rules.ts'
import type { Grant } from '../grants/grants.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { validationError } from '../wire/errors.ts'
import { grantId, keyId, limit, marker, principal, servicePrincipal } from '../wire/members.ts'
import { pageOf } from '../wire/pages.ts'
import type { RequestOf } from '../wire/validation.ts'

const input = {
  Limit: limit(100),
  Marker: marker,
  KeyId: keyId,
  GrantId: grantId,
  GranteePrincipal: principal,
  GranteeServicePrincipal: servicePrincipal,
} as const

export const listGrants = operation(input, (request, context) => {
  requireOneGrantee(request)
  if (request.GrantId !== undefined) requireGrantId(request.GrantId)
  const key = admit(context, 'ListGrants', keyNamed(context, request.KeyId))
  const grants = context.store.grantsOf(key).filter((grant) => isAskedFor(grant, request))
  const { items, ...page } = pageOf(`ListGrants ${key.arn}`, grants, ({ id }) => id, request, 50)
  return { Grants: items.map(grantEntry), ...page }
})

/** Unconfirmed: the text, a sentence of the API Reference. */
function requireOneGrantee({ GranteePrincipal, GranteeServicePrincipal }: RequestOf<typeof input>): void {
  if (GranteePrincipal !== undefined && GranteeServicePrincipal !== undefined) {
    throw validationError('You can specify either GranteePrincipal or GranteeServicePrincipal, but not both.')
  }
}

function isAskedFor(grant: Grant, request: RequestOf<typeof input>): boolean {
  const { GrantId = grant.id, GranteePrincipal = grant.granteePrincipal } = request
  const { GranteeServicePrincipal = grant.granteeServicePrincipal } = request
  return (
    GrantId === grant.id &&
    GranteePrincipal === grant.granteePrincipal &&
    GranteeServicePrincipal === grant.granteeServicePrincipal
  )
}
