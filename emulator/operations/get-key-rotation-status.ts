// GetKeyRotationStatus: a shared property, so every related key can be asked. Never on for asymmetric and HMAC keys.

import { operation } from '../calls/operation.ts'
import type { Key } from '../keys/family.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { keyId } from '../wire/members.ts'

export const getKeyRotationStatus = operation({ KeyId: keyId }, (request, context) => {
  const key = admit(context, 'GetKeyRotationStatus', keyNamed(context, request.KeyId))
  const { rotation } = key.family
  const enabled = rotation.enabled && !isPendingDeletion(key)
  return {
    KeyId: key.family.keyId,
    KeyRotationEnabled: enabled,
    RotationPeriodInDays: enabled ? rotation.periodInDays : undefined,
    NextRotationDate: enabled && rotation.nextAt !== undefined ? new Date(rotation.nextAt) : undefined,
    OnDemandRotationStartDate: rotation.onDemand ? new Date(rotation.onDemand.startedAt) : undefined,
  }
})

/** A key pending deletion reads as not rotating; cancelling brings its setting back. */
const isPendingDeletion = ({ keyState }: Key) => keyState === 'PendingDeletion' || keyState === 'PendingReplicaDeletion'
