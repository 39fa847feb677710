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

/** The member in the gravest state, the first Region of several; undefined for a family without members. */
export const worstMember = (family: Pick<Family, 'members'>): Member | undefined =>
  family.members.reduce<Member | undefined>(
    (worst, member) => (worst && gravityOf(worst.state) <= gravityOf(member.state) ? worst : member),
    undefined,
  )
