// ImportKeyMaterial: brings material into a key of origin EXTERNAL, for the first time, again, or for its next rotation.

import { operation } from '../calls/operation.ts'
import { type FittingMaterial, fittingMaterial, unwrapKeyMaterial } from '../crypto/key-wrap.ts'
import { canRotate, DAY_MS, type Key, type KeyMaterial } from '../keys/family.ts'
import { openImportToken } from '../keys/import-tokens.ts'
import { holdMaterial, importedMaterialId, pendingMaterial, takesNewMaterial } from '../keys/imported-material.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import {
  invalidCiphertext,
  invalidState,
  KmsError,
  notAPrimaryKey,
  unsupported,
  validationError,
} from '../wire/errors.ts'
import { ciphertext, keyId, keyMaterialId } from '../wire/members.ts'
import type { RequestOf } from '../wire/validation.ts'

const MAX_VALID_DAYS = 365

const input = {
  KeyId: keyId,
  ImportToken: { ...ciphertext, required: true },
  EncryptedKeyMaterial: { ...ciphertext, required: true },
  ValidTo: { type: 'timestamp' },
  ExpirationModel: { type: 'string', values: ['KEY_MATERIAL_DOES_NOT_EXPIRE', 'KEY_MATERIAL_EXPIRES'] },
  ImportType: { type: 'string', values: ['NEW_KEY_MATERIAL', 'EXISTING_KEY_MATERIAL'] },
  KeyMaterialDescription: { type: 'string', maxLength: 256, pattern: String.raw`^[a-zA-Z0-9:/_\s.-]+$` },
  KeyMaterialId: keyMaterialId,
} as const

type Request = RequestOf<typeof input>

export const importKeyMaterial = operation(input, (request, context) => {
  const { store, now } = context
  const key = admit(context, 'ImportKeyMaterial', keyNamed(context, request.KeyId))
  const { family } = key
  const validTo = expiryOf(request, now)
  requireMembersOfKind(request, key)
  const isNew = isNewMaterial(request, key)
  if (isNew && request.KeyMaterialId !== undefined) throw idOfNewMaterial()
  if (isNew && !takesNewMaterial(key)) throw newMaterialForReplica(key)

  const { algorithm, privateKey } = openImportToken(key, request.ImportToken, now)
  const bytes = unwrapKeyMaterial(privateKey, algorithm, request.EncryptedKeyMaterial)
  if (!bytes) throw invalidCiphertext()
  const material = fittingMaterial(family.keySpec, bytes)
  if (!material) throw incorrectMaterial(`it does not fit key spec ${family.keySpec}`)

  const id = importedMaterialId(family.keyId, material.secret)
  const version = isNew ? newVersion(key, id, material) : knownVersion(key, id, request.KeyMaterialId)
  if (request.KeyMaterialDescription !== undefined) describe(version, request.KeyMaterialDescription)
  holdMaterial(key, { id, secret: material.secret, ...(validTo === undefined ? {} : { validTo }) })
  store.save(family)
  return { KeyId: key.arn, KeyMaterialId: canRotate(family) ? id : undefined }
})

function expiryOf({ ExpirationModel, ValidTo }: Request, now: number): number | undefined {
  if (ExpirationModel === 'KEY_MATERIAL_DOES_NOT_EXPIRE') {
    if (ValidTo) throw validationError(UNEXPECTED_VALID_TO)
    return undefined
  }
  if (!ValidTo) throw validationError('A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES')
  const validTo = ValidTo.getTime()
  if (validTo <= now || validTo > now + MAX_VALID_DAYS * DAY_MS) throw validationError(VALID_TO_OUT_OF_RANGE)
  return validTo
}

/** Unconfirmed: these two texts; only the one for an absent date was recorded. */
const UNEXPECTED_VALID_TO = 'A validTo date must not be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE'
const VALID_TO_OUT_OF_RANGE = `The validTo date must be in the future, and at most ${MAX_VALID_DAYS} days from now`

/** Unconfirmed: the exception for members that only symmetric encryption keys have. */
function requireMembersOfKind(request: Request, { family }: Key): void {
  if (canRotate(family)) return
  for (const name of ['ImportType', 'KeyMaterialDescription', 'KeyMaterialId'] as const) {
    if (request[name] !== undefined) throw unsupported(`${name} is only valid for symmetric encryption keys.`)
  }
}

/** Left out, the first import is one of new material and any later one of material that is known already. */
const isNewMaterial = ({ ImportType }: Request, { family }: Key) =>
  ImportType === undefined ? family.materials.length === 0 : ImportType === 'NEW_KEY_MATERIAL'

/** Unconfirmed: the text. */
const idOfNewMaterial = () => validationError('A keyMaterialId must not be set if the ImportType is NEW_KEY_MATERIAL')

/** Unconfirmed: the exception; that new material cannot be imported into a replica key is documented. */
const newMaterialForReplica = ({ arn }: Key) => notAPrimaryKey(arn)

/** The first version is current at once; a later one waits for all related keys, and then for a rotation on demand. */
function newVersion({ family, arn }: Key, id: string, { publicKey }: FittingMaterial): KeyMaterial {
  if (family.materials.some((material) => material.id === id)) {
    throw incorrectMaterial('it is already associated with the key')
  }
  const pending = pendingMaterial(family)
  if (pending) {
    throw invalidState(
      `New key material (id: ${id}) cannot be imported into KMS key ${arn}, because another key material (id: ${pending.id}) is pending rotation.`,
    )
  }
  const version: KeyMaterial = { id }
  if (publicKey) version.publicKey = publicKey
  if (family.materials.length > 0) version.pending = true
  family.materials.push(version)
  return version
}

function knownVersion({ family }: Key, id: string, expectedId: string | undefined): KeyMaterial {
  const version = family.materials.find((material) => material.id === id)
  if (!version) throw incorrectMaterial('it is not associated with the key')
  if (expectedId !== undefined && expectedId !== id) throw incorrectMaterial(`its id is ${id}`)
  return version
}

/** Unconfirmed: the text. */
const incorrectMaterial = (reason: string) =>
  new KmsError('IncorrectKeyMaterialException', `The key material cannot be imported: ${reason}.`)

/** Unconfirmed: the description is a shared property; here an import into a replica key changes it too. */
function describe(version: KeyMaterial, description: string): void {
  version.description = description
}
