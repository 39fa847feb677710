// RevokeGrant: whoever administers the key takes a grant back.

import { operation } from '../calls/operation.ts'
import { requireNotDryRun } from '../crypto/cryptography.ts'
import { grantNamed } from '../grants/grant-rules.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { dryRun, grantId, keyId } from '../wire/members.ts'

const input = { KeyId: keyId, GrantId: { ...grantId, required: true }, DryRun: dryRun } as const

export const revokeGrant = operation(input, (request, context) => {
  const key = admit(context, 'RevokeGrant', keyNamed(context, request.KeyId))
  const grant = grantNamed(context, key, request.GrantId)
  requireNotDryRun(request.DryRun)
  context.store.removeGrant(grant)
  return undefined
})
