// The secrets behind keys. Key pairs are made when first needed, since making an RSA pair takes up to seconds.

import { createHash, createPrivateKey, createPublicKey, type KeyObject, randomBytes } from 'node:crypto'
import { newKeyPair } from './crypto/key-pair.ts'
import { bytesFrom, privateKeyFrom } from './crypto/seeded-key-pair.ts'
import { currentMaterial, type Family, type Key, type KeyMaterial } from './family.ts'
import { type KeySpec, materialOf } from './key-specs.ts'
import type { Store } from './store.ts'

/** A first version of the material for a new key. */
export function newMaterial(keySpec: KeySpec): KeyMaterial {
  const material = materialOf(keySpec)
  const id = randomBytes(32).toString('hex')
  return 'bytes' in material ? { id, secret: randomBytes(material.bytes) } : { id }
}

/** A version of the material of a scenario's key, the same each time. */
export function seededMaterial(keySpec: KeySpec, seed: string): KeyMaterial {
  const material = materialOf(keySpec)
  const id = createHash('sha256').update(seed).digest('hex')
  return 'bytes' in material ? { id, secret: bytesFrom(seed, material.bytes) } : { id, seed }
}

/** The material new ciphertext and MACs are made with. Without one, the state of the key has already refused. */
export function secretMaterial({ family }: Key): { id: string; secret: Buffer } {
  return withSecret(currentMaterial(family))
}

/** The version a ciphertext was made with, if the key has it. */
export function secretMaterialNamed({ family }: Key, materialId: string): { id: string; secret: Buffer } | undefined {
  const material = family.materials.find(({ id }) => id === materialId)
  return material && withSecret(material)
}

function withSecret(material: KeyMaterial | undefined): { id: string; secret: Buffer } {
  if (!material?.secret) throw new Error('the key has no material')
  return { id: material.id, secret: material.secret }
}

const keyObjects = new WeakMap<KeyMaterial, Promise<KeyObject>>()

/** The private key of an asymmetric key; made and kept at the first call. */
export function privateKeyOf(store: Store, { family }: Key): Promise<KeyObject> {
  const material = currentMaterial(family)
  if (!material) throw new Error('the key has no material')
  const known = keyObjects.get(material) ?? loadOrMake(store, family, material)
  keyObjects.set(material, known)
  return known
}

export async function publicKeyOf(store: Store, key: Key): Promise<KeyObject> {
  return createPublicKey(await privateKeyOf(store, key))
}

async function loadOrMake(store: Store, family: Family, material: KeyMaterial): Promise<KeyObject> {
  if (material.secret) return createPrivateKey({ key: material.secret, format: 'der', type: 'pkcs8' })
  const { seed } = material
  const privateKey = await (seed === undefined ? newPrivateKey(family.keySpec) : privateKeyFrom(seed, family.keySpec))
  material.secret = privateKey.export({ format: 'der', type: 'pkcs8' })
  store.save(family)
  return privateKey
}

const newPrivateKey = async (keySpec: KeySpec) => (await newKeyPair(keySpec)).privateKey
