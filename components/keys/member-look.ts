// How a member looks in the matrix: one shape and one word for role, key state and how sure both are.

import { isSettling } from '@/lib/topology/family'
import { stateInWords } from '@/lib/topology/key-state'
import type { Member } from '@/lib/topology/topology'

export type Shape = 'primary' | 'replica' | 'disabled' | 'pending' | 'moving' | 'unreadable'

export interface Look {
  shape: Shape
  /** In the shape: the role, and a sign that does not need colour. */
  letter: string
  /** Beside the shape. */
  word: string
  /** The whole of it, for assistive technology. */
  says: string
}

function shapeOf(member: Member): Shape {
  if (member.known !== 'live' || member.state === 'Unknown') return 'unreadable'
  if (isSettling(member)) return 'moving'
  if (member.state === 'Disabled' || member.state === 'Unavailable') return 'disabled'
  if (member.state !== 'Enabled') return 'pending'
  return member.role === 'PRIMARY' ? 'primary' : 'replica'
}

const signs: Record<Shape, string> = {
  primary: '',
  replica: '',
  disabled: '',
  pending: '!',
  moving: '…',
  unreadable: '?',
}

export function lookOf(member: Member): Look {
  const shape = shapeOf(member)
  const isPrimary = member.role === 'PRIMARY'
  const state = stateInWords(member)
  const quiet = shape === 'primary' || shape === 'replica'
  return {
    shape,
    letter: `${isPrimary ? 'P' : 'R'}${signs[shape]}`,
    word: quiet ? (isPrimary ? 'Primary' : 'Replica') : state.charAt(0).toUpperCase() + state.slice(1),
    says: `${isPrimary ? 'primary key' : 'replica key'}, ${state}`,
  }
}
