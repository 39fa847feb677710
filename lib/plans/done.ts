// Done: compares what a step brings about with what is live, so that a run can go on at any point.

import { factKey, type RotationFacts } from '@/lib/topology/facts'
import { isSettling, parseKeyArn } from '@/lib/topology/family'
import type { MemberReading } from '@/lib/topology/readings'
import type { KeyRef, Outcome } from './plan'

/** One thing to read again before a step's outcome can be judged. */
export type LiveRead =
  | { read: 'member'; region: string; keyId: string }
  | { read: 'alias'; region: string; name: string }
  | { read: 'rotation'; region: string; keyId: string }
  /** The key that this step's mark was put on, if there is one. */
  | { read: 'marked-key'; region: string }

/** What was read. Null means that KMS answered and there is no such thing; what could not be read is not in here. */
export interface Live {
  /** By `region/keyId`. */
  members: Record<string, MemberReading | null>
  /** Target key ids by `region/alias name`. */
  aliases: Record<string, string | null>
  /** By `region/keyId`. */
  rotations: Record<string, RotationFacts | null>
  /** Key ids by Region. */
  marked: Record<string, string | null>
}

/** `in progress` means wait: the change was taken and must not be called again. */
export type Doneness = 'no' | 'in progress' | 'done'

/** Turns a reference to a key that an earlier step makes into its id. */
export type ResolveKey = (ref: KeyRef) => string

export const aliasKey = (region: string, name: string) => `${region}/${name}`

/** What must be read, live, before `isDone` and `describeLive` can answer for this outcome. */
export function readsFor(outcome: Outcome, resolve: ResolveKey): LiveRead[] {
  switch (outcome.is) {
    case 'key-created':
      return [{ read: 'marked-key', region: outcome.region }]
    case 'member-state':
    case 'member-exists':
      return [{ read: 'member', region: outcome.region, keyId: resolve(outcome.keyId) }]
    case 'primary': {
      const keyId = resolve(outcome.keyId)
      return [outcome.from, outcome.to].map((region) => ({ read: 'member', region, keyId }))
    }
    case 'alias':
      return [{ read: 'alias', region: outcome.region, name: outcome.name }]
    case 'rotation':
      return [{ read: 'rotation', region: outcome.region, keyId: resolve(outcome.keyId) }]
    case 'rotated': {
      const keyId = resolve(outcome.keyId)
      return [
        { read: 'member', region: outcome.region, keyId },
        { read: 'rotation', region: outcome.region, keyId },
      ]
    }
    case 'proven':
      return []
  }
}

const named = (member: MemberReading) => parseKeyArn(member.primaryArn)?.region

/**
 * UpdatePrimaryRegion answers nothing, and both keys may say REPLICA for a while, or one Region may tell the new
 * roles before the other. Only the untouched old picture means that the call was not taken.
 *
 * Source: KMS Developer Guide, "Change the primary key in a set of multi-Region keys".
 */
function promotionDone(from: MemberReading | null, to: MemberReading | null, toRegion: string): Doneness {
  if (!from || !to) return from?.role === 'REPLICA' || to?.role === 'PRIMARY' ? 'in progress' : 'no'
  const swapped = from.role === 'REPLICA' && to.role === 'PRIMARY'
  const agreed = named(from) === toRegion && named(to) === toRegion
  if (swapped && agreed && from.state === 'Enabled' && to.state === 'Enabled') return 'done'
  const untouched = from.role === 'PRIMARY' && to.role === 'REPLICA' && !isSettling(from) && !isSettling(to)
  return untouched ? 'no' : 'in progress'
}

