// The state that speaks for a family: that of the member which needs a person most.

import type { Family, KeyState, Member } from './topology'

/** From the gravest to the one that needs nobody; what passes by itself comes just before `Enabled`. */
const gravestFirst: readonly KeyState[] = [
  'Unavailable',
  'PendingDeletion',
  'PendingReplicaDeletion',
  'Disabled',
  'PendingImport',
  'Unknown',
  'Updating',
  'Creating',
  'Enabled',
]

/** Smaller is graver. */
export const gravityOf = (state: KeyState): number => gravestFirst.indexOf(state)

const isGraver = (a: Member, b: Member) =>
  gravityOf(a.state) < gravityOf(b.state) || (a.state === b.state && a.known !== 'live' && b.known === 'live')

/**
 * The member in the gravest state; of several in it one that was not read last time, since nobody knows whether it
 * still is, else the one in the first Region. Undefined for a family without members.
 */
export const worstMember = (family: Pick<Family, 'members'>): Member | undefined =>
  family.members.reduce<Member | undefined>(
    (worst, member) => (worst && !isGraver(member, worst) ? worst : member),
    undefined,
  )
