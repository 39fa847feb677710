// RotateKeyOnDemand: new material now, beside the automatic schedule; 25 times in the life of a key.

import { operation } from '../calls/operation.ts'
import { canRotate, type Key } from '../keys/family.ts'
import { materialState, pendingMaterial } from '../keys/imported-material.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { cannotRotate, requireNoRotationSoon, requireNotReplica } from '../keys/rotation-rules.ts'
import { invalidState, limitExceeded } from '../wire/errors.ts'
import { keyId } from '../wire/members.ts'

const MAX_ON_DEMAND_ROTATIONS = 25

export const rotateKeyOnDemand = operation({ KeyId: keyId }, (request, context) => {
  const { store, now, transitionMs } = context
  const key = admit(context, 'RotateKeyOnDemand', keyNamed(context, request.KeyId))
  const { rotation } = key.family
  if (!canRotate(key.family)) throw cannotRotate()
  requireNotReplica(key)
  const materialId = key.family.origin === 'EXTERNAL' ? importedForRotation(key) : undefined
  requireNoRotationSoon(key, now)
  requireRotationLeft(key)
  rotation.onDemandCount += 1
  rotation.onDemand = { startedAt: now, endsAt: now + transitionMs, ...(materialId ? { materialId } : {}) }
  store.save(key.family)
  return { KeyId: key.arn }
})

/** Unconfirmed: that the rotations of a family count together, whichever key was its primary key then. */
function requireRotationLeft({ arn, family: { rotation } }: Key): void {
  if (rotation.onDemandCount < MAX_ON_DEMAND_ROTATIONS) return
  throw limitExceeded(
    `The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: ${arn}`,
  )
}

/**
 * The id of the version that a key with imported material rotates to. Unconfirmed: that the recorded text is also
 * the one for a version that a replica key still lacks.
 */
function importedForRotation({ family, arn }: Key): string {
  const pending = pendingMaterial(family)
  if (!pending || materialState(family, pending) !== 'PENDING_ROTATION') {
    throw invalidState(`No available key material pending rotation for the key: ${arn}.`)
  }
  return pending.id
}
