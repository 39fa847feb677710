// PutKeyPolicy: replaces the key policy of one key; its related keys keep theirs.

import { requireAcceptablePolicy, requireDefaultPolicyName } from '../authorization/key-policy.ts'
import { operation } from '../calls/operation.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { keyId, policy, policyName } from '../wire/members.ts'

const input = {
  KeyId: keyId,
  PolicyName: policyName,
  Policy: { ...policy, required: true },
  BypassPolicyLockoutSafetyCheck: { type: 'boolean' },
} as const

export const putKeyPolicy = operation(input, (request, context) => {
  const key = admit(context, 'PutKeyPolicy', keyNamed(context, request.KeyId))
  requireDefaultPolicyName(request.PolicyName)
  requireAcceptablePolicy(request.Policy, request, context)
  key.policy = request.Policy
  context.store.save(key.family)
  return undefined
})
