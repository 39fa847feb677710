// RetireGrant: whoever needed a grant gives it up. Who may is for the grant to say, not for the policy of the key.

import { type Context, operation } from '../calls/operation.ts'
import { requireNotDryRun } from '../crypto/cryptography.ts'
import { grantNamed, grantOfToken } from '../grants/grant-rules.ts'
import type { Grant } from '../grants/grants.ts'
import { keyNamed } from '../keys/key-lookup.ts'
import { validationError } from '../wire/errors.ts'
import { dryRun, grantId, grantToken, optionalKeyId } from '../wire/members.ts'
import type { RequestOf } from '../wire/validation.ts'

const input = { GrantToken: grantToken, KeyId: optionalKeyId, GrantId: grantId, DryRun: dryRun } as const

export const retireGrant = operation(input, (request, context) => {
  const grant = grantMeant(context, request)
  requireNotDryRun(request.DryRun)
  context.store.removeGrant(grant)
  return undefined
})

/** By its token alone, or by its id and that of its key. A key in any state will do. */
function grantMeant(context: Context, { GrantToken, KeyId, GrantId }: RequestOf<typeof input>): Grant {
  if (GrantToken !== undefined && KeyId === undefined && GrantId === undefined) return grantOfToken(context, GrantToken)
  if (GrantToken !== undefined || KeyId === undefined || GrantId === undefined) throw notOneWay()
  return grantNamed(context, keyNamed(context, KeyId), GrantId)
}

/** Unconfirmed: the text, and that a token together with ids is refused. */
const notOneWay = () =>
  validationError('To identify the grant, use a grant token, or both the grant ID and a key identifier.')
