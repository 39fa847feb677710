// rotation-running: while new key material is on its way to all members, the role had better stay where it is.

import type { Read, RotationFacts } from '@/lib/topology/facts'
import { canRotate } from '@/lib/topology/key-spec'
import type { Family } from '@/lib/topology/topology'
import { type FamilyCheck, passed, unproven, warned } from './verdicts'

/** KMS itself counts an automatic rotation as near in these (KMS API Reference, RotateKeyOnDemand). */
const NEAR_MINUTES = 20

/** Not refused by KMS as far as is known, which is why it warns. `now` is an ISO time. */
export function rotationRunning(family: Family, read: Read<RotationFacts> | undefined, now: string): FamilyCheck[] {
  const { automatic, onDemand } = canRotate(family)
  if (!automatic && !onDemand) return []
  const id = 'rotation-running'
  if (!read?.ok) return [unproven(id, 'Whether a rotation is running could not be read.')]
  const { onDemandStartedAt, nextRotationDate, history } = read.value
  if (onDemandStartedAt !== undefined) {
    return [
      warned(id, `A rotation on demand is running since ${onDemandStartedAt}: better wait until it has ended.`, {
        among: 'A rotation on demand is running: better wait until it has ended.',
      }),
    ]
  }
  const minutes =
    nextRotationDate === undefined
      ? Number.POSITIVE_INFINITY
      : (Date.parse(nextRotationDate) - Date.parse(now)) / 60_000
  if (minutes <= NEAR_MINUTES) {
    return [
      warned(id, `The automatic rotation is due at ${nextRotationDate}, and may be running during the promotion.`, {
        among: 'The automatic rotation is due, and may be running during the promotion.',
      }),
    ]
  }
  if (history.some(({ state }) => state === 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION')) {
    return [
      warned(
        id,
        'New key material was imported into the primary key and not yet into every replica key: better finish that first, as only the primary key takes new material.',
      ),
    ]
  }
  return [passed(id, 'No rotation is running.')]
}
