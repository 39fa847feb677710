// Proofs that members of a family are interchangeable: what one makes, another must be able to use.

import { createHash, randomBytes } from 'node:crypto'
import { type KeyKind, makeBlob, tryBlob } from './cryptography'
import { type KmsError, toKmsError } from './errors'

/** What a proof leaves behind: public bytes and a digest, never a plaintext. */
export interface Proof {
  region: string
  algorithm: string
  /** Base64 ciphertext, signature or MAC. */
  blob: string
  /** Hex SHA-256 of the random plaintext, or of the random bytes that the message is derived from. */
  digest: string
}

export type ProofVerdict = 'proven' | 'failed' | 'not permitted' | 'not readable'

export interface ProofResult {
  result: ProofVerdict
  latencyMs?: number
  message?: string
}

const PLAINTEXT_BYTES = 32

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/**
 * The message of a signature or MAC: the digest's own hex digits as ASCII. It can be made again from what is
 * stored, and is no secret; a ciphertext has a random plaintext instead, of which only the digest is kept.
 */
const messageOf = (digest: string) => new TextEncoder().encode(digest)

const isEncryption = ({ keyUsage }: KeyKind) => keyUsage === 'ENCRYPT_DECRYPT'

/** Encrypts, signs or authenticates something random with the member in the Region; throws a `KmsError`. */
export async function makeProof(key: KeyKind & { region: string; keyId: string }): Promise<Proof> {
  const secret = randomBytes(PLAINTEXT_BYTES)
  const digest = sha256(secret)
  const made = await makeBlob(
    { region: key.region, purpose: 'run' },
    { ...key, target: key.keyId },
    isEncryption(key) ? secret : messageOf(digest),
  )
  return { region: key.region, algorithm: made.algorithm, blob: Buffer.from(made.blob).toString('base64'), digest }
}

/**
 * What a refusal says about a proof. A member that cannot do it has failed; one that may not be asked, or could not
 * be asked, says nothing about itself.
 */
export function proofResultOf(error: KmsError): ProofResult {
  const verdicts: Record<KmsError['kind'], ProofVerdict> = {
    denied: 'not permitted',
    'disabled-region': 'not readable',
    throttled: 'not readable',
    unreachable: 'not readable',
    unsupported: 'not readable',
    internal: 'not readable',
    limit: 'not readable',
    'already-exists': 'not readable',
    'not-found': 'failed',
    'invalid-state': 'failed',
    invalid: 'failed',
  }
  return { result: verdicts[error.kind], message: `${error.awsName}: ${error.message}` }
}

/** The member's own MAC of the same message must be the same bytes; one that may only verify has proven enough. */
async function sameMac(
  proof: Proof,
  to: { region: string; arn: string },
  kind: KeyKind,
): Promise<Pick<ProofResult, 'message'> & { same: boolean }> {
  try {
    const own = await makeBlob(
      { region: to.region, purpose: 'run' },
      { ...kind, target: to.arn },
      messageOf(proof.digest),
    )
    return Buffer.from(own.blob).toString('base64') === proof.blob
      ? { same: true }
      : { same: false, message: `${to.region} makes another MAC of the same message` }
  } catch (thrown) {
    const error = toKmsError(thrown, to.region)
    if (error.kind !== 'denied') throw error
    return { same: true, message: `Verified; ${to.region} may not make MACs itself` }
  }
}

/**
 * Tries in one Region what was made in another (or in the same one, before a change): decrypts and compares the
 * SHA-256, verifies the signature, or verifies the MAC and makes it again. It names the ARN of the *trying* member
 * and the algorithm, so that neither a guess of KMS nor another key can make it pass.
 */
export async function tryProof({
  baseline,
  to,
  keySpec,
  keyUsage,
}: KeyKind & { baseline: Proof; to: { region: string; arn: string } }): Promise<ProofResult> {
  const kind = { keySpec, keyUsage }
  try {
    const tried = await tryBlob(
      { region: to.region, purpose: 'run' },
      { ...kind, target: to.arn, algorithm: baseline.algorithm },
      Buffer.from(baseline.blob, 'base64'),
      messageOf(baseline.digest),
    )
    if (isEncryption(kind) && (!tried.plaintext || sha256(tried.plaintext) !== baseline.digest)) {
      return {
        result: 'failed',
        latencyMs: tried.latencyMs,
        message: `${to.region} decrypted to something else than what ${baseline.region} encrypted`,
      }
    }
    if (keyUsage !== 'GENERATE_VERIFY_MAC') return { result: 'proven', latencyMs: tried.latencyMs }
    const { same, message } = await sameMac(baseline, to, kind)
    return { result: same ? 'proven' : 'failed', latencyMs: tried.latencyMs, ...(message && { message }) }
  } catch (error) {
    return proofResultOf(toKmsError(error, to.region))
  }
}
