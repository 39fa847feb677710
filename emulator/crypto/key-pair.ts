// New key pairs of every kind that KMS makes, for keys and for data keys. RSA takes up to seconds.

import { generateKeyPair, type KeyObject } from 'node:crypto'
import { type KeySpec, materialOf } from '../keys/key-specs.ts'

export type KeyPair = { publicKey: KeyObject; privateKey: KeyObject }

/** They are made on the four threads that also write files: with more of them at once, every change would wait. */
const MOST_AT_ONCE = 2
let inTheMaking = 0
const waiting: (() => void)[] = []

/** Whether the end of the process would have to wait until a key pair is made. */
export const isMakingKeyPairs = () => inTheMaking > 0

export async function newKeyPair(keySpec: KeySpec): Promise<KeyPair> {
  if (inTheMaking === MOST_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  else inTheMaking += 1
  try {
    return await makeKeyPair(keySpec)
  } finally {
    const next = waiting.shift()
    if (next) next()
    else inTheMaking -= 1
  }
}

function makeKeyPair(keySpec: KeySpec): Promise<KeyPair> {
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
