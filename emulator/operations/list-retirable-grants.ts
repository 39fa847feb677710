// ListRetirableGrants: the grants in this Region that name a principal of this account as the one who retires them,
// on keys of other accounts too.

import { type Context, operation } from '../calls/operation.ts'
import { grantEntry } from '../grants/grant-entry.ts'
import { requirePrincipal } from '../grants/grant-rules.ts'
import { accessDenied, validationError } from '../wire/errors.ts'
import { limit, marker, principal, servicePrincipal } from '../wire/members.ts'
import { pageOf } from '../wire/pages.ts'

const input = {
  Limit: limit(100),
  Marker: marker,
  RetiringPrincipal: principal,
  RetiringServicePrincipal: servicePrincipal,
} as const

export const listRetirableGrants = operation(input, (request, context) => {
  const { RetiringPrincipal, RetiringServicePrincipal } = request
  const retirer = RetiringPrincipal ?? RetiringServicePrincipal
  if (retirer === undefined || (RetiringPrincipal !== undefined && RetiringServicePrincipal !== undefined)) {
    throw notOneRetirer()
  }
  if (RetiringPrincipal !== undefined) requireOwnPrincipal(context, RetiringPrincipal)
  const grants = context.store.retirableGrants(context.region, retirer)
  const { items, ...page } = pageOf(`ListRetirableGrants ${retirer}`, grants, ({ id }) => id, request, 50)
  return { Grants: items.map(grantEntry), ...page }
})

/** Unconfirmed: the text, a sentence of the API Reference. */
const notOneRetirer = () =>
  validationError('You must specify either RetiringPrincipal or RetiringServicePrincipal, but not both.')

/** Unconfirmed: the exception for a principal of another account, which the API Reference only rules out. */
function requireOwnPrincipal({ account, partition, caller }: Context, retirer: string): void {
  requirePrincipal(retirer, partition)
  if (retirer.split(':')[4] !== account) {
    throw accessDenied(`User: ${caller} is not authorized to perform: kms:ListRetirableGrants on resource: ${retirer}`)
  }
}