/** Has the outcome come about? Judged by what was read for `readsFor`: nothing is done that was not read. */
export function isDone(outcome: Outcome, live: Live, resolve: ResolveKey): Doneness {
  const member = (region: string, ref: KeyRef) => live.members[factKey(region, resolve(ref))] ?? null
  const when = (is: boolean): Doneness => (is ? 'done' : 'no')
  switch (outcome.is) {
    case 'key-created':
      return when((live.marked[outcome.region] ?? null) !== null)
    case 'member-exists':
      return when(member(outcome.region, outcome.keyId) !== null)
    case 'member-state': {
      const found = member(outcome.region, outcome.keyId)
      if (!found) return 'no'
      if (outcome.states.includes(found.state)) return 'done'
      return isSettling(found) ? 'in progress' : 'no'
    }
    case 'primary':
      return promotionDone(member(outcome.from, outcome.keyId), member(outcome.to, outcome.keyId), outcome.to)
    case 'alias': {
      const target = live.aliases[aliasKey(outcome.region, outcome.name)]
      return when(target === (outcome.keyId === null ? null : resolve(outcome.keyId)))
    }
    case 'rotation': {
      const rotation = live.rotations[factKey(outcome.region, resolve(outcome.keyId))] ?? null
      if (rotation?.enabled !== outcome.enabled) return 'no'
      return when(outcome.periodInDays === undefined || rotation.periodInDays === outcome.periodInDays)
    }
    case 'rotated': {
      const key = factKey(outcome.region, resolve(outcome.keyId))
      const material = live.members[key]?.currentKeyMaterialId
      if (material !== undefined && material !== outcome.materialBefore) return 'done'
      return live.rotations[key]?.onDemandStartedAt === undefined ? 'no' : 'in progress'
    }
    case 'proven':
      return 'no'
  }
}

const sayState = (region: string, member: MemberReading | null) =>
  member ? `${region} says ${member.state}` : `${region} does not find the key yet`

function sayRole(region: string, member: MemberReading | null): string {
  if (!member) return `${region} does not find the key yet`
  const names = named(member)
  return `${region} says ${member.role}, ${member.state}${names ? `, primary in ${names}` : ''}`
}

/** Where the outcome stands, in words: what a run says while it waits. */
export function describeLive(outcome: Outcome, live: Live, resolve: ResolveKey): string {
  const member = (region: string, ref: KeyRef) => live.members[factKey(region, resolve(ref))] ?? null
  const done = isDone(outcome, live, resolve) === 'done'
  switch (outcome.is) {
    case 'key-created': {
      const keyId = live.marked[outcome.region] ?? null
      return keyId ? `${keyId} exists in ${outcome.region}` : `No key of this step exists in ${outcome.region} yet`
    }
    case 'member-exists':
    case 'member-state': {
      const found = member(outcome.region, outcome.keyId)
      return found && !done ? `${outcome.region} still says ${found.state}` : sayState(outcome.region, found)
    }
    case 'primary':
      return done
        ? `${outcome.to} is the primary, and ${outcome.from} agrees`
        : [outcome.from, outcome.to].map((region) => sayRole(region, member(region, outcome.keyId))).join('; ')
    case 'alias': {
      const target = live.aliases[aliasKey(outcome.region, outcome.name)] ?? null
      return target === null
        ? `${outcome.name} does not exist in ${outcome.region}`
        : `${outcome.name} points to ${target} in ${outcome.region}`
    }
    case 'rotation': {
      const rotation = live.rotations[factKey(outcome.region, resolve(outcome.keyId))] ?? null
      if (!rotation) return `${outcome.region} tells no rotation status yet`
      const every = rotation.periodInDays === undefined ? '' : ` every ${rotation.periodInDays} days`
      return `${outcome.region} says that rotation is ${rotation.enabled ? `on${every}` : 'off'}`
    }
    case 'rotated': {
      const started = live.rotations[factKey(outcome.region, resolve(outcome.keyId))]?.onDemandStartedAt
      if (done) return `${outcome.region} uses new key material`
      return started
        ? `${outcome.region} is rotating since ${started}; new key material is used once all members have it`
        : `${outcome.region} still uses the key material from before`
    }
    case 'proven':
      return 'Only the proof itself can tell'
  }
}
