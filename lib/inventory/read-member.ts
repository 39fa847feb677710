// One member with its rotation, as its Region tells it now; and who is to be asked for the rotation of a family.

import type { Ask } from '@/lib/kms/ask'
import { describeMember } from '@/lib/kms/describe-member'
import { type KmsError, toKmsError } from '@/lib/kms/errors'
import { readRotation } from '@/lib/kms/rotation'
import { isSettling, parseKeyArn } from '@/lib/topology/family'
import { canRotate } from '@/lib/topology/key-spec'
import type { MemberReading } from '@/lib/topology/readings'
import { reasonOf } from './region-status'

/**
 * Is the rotation setting to be asked for of this member? One tells it for all its family: the primary key, or the first
 * replica key whose Region answers while that of the primary does not; and a member in between roles tells its own. That
 * saves a call for each replica. Kinds that KMS cannot rotate are never asked.
 */
export function tellsRotation(member: MemberReading, isDown: (region: string) => boolean): boolean {
  if (!canRotate(member).automatic) return false
  if (member.role === 'PRIMARY' || isSettling(member)) return true
  const regions = [member.primaryArn, ...member.replicaArns].flatMap((arn) => parseKeyArn(arn)?.region ?? [])
  return regions.find((region) => !isDown(region)) === member.region
}

export const unreadRotation = (error: KmsError) => ({
  rotation: null,
  rotationUnread: { message: reasonOf(error), since: new Date().toISOString() },
})

/** The setting, or null with the reason where it may not be read. */
export async function rotationOf(
  where: Ask,
  keyId: string,
): Promise<Pick<MemberReading, 'rotation' | 'rotationUnread'>> {
  try {
    const { enabled, periodInDays, nextRotationDate } = await readRotation(where, keyId)
    return {
      rotation: { enabled, ...(periodInDays && { periodInDays }), ...(nextRotationDate && { nextRotationDate }) },
    }
  } catch (thrown) {
    const error = toKmsError(thrown, where.region)
    if (error.kind !== 'denied' && error.kind !== 'invalid-state' && error.kind !== 'not-found') throw error
    return unreadRotation(error)
  }
}

/** Describes the member, and reads the rotation setting where this member is to tell it. */
export async function readMember(
  where: Ask,
  keyId: string,
  isDown: (region: string) => boolean,
): Promise<MemberReading> {
  const member = await describeMember(where, keyId)
  if (!tellsRotation(member, isDown)) return member
  return { ...member, ...(await rotationOf(where, keyId)) }
}
