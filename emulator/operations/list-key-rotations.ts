// ListKeyRotations: the rotations of a key that are done, or all versions of its material.

import { operation } from '../calls/operation.ts'
import { canRotate, type Key, type KeyMaterial } from '../keys/family.ts'
import { expirationOf, importedCopy, materialState } from '../keys/imported-material.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { keyId, limit, marker } from '../wire/members.ts'
import { pageOf } from '../wire/pages.ts'

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
  return { Rotations: items.map(({ material }) => entry(key, material)), ...page }
})

/** Unconfirmed: whether a replica key lists the rotations from before it existed. Here it does, with their dates. */
function versionsSeenBy({ family }: Key) {
  if (!canRotate(family)) return []
  return family.materials.map((material, index) => ({ material, position: String(index).padStart(6, '0') }))
}

function entry(key: Key, material: KeyMaterial) {
  const { family } = key
  const { id, rotation } = material
  return {
    KeyId: family.keyId,
    KeyMaterialId: id,
    KeyMaterialState: materialState(family, material),
    RotationDate: rotation ? new Date(rotation.at) : undefined,
    RotationType: rotation?.type,
    ...(family.origin === 'EXTERNAL' ? importOf(key, material) : {}),
  }
}

/** Unconfirmed: that an entry without a copy here says nothing of its expiration; the metadata of such a key does so. */
function importOf(key: Key, { id, description }: KeyMaterial) {
  const copy = importedCopy(key, id)
  return {
    ImportState: copy ? 'IMPORTED' : 'PENDING_IMPORT',
    KeyMaterialDescription: description,
    ...expirationOf(copy ? [copy] : []),
  }
}
