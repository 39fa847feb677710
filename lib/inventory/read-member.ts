// One member with its rotation, as its Region tells it now.

import type { Ask } from '@/lib/kms/ask'
import { describeMember } from '@/lib/kms/describe-member'
import { toKmsError } from '@/lib/kms/errors'
import { readRotation } from '@/lib/kms/rotation'
import { isSettling, parseKeyArn } from '@/lib/topology/family'
import { canRotate } from '@/lib/topology/key-spec'
import type { MemberReading } from '@/lib/topology/readings'
import type { Rotation } from '@/lib/topology/topology'

export interface MemberRead {
  member: MemberReading
  /** Why the rotation setting could not be read, where it belongs to this member to tell it. */
  rotationMessage?: string
}

async function rotationOf(where: Ask, keyId: string): Promise<Rotation> {
  const { enabled, periodInDays, nextRotationDate } = await readRotation(where, keyId)
  return { enabled, ...(periodInDays && { periodInDays }), ...(nextRotationDate && { nextRotationDate }) }
}

/**
 * Describes the member, and reads the rotation setting where it has to be asked: of the primary key, for all its
 * family; of a member in between roles; and of every member while the primary's Region does not answer. That saves
 * a call for each replica. Kinds that KMS cannot rotate are never asked.
 */
export async function readMember(where: Ask, keyId: string, isDown: (region: string) => boolean): Promise<MemberRead> {
  const member = await describeMember(where, keyId)
  const primaryRegion = parseKeyArn(member.primaryArn)?.region
  const tells =
    member.role === 'PRIMARY' || isSettling(member) || (primaryRegion !== undefined && isDown(primaryRegion))
  if (!tells || !canRotate(member).automatic) return { member }
  try {
    return { member: { ...member, rotation: await rotationOf(where, keyId) } }
  } catch (thrown) {
    const error = toKmsError(thrown, where.region)
    if (error.kind !== 'denied' && error.kind !== 'invalid-state' && error.kind !== 'not-found') throw error
    return { member, rotationMessage: error.message }
  }
}
