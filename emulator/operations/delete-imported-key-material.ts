// DeleteImportedKeyMaterial: takes a copy of the material out of a key, which then waits for the same material again.

import { operation } from '../calls/operation.ts'
import { currentMaterial, type Key } from '../keys/family.ts'
import { loseMaterial } from '../keys/imported-material.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { isSymmetric } from '../keys/key-specs.ts'
import { KmsError } from '../wire/errors.ts'
import { keyId, keyMaterialId } from '../wire/members.ts'

const input = { KeyId: keyId, KeyMaterialId: keyMaterialId } as const

export const deleteImportedKeyMaterial = operation(input, (request, context) => {
  const key = admit(context, 'DeleteImportedKeyMaterial', keyNamed(context, request.KeyId))
  const id = request.KeyMaterialId ?? currentMaterial(key.family)?.id
  if (request.KeyMaterialId !== undefined) requireKnown(key, request.KeyMaterialId)
  if (id !== undefined) loseMaterial(key, id)
  context.store.save(key.family)
  return { KeyId: key.arn, KeyMaterialId: isSymmetric(key.family.keySpec) ? id : undefined }
})

/** Unconfirmed: the exception and text for an id that the key does not know. */
function requireKnown({ family, arn }: Key, id: string): void {
  if (!family.materials.some((material) => material.id === id)) {
    throw new KmsError('NotFoundException', `Key material '${id}' is not associated with ${arn}`)
  }
}
