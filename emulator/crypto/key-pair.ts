// New key pairs of every kind that KMS makes, for keys and for data keys. RSA takes up to seconds.

import { generateKeyPair, type KeyObject } from 'node:crypto'
import { type KeySpec, materialOf } from '../key-specs.ts'

export type KeyPair = { publicKey: KeyObject; privateKey: KeyObject }

export function newKeyPair(keySpec: KeySpec): Promise<KeyPair> {
  const material = materialOf(keySpec)
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, publicKey: KeyObject, privateKey: KeyObject) =>
      error ? reject(error) : resolve({ publicKey, privateKey })
    switch (material.kind) {
      case 'rsa':
        return generateKeyPair('rsa', { modulusLength: material.bits }, done)
      case 'ec':
        return generateKeyPair('ec', { namedCurve: material.curve }, done)
      case 'ed25519':
        return generateKeyPair('ed25519', undefined, done)
      case 'ml-dsa':
        return generateKeyPair(material.parameters, undefined, done)
      case 'ml-kem':
        return generateKeyPair(material.parameters, undefined, done)
      default:
        return reject(new Error(`${keySpec} has no key pair`))
    }
  })
}
