// Which keys rotate, and where their rotation is set.

import { KmsError, notAPrimaryKey, originNotValid, unsupported } from '../wire/errors.ts'
import { canRotate, isPrimary, type Key } from './family.ts'

const CONFLICT_MS = 20 * 60_000

/** Automatic rotation is set on the primary key, for symmetric encryption keys whose material KMS made. */
export function requireAutomaticRotation(key: Key): void {
  if (!canRotate(key.family)) throw cannotRotate()
  if (key.family.origin !== 'AWS_KMS') throw originNotValid(key.arn, key.family.origin)
  requireNotReplica(key)
}

/** Unconfirmed: the exception for a replica key; the text is the one recorded for ReplicateKey. */
export function requireNotReplica(key: Key): void {
  if (key.family.multiRegion && !isPrimary(key)) throw notAPrimaryKey(key.arn)
}

/** Recorded for RotateKeyOnDemand on an asymmetric key: no message. */
export const cannotRotate = () => unsupported()

/** On demand is refused while an automatic rotation is close. */
export function requireNoRotationSoon({ arn, family: { rotation } }: Key, now: number): void {
  const soon = rotation.enabled && rotation.nextAt !== undefined && rotation.nextAt - now <= CONFLICT_MS
  if (soon || rotation.onDemand) throw rotationUnderWay(arn)
}

/** Unconfirmed: the text, and that a second rotation on demand is answered the same way as an automatic one. */
const rotationUnderWay = (arn: string) =>
  new KmsError('ConflictException', `A rotation of ${arn} is in progress or about to start.`)
