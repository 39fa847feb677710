// The secrets behind keys. Key pairs are made when first needed, since making an RSA pair takes up to seconds.

import { createHash, createPrivateKey, createPublicKey, type KeyObject, randomBytes } from 'node:crypto'
import { newKeyPair } from '../crypto/key-pair.ts'
import { bytesFrom, privateKeyFrom } from '../crypto/seeded-key-pair.ts'
import type { Store } from '../state/store.ts'
import { invalidState } from '../wire/errors.ts'
import { currentMaterial, type Family, type ImportedMaterial, type Key, type KeyMaterial } from './family.ts'
import { importedCopy, importedMaterialId } from './imported-material.ts'
import { type KeySpec, materialOf } from './key-specs.ts'

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

/**
 * A version of imported material of a key that is loaded instead, which anybody can derive and import again: the bytes
 * that follow from "KEYID material NUMBER". Of a key pair they are not there before first use.
 */
export function seededImport(keySpec: KeySpec, keyId: string, number: number): KeyMaterial {
  const material = seededMaterial(keySpec, `${keyId} material ${number}`)
  return material.secret ? { ...material, id: importedMaterialId(keyId, material.secret) } : material
}

/** The material new ciphertext and MACs are made with. Without one, the state of the key has already refused. */
export function secretMaterial(key: Key): { id: string; secret: Buffer } {
  const material = currentOf(key.family)
  return withSecret(material, holderOf(key, material))
}

/** The version a ciphertext was made with, if the key has it. */
export function secretMaterialNamed(key: Key, materialId: string): { id: string; secret: Buffer } | undefined {
  const material = key.family.materials.find(({ id }) => id === materialId)
  if (!material || (key.family.origin === 'EXTERNAL' && !importedCopy(key, materialId))) return undefined
  return withSecret(material, holderOf(key, material))
}

function currentOf(family: Family): KeyMaterial {
  const material = currentMaterial(family)
  if (!material) throw new Error('the key has no material')
  return material
}

type Holder = KeyMaterial | ImportedMaterial

/** What has the bytes of a version: the family, or, when it was imported, the member itself. */
function holderOf(key: Key, material: KeyMaterial): Holder {
  if (key.family.origin !== 'EXTERNAL') return material
  const copy = importedCopy(key, material.id)
  if (!copy) throw invalidState(`${key.arn} is pending import.`) // lost while the key is Updating
  return copy.secret ? copy : material
}

function withSecret({ id }: KeyMaterial, { secret }: Holder): { id: string; secret: Buffer } {
  if (!secret) throw new Error('the key has no material')
  return { id, secret }
}

const keyObjects = new WeakMap<Holder, Promise<KeyObject>>()

/** The private key of an asymmetric key; made and kept at the first call. */
export function privateKeyOf(store: Store, key: Key): Promise<KeyObject> {
  return keyObjectOf(store, key.family, holderOf(key, currentOf(key.family)))
}

/** The public key; of imported material known to every related key, even while its private half is gone. */
export async function publicKeyOf(store: Store, { family }: Key): Promise<KeyObject> {
  const material = currentOf(family)
  if (material.publicKey) return createPublicKey({ key: material.publicKey, format: 'der', type: 'spki' })
  return createPublicKey(await keyObjectOf(store, family, material))
}

function keyObjectOf(store: Store, family: Family, holder: Holder): Promise<KeyObject> {
  const known = keyObjects.get(holder)
  if (known) return known
  const made = loadOrMake(store, family, holder)
  keyObjects.set(holder, made)
  made.catch(() => keyObjects.delete(holder)) // whoever asks next tries again
  return made
}

async function loadOrMake(store: Store, family: Family, holder: Holder): Promise<KeyObject> {
  if (holder.secret) return createPrivateKey({ key: holder.secret, format: 'der', type: 'pkcs8' })
  const seed = 'seed' in holder ? holder.seed : undefined
  const privateKey = await (seed === undefined ? newPrivateKey(family.keySpec) : privateKeyFrom(seed, family.keySpec))
  holder.secret = privateKey.export({ format: 'der', type: 'pkcs8' })
  store.save(family)
  return privateKey
}

const newPrivateKey = async (keySpec: KeySpec) => (await newKeyPair(keySpec)).privateKey
