// GetParametersForImport: a wrapping key and an import token, made anew for each call and valid for 24 hours.

import { operation } from '../calls/operation.ts'
import { newKeyPair } from '../crypto/key-pair.ts'
import { isWrappingAlgorithm, usesAesKey, type WrappingAlgorithm } from '../crypto/key-wrap.ts'
import { sealImportToken } from '../keys/import-tokens.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { type KeySpec, materialOf } from '../keys/key-specs.ts'
import { type KmsError, unsupported } from '../wire/errors.ts'
import { keyId } from '../wire/members.ts'

const input = {
  KeyId: keyId,
  WrappingAlgorithm: {
    type: 'string',
    required: true,
    values: [
      'RSAES_PKCS1_V1_5',
      'RSAES_OAEP_SHA_1',
      'RSAES_OAEP_SHA_256',
      'RSA_AES_KEY_WRAP_SHA_1',
      'RSA_AES_KEY_WRAP_SHA_256',
      'SM2PKE',
    ],
  },
  WrappingKeySpec: { type: 'string', required: true, values: ['RSA_2048', 'RSA_3072', 'RSA_4096', 'SM2'] },
} as const

const MODULUS_BITS = { RSA_2048: 2048, RSA_3072: 3072, RSA_4096: 4096 } as const

export const getParametersForImport = operation(input, async (request, context) => {
  const key = admit(context, 'GetParametersForImport', keyNamed(context, request.KeyId))
  const { WrappingAlgorithm: algorithm, WrappingKeySpec: wrappingKeySpec } = request
  if (!isWrappingAlgorithm(algorithm) || wrappingKeySpec === 'SM2') {
    throw wrappingNotSupported(algorithm, wrappingKeySpec)
  }
  const bits = MODULUS_BITS[wrappingKeySpec]
  if (!canWrap(algorithm, bits, key.family.keySpec)) throw cannotWrap(algorithm, wrappingKeySpec, key.family.keySpec)

  const { publicKey, privateKey } = await newKeyPair(wrappingKeySpec)
  const { token, validTo } = sealImportToken(key, algorithm, privateKey, context.now)
  context.store.save(key.family)
  return {
    KeyId: key.arn,
    ImportToken: token,
    PublicKey: publicKey.export({ format: 'der', type: 'spki' }),
    ParametersValidTo: new Date(validTo),
  }
})

/** Unconfirmed: the exception for RSAES_PKCS1_V1_5, withdrawn in October 2023, and for SM2 outside of China. */
const wrappingNotSupported = (algorithm: string, wrappingKeySpec: string): KmsError =>
  unsupported(`WrappingAlgorithm ${algorithm} with WrappingKeySpec ${wrappingKeySpec} is not supported.`)

/** An RSA private key is too long for RSA alone; so is one of ECC_NIST_P521, according to KMS, for 2048 bits. */
function canWrap(algorithm: WrappingAlgorithm, bits: number, keySpec: KeySpec): boolean {
  if (usesAesKey(algorithm)) return true
  return materialOf(keySpec).kind !== 'rsa' && !(keySpec === 'ECC_NIST_P521' && bits === 2048)
}

/** Unconfirmed: the exception, and that KMS refuses here already and not only at the import. */
const cannotWrap = (algorithm: string, wrappingKeySpec: string, keySpec: KeySpec): KmsError =>
  unsupported(
    `WrappingAlgorithm ${algorithm} with WrappingKeySpec ${wrappingKeySpec} cannot wrap key material for KeySpec ${keySpec}.`,
  )
