// Aliases: who holds a name in a Region, how many a key may have, and between which keys an alias may move.

import { aliasHolder, familyNameBesides, familyOf, shortKeyId } from '@/lib/topology/family'
import { mayRetarget } from '@/lib/topology/key-spec'
import { isRead, isReadable } from '@/lib/topology/region-trouble'
import type { Family, RequestData, Topology } from '@/lib/topology/topology'
import type { Check } from '../plan'
import { passed, refusedByKms, refusedByRule, warned } from './verdicts'

/** KMS Developer Guide, "Resource quotas". */
const ALIASES_PER_KEY = 50

type Kind = Pick<Family, 'keySpec' | 'keyUsage'>
type Choice = { label: string; request: RequestData }

/** The key that has the alias now, in words; a key outside every family is known by its id alone. */
export function holderInWords(topology: Topology, keyId: string, alias: string): string {
  const family = familyOf(topology, keyId)
  const name = family && familyNameBesides(family, alias)
  return family && name !== shortKeyId(keyId) ? `${name} (${shortKeyId(keyId)})` : shortKeyId(keyId)
}

/** `retarget` is left out where KMS would refuse it. */
export function aliasHeldElsewhere(
  topology: Topology,
  place: { region: string; name: string; holder: string },
  kind: Kind,
  choices: { skip?: Choice; retarget?: Choice },
): Check {
  const { region, name, holder } = place
  const other = familyOf(topology, holder)
  const movable = other ? mayRetarget(other, kind) !== false : true
  const offered = [choices.skip, movable ? choices.retarget : undefined].filter((choice) => choice !== undefined)
  return refusedByKms(
    'alias-free',
    `${name} points to another key in ${region}, ${holderInWords(topology, holder, name)}: KMS answers CreateAlias with AlreadyExistsException.`,
    offered.length > 0 ? { choices: offered } : {},
  )
}

/**
 * An alias may move only between keys of one type and one usage; the spec may differ inside a type
 * (KMS API Reference, UpdateAlias).
 */
export function aliasMayMove(
  topology: Topology,
  place: { region: string; name: string; holder: string },
  kind: Kind,
  choices: Choice[] = [],
): Check {
  const id = 'alias-target'
  const { region, name, holder } = place
  const other = familyOf(topology, holder)
  const more = choices.length > 0 ? { choices } : {}
  const who = holderInWords(topology, holder, name)
  const allowed = other ? mayRetarget(other, kind) : null
  if (allowed === false) {
    return refusedByKms(
      id,
      `${name} points to ${who} in ${region}, a key of another type or usage: KMS refuses to move an alias between such keys.`,
      more,
    )
  }
  if (allowed === null) {
    return warned(
      id,
      `${name} leaves ${who} in ${region}, whose kind is not known here: KMS refuses when its type or usage differs. Callers that use the name there get this key instead.`,
    )
  }
  return warned(
    id,
    `${name} leaves ${who} in ${region}: callers that use the name there get this key instead, and cannot decrypt with it what the other key encrypted.`,
  )
}

/**
 * `gains` counts the names that a member gets, before any is taken away. The quota can be raised on request, and KMS
 * does not tell the account's own: more than the default is a warning.
 */
export function aliasLimit(member: { region: string; count: number }, gains: number): Check {
  const total = member.count + gains
  return total > ALIASES_PER_KEY
    ? warned(
        'alias-limit',
        `The key in ${member.region} would have ${total} aliases, more than the ${ALIASES_PER_KEY} of the default quota: unless yours was raised, KMS answers with LimitExceededException.`,
      )
    : passed('alias-limit', `The key in ${member.region} would have ${total} of ${ALIASES_PER_KEY} aliases.`)
}

/**
 * The names in the Region are as they were when last read: another key may hold one by now. Where they may not be listed at
 * all, nobody could tell what a change did.
 */
export function aliasesReadable(topology: Topology, region: string, choices: Choice[] = []): Check | null {
  const view = topology.regions.find(({ name }) => name === region)
  if (view && isRead(view, 'aliases')) return null
  const denied = view && isReadable(view) && view.unreadable?.find(({ part }) => part === 'aliases')
  if (denied) {
    return refusedByRule(
      'aliases-readable',
      `The aliases of ${region} may not be listed (${denied.message}), so nobody could tell what a change did there.`,
      choices.length > 0 ? { choices } : {},
    )
  }
  return warned(
    'aliases-readable',
    `The aliases of ${region} could not be read last time: a name that is taken there by now would be refused with AlreadyExistsException.`,
  )
}

/** The aliases that replica keys get as the primary key has them, where not all of these may be known. */
export function aliasesSource(topology: Topology, primaryRegion: string): Check[] {
  const view = topology.regions.find(({ name }) => name === primaryRegion)
  if (view && isRead(view, 'aliases')) return []
  return [
    warned(
      'aliases-source',
      `The aliases of ${primaryRegion} could not be read: the replica keys get those that are known, which may not be all. Name them here if needed.`,
    ),
  ]
}

/** The other key that holds the name in the Region, or null when it is free or this key's already. */
export function otherHolder(topology: Topology, region: string, name: string, keyId: string): string | null {
  const holder = aliasHolder(topology, region, name)
  return holder && holder.keyId !== keyId ? holder.keyId : null
}

export const isHeldBy = (topology: Topology, region: string, name: string, keyId: string) =>
  aliasHolder(topology, region, name)?.keyId === keyId
