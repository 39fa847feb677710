// EnableKeyRotation: the material rotates every so many days from now on; called again, the days count anew.

import { operation } from '../calls/operation.ts'
import { DAY_MS } from '../keys/family.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { requireAutomaticRotation } from '../keys/rotation-rules.ts'
import { keyId } from '../wire/members.ts'

const input = { KeyId: keyId, RotationPeriodInDays: { type: 'integer', min: 90, max: 2560 } } as const

export const enableKeyRotation = operation(input, (request, context) => {
  const key = admit(context, 'EnableKeyRotation', keyNamed(context, request.KeyId))
  requireAutomaticRotation(key)
  const periodInDays = request.RotationPeriodInDays ?? 365
  Object.assign(key.family.rotation, { enabled: true, periodInDays, nextAt: context.now + periodInDays * DAY_MS })
  context.store.save(key.family)
  return undefined
})
