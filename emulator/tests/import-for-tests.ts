// Brings key material into a key as a client does it, in each way of wrapping.

import { constants, createCipheriv, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto'
import {
  type AlgorithmSpec,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  type ImportKeyMaterialCommandInput,
  type KMSClient,
  type WrappingKeySpec,
} from '@aws-sdk/client-kms'

export type Parameters = { ImportToken: Uint8Array; PublicKey: Uint8Array; algorithm: AlgorithmSpec }

export async function parametersFor(
  kms: KMSClient,
  KeyId: string,
  algorithm: AlgorithmSpec = 'RSAES_OAEP_SHA_256',
  WrappingKeySpec: WrappingKeySpec = 'RSA_2048',
): Promise<Parameters> {
  const { ImportToken, PublicKey } = await kms.send(
    new GetParametersForImportCommand({ KeyId, WrappingAlgorithm: algorithm, WrappingKeySpec }),
  )
  if (!ImportToken || !PublicKey) throw new Error('the parameters are not there')
  return { ImportToken, PublicKey, algorithm }
}

/** The material as it goes over the wire: under RSA alone, or under an AES key that is under RSA. */
export function wrap({ PublicKey, algorithm }: Parameters, material: Buffer, aesKey = randomBytes(32)): Buffer {
  const oaep = {
    key: createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' }),
    padding: constants.RSA_PKCS1_OAEP_PADDING,
    oaepHash: algorithm.endsWith('SHA_1') ? 'sha1' : 'sha256',
  }
  if (algorithm.startsWith('RSAES')) return publicEncrypt(oaep, material)
  const cipher = createCipheriv(`id-aes${aesKey.length * 8}-wrap-pad`, aesKey, Buffer.from('a65959a6', 'hex'))
  return Buffer.concat([publicEncrypt(oaep, aesKey), cipher.update(material), cipher.final()])
}

type More = Partial<ImportKeyMaterialCommandInput>

/** Imports with parameters that may serve several imports; without an expiry, unless `more` says so. */
export function importWith(kms: KMSClient, KeyId: string, parameters: Parameters, material: Buffer, more: More = {}) {
  const input = { ImportToken: parameters.ImportToken, EncryptedKeyMaterial: wrap(parameters, material) }
  const expiration = more.ValidTo ? {} : ({ ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' } as const)
  return kms.send(new ImportKeyMaterialCommand({ KeyId, ...input, ...expiration, ...more }))
}

export async function importMaterial(kms: KMSClient, KeyId: string, material: Buffer, more: More = {}) {
  return importWith(kms, KeyId, await parametersFor(kms, KeyId), material, more)
}
