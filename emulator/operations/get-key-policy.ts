// GetKeyPolicy: the key policy as it was last put.

import { admit, keyNamed } from '../key-lookup.ts'
import { requireDefaultPolicyName } from '../key-policy.ts'
import { keyId, policyName } from '../members.ts'
import { operation } from '../operation.ts'

export const getKeyPolicy = operation({ KeyId: keyId, PolicyName: policyName }, (request, context) => {
  const key = admit(context, 'GetKeyPolicy', keyNamed(context, request.KeyId))
  requireDefaultPolicyName(request.PolicyName)
  return { Policy: key.policy, PolicyName: 'default' }
})
