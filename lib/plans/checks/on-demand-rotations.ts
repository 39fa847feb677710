// On-demand rotations: KMS allows 25 in the life of a key, and none beside another rotation.

import type { Read, RotationFacts } from '@/lib/topology/facts'
import { MAX_ON_DEMAND } from '@/lib/topology/rotation-words'
import type { Check } from '../plan'
import { passed, refusedByKms, refusedByRule, warned } from './verdicts'

const FEW_LEFT = 5
/** RotateKeyOnDemand conflicts with an automatic rotation that starts this soon (KMS API Reference). */
const CONFLICT_MINUTES = 20

export function onDemandLeft(read: Read<RotationFacts> | undefined): Check {
  const id = 'on-demand-left'
  if (!read?.ok) {
    return warned(
      id,
      `How many of the ${MAX_ON_DEMAND} rotations on demand are left could not be read${read ? ` (${read.reason})` : ''}.`,
    )
  }
  const used = read.value.history.filter((entry) => entry.type === 'ON_DEMAND').length
  const left = MAX_ON_DEMAND - used
  if (left <= 0) {
    return refusedByKms(
      id,
      `All ${MAX_ON_DEMAND} rotations on demand of this key are used: KMS answers with LimitExceededException, and the quota cannot be raised.`,
    )
  }
  const words = `${left} of ${MAX_ON_DEMAND} rotations on demand ${left === 1 ? 'is' : 'are'} left; this plan uses one.`
  return left <= FEW_LEFT ? warned(id, `Only ${words}`) : passed(id, words)
}

/** `now` is an ISO time. */
export function noOtherRotation(read: Read<RotationFacts> | undefined, now: string): Check {
  const id = 'no-other-rotation'
  if (!read?.ok) return warned(id, 'Whether another rotation is running could not be read.')
  const { onDemandStartedAt, nextRotationDate } = read.value
  if (onDemandStartedAt !== undefined) {
    return refusedByRule(
      id,
      `A rotation on demand is running since ${onDemandStartedAt}: wait until it has ended, a second one would only use up the quota.`,
    )
  }
  const minutes =
    nextRotationDate === undefined
      ? Number.POSITIVE_INFINITY
      : (Date.parse(nextRotationDate) - Date.parse(now)) / 60_000
  if (minutes < 0) {
    return warned(
      id,
      `The automatic rotation was due at ${nextRotationDate} and may be running: KMS answers with ConflictException while it does.`,
    )
  }
  if (minutes <= CONFLICT_MINUTES) {
    return refusedByKms(
      id,
      `The automatic rotation starts within ${CONFLICT_MINUTES} minutes (${nextRotationDate}): KMS answers with ConflictException. It makes new key material by itself.`,
    )
  }
  return passed(id, 'No other rotation is running.')
}

/** Imported material is rotated to what was imported for it, into every member (KMS Developer Guide, "Rotate on demand"). */
export function materialAwaitsRotation(origin: string, read: Read<RotationFacts> | undefined): Check | null {
  if (origin !== 'EXTERNAL') return null
  const id = 'material-imported'
  if (!read?.ok) return warned(id, 'Whether new key material was imported and awaits its rotation could not be read.')
  const states = new Set(read.value.history.map((entry) => entry.state))
  if (states.has('PENDING_ROTATION')) return passed(id, 'New key material was imported into every member.')
  return refusedByKms(
    id,
    states.has('PENDING_MULTI_REGION_IMPORT_AND_ROTATION')
      ? 'The new key material is not yet imported into every replica key: KMS answers with KMSInvalidStateException.'
      : 'No new key material was imported: KMS answers with KMSInvalidStateException (no available key material pending rotation).',
  )
}
