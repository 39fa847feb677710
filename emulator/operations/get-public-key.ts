// GetPublicKey: the same bytes from every related key.

import { operation } from '../calls/operation.ts'
import { requireValidGrantTokens } from '../crypto/cryptography.ts'
import type { Key } from '../keys/family.ts'
import { admit, keyOrAliasNamed } from '../keys/key-lookup.ts'
import { publicKeyOf } from '../keys/key-material.ts'
import { ALGORITHMS_MEMBER, algorithmsFor, materialOf } from '../keys/key-specs.ts'
import { invalidState, type KmsError, unsupported } from '../wire/errors.ts'
import { grantTokens, keyId } from '../wire/members.ts'

export const getPublicKey = operation({ KeyId: keyId, GrantTokens: grantTokens }, async (request, context) => {
  requireValidGrantTokens(context, request.GrantTokens)
  const key = admit(context, 'GetPublicKey', keyOrAliasNamed(context, request.KeyId))
  const { keySpec, keyUsage, materials } = key.family
  if ('bytes' in materialOf(keySpec)) throw hasNoPublicKey(key)
  if (materials.length === 0) throw notImportedYet(key)
  const publicKey = await publicKeyOf(context.store, key)
  return {
    KeyId: key.arn,
    PublicKey: publicKey.export({ format: 'der', type: 'spki' }),
    CustomerMasterKeySpec: keySpec,
    KeySpec: keySpec,
    KeyUsage: keyUsage,
    [ALGORITHMS_MEMBER[keyUsage]]: algorithmsFor(keySpec, keyUsage),
  }
})

/** Unconfirmed: the text. */
const hasNoPublicKey = ({ arn, family }: Key): KmsError =>
  unsupported(`${arn} key spec is ${family.keySpec} which is not valid for GetPublicKey.`)

/**
 * Unconfirmed: the state table lets PendingImport pass, which can only help once the public key is known. Here it is
 * known to all related keys from the first import on, even while a key lacks its material.
 */
const notImportedYet = ({ arn }: Key): KmsError => invalidState(`${arn} is pending import.`)
