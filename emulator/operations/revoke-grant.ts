// RevokeGrant: whoever administers the key takes a grant back.

import { requireNotDryRun } from '../cryptography.ts'
import { grantNamed } from '../grant-rules.ts'
import { admit, keyNamed } from '../key-lookup.ts'
import { dryRun, grantId, keyId } from '../members.ts'
import { operation } from '../operation.ts'

const input = { KeyId: keyId, GrantId: { ...grantId, required: true }, DryRun: dryRun } as const

export const revokeGrant = operation(input, (request, context) => {
  const key = admit(context, 'RevokeGrant', keyNamed(context, request.KeyId))
  const grant = grantNamed(context, key, request.GrantId)
  requireNotDryRun(request.DryRun)
  context.store.removeGrant(grant)
  return undefined
})
