// Symmetric ciphertext: AES-256-GCM in an envelope that names the key ID and the version of the key material. There is no
// Region in it, so any related multi-Region key can open it.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const VERSION = 1
const MATERIAL_ID_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16

export type EncryptionContext = Record<string, string>

export type Envelope = { keyId: string; materialId: string; header: Buffer; iv: Buffer; sealed: Buffer; tag: Buffer }

export function seal(
  keyId: string,
  material: { id: string; secret: Buffer },
  plaintext: Buffer,
  encryptionContext: EncryptionContext = {},
): Buffer {
  const header = Buffer.concat([
    Buffer.from([VERSION, keyId.length]),
    Buffer.from(keyId, 'latin1'),
    Buffer.from(material.id, 'hex'),
  ])
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', material.secret, iv)
  cipher.setAAD(Buffer.concat([header, canonical(encryptionContext)]))
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()])
  return Buffer.concat([header, iv, cipher.getAuthTag(), sealed])
}

/** The parts of a ciphertext, or nothing when it is not one of ours. */
export function readEnvelope(blob: Buffer): Envelope | undefined {
  const headerBytes = 2 + (blob[1] ?? 0) + MATERIAL_ID_BYTES
  if (blob[0] !== VERSION || blob.length < headerBytes + IV_BYTES + TAG_BYTES) return undefined
  const body = blob.subarray(headerBytes)
  return {
    keyId: blob.toString('latin1', 2, headerBytes - MATERIAL_ID_BYTES),
    materialId: blob.toString('hex', headerBytes - MATERIAL_ID_BYTES, headerBytes),
    header: blob.subarray(0, headerBytes),
    iv: body.subarray(0, IV_BYTES),
    tag: body.subarray(IV_BYTES, IV_BYTES + TAG_BYTES),
    sealed: body.subarray(IV_BYTES + TAG_BYTES),
  }
}

/** The plaintext, or nothing when the ciphertext or its encryption context was tampered with. */
export function unseal(
  envelope: Envelope,
  secret: Buffer,
  encryptionContext: EncryptionContext = {},
): Buffer | undefined {
  const decipher = createDecipheriv('aes-256-gcm', secret, envelope.iv)
  decipher.setAAD(Buffer.concat([envelope.header, canonical(encryptionContext)]))
  decipher.setAuthTag(envelope.tag)
  try {
    return Buffer.concat([decipher.update(envelope.sealed), decipher.final()])
  } catch {
    return undefined // authentication failed; KMS tells no more than that either
  }
}

/** The pairs count, their order does not. */
function canonical(encryptionContext: EncryptionContext): Buffer {
  const pairs = Object.entries(encryptionContext).sort(([a], [b]) => (a < b ? -1 : 1))
  return Buffer.from(JSON.stringify(pairs))
}
