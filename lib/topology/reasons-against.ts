// Reasons against: why an operation cannot be begun on this family as it is, in words for its disabled button.
//
// A Region that was silent at the last reading counts: the next reading, seconds later, gives the button back. What
// only a plan can find out by asking is left to the plan.

import { isSettling, memberIn, primaryOf, replicasOf } from './family'
import { inWords } from './in-words'
import { canRotate, describeKind } from './key-spec'
import { isRead, isReadable, regionDoes } from './region-trouble'
import type { Family, Member, RegionView } from './topology'

/** Null: nothing speaks against it as far as the snapshot tells. */
type Reason = string | null

const unknownPrimary = 'No primary key is known now, and this is a call in its Region'

/** A Region that asks for fewer requests still takes calls; they may have to wait. */
function againstRegion(name: string, regions: readonly RegionView[]): Reason {
  const view = regions.find((region) => region.name === name)
  if (!view) return `${name} is not among the Regions that are read`
  return isReadable(view) || view.status === 'throttled' ? null : `${name} ${regionDoes(view)}`
}

function againstPrimary(family: Family, regions: readonly RegionView[], operation: string): Reason {
  const updating = family.members.filter(({ state }) => state === 'Updating').map(({ region }) => region)
  if (updating.length > 0) return `A promotion is still settling in ${inWords(updating)}`
  const primary = primaryOf(family)
  if (!primary) return unknownPrimary
  const silence = againstRegion(primary.region, regions)
  if (silence !== null) return `${silence}, and this is a call in the primary key’s Region`
  return primary.state === 'Enabled' || primary.state === 'Unknown'
    ? null
    : `The primary key in ${primary.region} is ${primary.state}: KMS refuses to ${operation} it`
}

/** Regions that have no key of the family and list their keys; a key made elsewhere would not be seen. */
export const regionsLeft = (family: Family, regions: readonly RegionView[]): string[] =>
  regions.filter((region) => isRead(region, 'keys') && !memberIn(family, region.name)).map(({ name }) => name)

export function againstReplicate(family: Family, regions: readonly RegionView[]): Reason {
  const reason = againstPrimary(family, regions, 'replicate')
  if (reason !== null || regionsLeft(family, regions).length > 0) return reason
  const silent = regions.filter((region) => !isRead(region, 'keys') && !memberIn(family, region.name))
  return silent.length > 0
    ? `No Region is left but ${inWords(silent.map(({ name }) => name))}, which cannot be read now`
    : 'Every Region that is read has a key of this family'
}

function againstTarget(member: Member, regions: readonly RegionView[]): Reason {
  const silence = againstRegion(member.region, regions)
  if (silence !== null) return `${silence}, and KMS changes the key there as well`
  if (member.state === 'Enabled') return null
  if (member.state === 'Unknown') return `The state of the key in ${member.region} is not known`
  if (isSettling(member)) return `The key in ${member.region} is ${member.state}: wait until it is Enabled`
  return `The key in ${member.region} is ${member.state}: KMS promotes Enabled keys only`
}

/** Without a Region: is there any replica key that could be promoted? */
export function againstPromote(family: Family, regions: readonly RegionView[], toRegion?: string): Reason {
  const replicas = replicasOf(family)
  if (family.primaryRegion !== null && replicas.length === 0)
    return 'There is no replica key to promote: replicate first'
  const reason = againstPrimary(family, regions, 'move the primary role away from')
  if (reason !== null) return reason
  if (toRegion === undefined) {
    const refused = replicas.map((replica) => againstTarget(replica, regions))
    if (refused.includes(null)) return null
    return refused.length === 1 ? (refused[0] ?? null) : 'No replica key can be promoted now: select one to see why'
  }
  const member = memberIn(family, toRegion)
  if (!member) return `${toRegion} has no key of this family`
  return toRegion === family.primaryRegion
    ? `The primary key is in ${toRegion} already`
    : againstTarget(member, regions)
}

export function againstRotateNow(family: Family, regions: readonly RegionView[]): Reason {
  if (!canRotate(family).onDemand) {
    return `KMS cannot rotate keys of this kind (${describeKind(family.keySpec, family.keyUsage)})`
  }
  return againstPrimary(family, regions, 'rotate')
}

export function againstSetRotation(family: Family, regions: readonly RegionView[]): Reason {
  const { automatic, onDemand } = canRotate(family)
  if (!automatic && onDemand) return 'KMS does not rotate imported key material by itself'
  if (!automatic) return `KMS cannot rotate keys of this kind (${describeKind(family.keySpec, family.keyUsage)})`
  return againstPrimary(family, regions, 'change the rotation of')
}

/** Aliases are made in each Region by itself; only keys that are about to go take none (KMS API Reference, CreateAlias). */
export const againstEditAliases = (family: Family): Reason =>
  family.members.every(({ state }) => state === 'PendingDeletion' || state === 'PendingReplicaDeletion')
    ? 'Every key of the family is pending deletion: KMS lets no alias point to it'
    : null
