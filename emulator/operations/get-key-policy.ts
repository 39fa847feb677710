// GetKeyPolicy: the key policy as it was last put.

import { requireDefaultPolicyName } from '../authorization/key-policy.ts'
import { operation } from '../calls/operation.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { keyId, policyName } from '../wire/members.ts'

export const getKeyPolicy = operation({ KeyId: keyId, PolicyName: policyName }, (request, context) => {
  const key = admit(context, 'GetKeyPolicy', keyNamed(context, request.KeyId))
  requireDefaultPolicyName(request.PolicyName)
  return { Policy: key.policy, PolicyName: 'default' }
})
