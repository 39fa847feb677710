// Data key pairs: what the two operations that make them share.

import type { Context } from '../calls/operation.ts'
import { secretMaterial } from '../keys/key-material.ts'
import { isKeySpec, isOfferedIn, type KeySpec } from '../keys/key-specs.ts'
import { unsupported } from '../wire/errors.ts'
import { dryRun, encryptionContext, grantTokens, keyId } from '../wire/members.ts'
import type { RequestOf } from '../wire/validation.ts'
import { keyFor, requireNotDryRun, requireValidGrantTokens } from './cryptography.ts'
import { newKeyPair } from './key-pair.ts'
import { seal } from './symmetric.ts'

const KEY_PAIR_SPECS = [
  'RSA_2048',
  'RSA_3072',
  'RSA_4096',
  'ECC_NIST_P256',
  'ECC_NIST_P384',
  'ECC_NIST_P521',
  'ECC_SECG_P256K1',
  'ECC_NIST_EDWARDS25519',
  'ML_KEM_512',
  'ML_KEM_768',
  'ML_KEM_1024',
  'SM2',
] as const

export const dataKeyPairInput = {
  EncryptionContext: encryptionContext,
  KeyId: keyId,
  KeyPairSpec: { type: 'string', required: true, values: KEY_PAIR_SPECS },
  GrantTokens: grantTokens,
  DryRun: dryRun,
} as const

/**
 * A key pair made for use outside KMS: the public key as SubjectPublicKeyInfo, the private one as PKCS #8 (RFC 5958),
 * both in DER, and the private one once more as a ciphertext that Decrypt opens with the same encryption context. The
 * longest is that of ML_KEM_1024, some 3,400 bytes of the 6,144 that Decrypt takes.
 */
export async function newDataKeyPair(
  context: Context,
  operation: 'GenerateDataKeyPair' | 'GenerateDataKeyPairWithoutPlaintext',
  request: RequestOf<typeof dataKeyPairInput>,
) {
  requireValidGrantTokens(context, request.GrantTokens)
  const keySpec = offeredSpec(context, request.KeyPairSpec)
  const key = keyFor(context, operation, request.KeyId, 'ENCRYPT_DECRYPT', 'SYMMETRIC_DEFAULT')
  requireNotDryRun(request.DryRun)
  const material = secretMaterial(key)
  const { publicKey, privateKey } = await newKeyPair(keySpec)
  const plaintext = privateKey.export({ format: 'der', type: 'pkcs8' })
  return {
    plaintext,
    PrivateKeyCiphertextBlob: seal(key.family.keyId, material, plaintext, request.EncryptionContext),
    PublicKey: publicKey.export({ format: 'der', type: 'spki' }),
    KeyId: key.arn,
    KeyPairSpec: keySpec,
    KeyMaterialId: material.id,
  }
}

/** Unconfirmed: the texts. */
function offeredSpec({ partition }: Context, name: string): KeySpec {
  if (!isKeySpec(name)) throw unsupported(`The emulator does not support KeyPairSpec ${name}.`)
  if (!isOfferedIn(partition, name)) throw unsupported(`KeyPairSpec ${name} is not available in this Region.`)
  return name
}
