// RSA: OAEP encryption, and signatures over a digest that the caller has already made.

import {
  constants,
  createHash,
  type KeyObject,
  privateDecrypt,
  privateEncrypt,
  publicDecrypt,
  publicEncrypt,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

const OAEP_HASHES: Record<string, { hash: string; bytes: number }> = {
  RSAES_OAEP_SHA_1: { hash: 'sha1', bytes: 20 },
  RSAES_OAEP_SHA_256: { hash: 'sha256', bytes: 32 },
}

const modulusBits = (key: KeyObject) => key.asymmetricKeyDetails?.modulusLength ?? 0

export function maxPlaintextBytes(bits: number, algorithm: string): number {
  return bits / 8 - 2 * (OAEP_HASHES[algorithm]?.bytes ?? 0) - 2
}

export function oaepEncrypt(publicKey: KeyObject, algorithm: string, plaintext: Buffer): Buffer {
  return publicEncrypt(oaep(publicKey, algorithm), plaintext)
}

/** The plaintext, or nothing when it was encrypted under another key or algorithm. */
export function oaepDecrypt(privateKey: KeyObject, algorithm: string, ciphertext: Buffer): Buffer | undefined {
  try {
    return privateDecrypt(oaep(privateKey, algorithm), ciphertext)
  } catch {
    return undefined
  }
}

const oaep = (key: KeyObject, algorithm: string) => ({
  key,
  padding: constants.RSA_PKCS1_OAEP_PADDING,
  oaepHash: OAEP_HASHES[algorithm]?.hash ?? 'sha256',
})

/** DER prefixes of DigestInfo, by hash (RFC 8017, 9.2). */
const DIGEST_INFO: Record<string, string> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
}

const digestInfo = (hash: string, digest: Buffer) =>
  Buffer.concat([Buffer.from(DIGEST_INFO[hash] ?? '', 'hex'), digest])

export function signDigestPkcs1(privateKey: KeyObject, hash: string, digest: Buffer): Buffer {
  return privateEncrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, digestInfo(hash, digest))
}

export function verifyDigestPkcs1(publicKey: KeyObject, hash: string, digest: Buffer, signature: Buffer): boolean {
  try {
    const found = publicDecrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, signature)
    return found.equals(digestInfo(hash, digest))
  } catch {
    return false
  }
}

/** EMSA-PSS (RFC 8017, 9.1) with a salt as long as the digest, as KMS makes it. */
export function signDigestPss(privateKey: KeyObject, hash: string, digest: Buffer): Buffer {
  const bits = modulusBits(privateKey) - 1
  const length = Math.ceil(bits / 8)
  const salt = randomBytes(digest.length)
  const trailer = createHash(hash).update(Buffer.alloc(8)).update(digest).update(salt).digest()
  const block = Buffer.alloc(length - trailer.length - 1)
  block[block.length - salt.length - 1] = 1
  salt.copy(block, block.length - salt.length)
  const masked = xor(block, mask(hash, trailer, block.length))
  masked[0] = (masked[0] ?? 0) & (0xff >> (8 * length - bits))
  const encoded = Buffer.concat([masked, trailer, Buffer.from([0xbc])])
  return privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, encoded)
}

export function verifyDigestPss(publicKey: KeyObject, hash: string, digest: Buffer, signature: Buffer): boolean {
  let encoded: Buffer
  try {
    encoded = publicDecrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, signature)
  } catch {
    return false
  }
  const bits = modulusBits(publicKey) - 1
  const unused = 8 * encoded.length - bits
  if (encoded.at(-1) !== 0xbc || (encoded[0] ?? 0) >> (8 - unused) !== 0) return false
  const trailer = encoded.subarray(-digest.length - 1, -1)
  const masked = encoded.subarray(0, -digest.length - 1)
  const block = xor(masked, mask(hash, trailer, masked.length))
  block[0] = (block[0] ?? 0) & (0xff >> unused)
  const saltStart = block.length - digest.length
  if (block.subarray(0, saltStart - 1).some((byte) => byte !== 0) || block[saltStart - 1] !== 1) return false
  const salt = block.subarray(saltStart)
  const expected = createHash(hash).update(Buffer.alloc(8)).update(digest).update(salt).digest()
  return timingSafeEqual(expected, trailer)
}

/** MGF1 */
function mask(hash: string, seed: Buffer, length: number): Buffer {
  const blocks: Buffer[] = []
  for (let made = 0, counter = 0; made < length; counter++) {
    const number = Buffer.alloc(4)
    number.writeUInt32BE(counter)
    const block = createHash(hash).update(seed).update(number).digest()
    blocks.push(block)
    made += block.length
  }
  return Buffer.concat(blocks).subarray(0, length)
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)))
}
