// Rotation of a family in the words that table, filter and export share.

import { rotationOf } from './family'
import { canRotate } from './key-spec'
import type { Family } from './topology'

export type RotationStatus = 'on' | 'off' | 'on demand only' | 'cannot rotate' | 'not read'

/** What is known of a family's rotation; a kind that nobody described yet is not called unable. */
export function rotationStatus(family: Family): RotationStatus {
  if (family.keySpec === '') return 'not read'
  const possible = canRotate(family)
  if (!possible.automatic) return possible.onDemand ? 'on demand only' : 'cannot rotate'
  const rotation = rotationOf(family)
  if (rotation === null) return 'not read'
  return rotation.enabled ? 'on' : 'off'
}
