// ListKeyRotations: the rotations of a key that are done, or all versions of its material.

import { canRotate, currentMaterial, type Key, type KeyMaterial } from '../family.ts'
import { admit, keyNamed } from '../key-lookup.ts'
import { keyId, limit, marker } from '../members.ts'
import { operation } from '../operation.ts'
import { pageOf } from '../pages.ts'

const input = {
  KeyId: keyId,
  IncludeKeyMaterial: { type: 'string', values: ['ALL_KEY_MATERIAL', 'ROTATIONS_ONLY'] },
  Limit: limit(1000),
  Marker: marker,
} as const

export const listKeyRotations = operation(input, (request, context) => {
  const key = admit(context, 'ListKeyRotations', keyNamed(context, request.KeyId))
  const all = request.IncludeKeyMaterial === 'ALL_KEY_MATERIAL'
  const versions = versionsSeenBy(key).filter(({ material }) => all || material.rotation)
  const { items, ...page } = pageOf('ListKeyRotations', versions, ({ position }) => position, request, 100)
  const current = currentMaterial(key.family)
  return { Rotations: items.map(({ material }) => entry(key, material, material === current)), ...page }
})

/** Unconfirmed: whether a replica key lists the rotations from before it existed. Here it does, with their dates. */
function versionsSeenBy({ family }: Key) {
  if (!canRotate(family)) return []
  return family.materials.map((material, index) => ({ material, position: String(index).padStart(6, '0') }))
}

function entry({ family }: Key, { id, rotation }: KeyMaterial, current: boolean) {
  return {
    KeyId: family.keyId,
    KeyMaterialId: id,
    KeyMaterialState: current ? 'CURRENT' : 'NON_CURRENT',
    RotationDate: rotation ? new Date(rotation.at) : undefined,
    RotationType: rotation?.type,
  }
}
