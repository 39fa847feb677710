// Cryptographic calls by key usage: what a member makes, and whether another member can use it.

import {
  DecryptCommand,
  EncryptCommand,
  type EncryptionAlgorithmSpec,
  GenerateMacCommand,
  type MacAlgorithmSpec,
  SignCommand,
  type SigningAlgorithmSpec,
  VerifyCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms'
import { algorithmFor } from '@/lib/topology/key-spec'
import { type Ask, ask } from './ask'
import { KmsError } from './errors'

export interface KeyKind {
  keySpec: string
  keyUsage: string
}

interface Answered {
  /** The member that did the work, as KMS names it. */
  keyArn: string
  requestId: string | null
  latencyMs: number
}

export interface Made extends Answered {
  algorithm: string
  /** Ciphertext, signature or MAC. */
  blob: Uint8Array
}

export interface Tried extends Answered {
  /** The plaintext; only after a decryption. */
  plaintext?: Uint8Array
}

const usages = ['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'GENERATE_VERIFY_MAC'] as const
type Usage = (typeof usages)[number]

const isSupported = (keyUsage: string): keyUsage is Usage => usages.some((usage) => usage === keyUsage)

/** The algorithm for proofs with such a key, or an error of kind `unsupported` in words. */
function algorithmOf({ keySpec, keyUsage }: KeyKind, region: string): { usage: Usage; algorithm: string } {
  const algorithm = algorithmFor(keySpec, keyUsage)
  if (isSupported(keyUsage) && algorithm !== null) return { usage: keyUsage, algorithm }
  throw new KmsError(`Keys of the kind ${keySpec} for ${keyUsage} cannot be tried from here yet`, {
    awsName: 'UnsupportedKeyUsage',
    kind: 'unsupported',
    region,
    mayHaveHappened: false,
    whatToDo: 'Try the key from an application that uses it.',
  })
}

async function timed<T>(call: () => Promise<T>): Promise<[T, number]> {
  const start = performance.now()
  const answer = await call()
  return [answer, Math.round(performance.now() - start)]
}

interface Output {
  KeyId?: string | undefined
  $metadata: { requestId?: string | undefined }
}

const answered = (output: Output, latencyMs: number): Answered => ({
  keyArn: output.KeyId ?? '',
  requestId: output.$metadata.requestId ?? null,
  latencyMs,
})

/**
 * Encrypts, signs or authenticates the bytes with a key (id, ARN or alias) of the Region.
 *
 * Symmetric encryption goes without an encryption context: whoever decrypts would have to repeat it exactly, and a
 * context that names a Region would break in the next one (KMS Developer Guide, "Encryption context").
 */
export async function makeBlob(where: Ask, key: KeyKind & { target: string }, bytes: Uint8Array): Promise<Made> {
  const { usage, algorithm } = algorithmOf(key, where.region)
  const KeyId = key.target
  switch (usage) {
    case 'ENCRYPT_DECRYPT': {
      const EncryptionAlgorithm = algorithm as EncryptionAlgorithmSpec
      const [output, latencyMs] = await timed(() =>
        ask(where, 'Encrypt', (client, options) =>
          client.send(new EncryptCommand({ KeyId, Plaintext: bytes, EncryptionAlgorithm }), options),
        ),
      )
      return { ...answered(output, latencyMs), algorithm, blob: output.CiphertextBlob ?? new Uint8Array() }
    }
    case 'SIGN_VERIFY': {
      const SigningAlgorithm = algorithm as SigningAlgorithmSpec
      const [output, latencyMs] = await timed(() =>
        ask(where, 'Sign', (client, options) =>
          client.send(new SignCommand({ KeyId, Message: bytes, MessageType: 'RAW', SigningAlgorithm }), options),
        ),
      )
      return { ...answered(output, latencyMs), algorithm, blob: output.Signature ?? new Uint8Array() }
    }
    case 'GENERATE_VERIFY_MAC': {
      const MacAlgorithm = algorithm as MacAlgorithmSpec
      const [output, latencyMs] = await timed(() =>
        ask(where, 'GenerateMac', (client, options) =>
          client.send(new GenerateMacCommand({ KeyId, Message: bytes, MacAlgorithm }), options),
        ),
      )
      return { ...answered(output, latencyMs), algorithm, blob: output.Mac ?? new Uint8Array() }
    }
  }
}

/**
 * Decrypts the ciphertext, or verifies the signature or MAC of `message`, with a key of the Region; the algorithm
 * is the one it was made with. What does not fit is thrown, as KMS answers it with an exception.
 */
export async function tryBlob(
  where: Ask,
  key: KeyKind & { target: string; algorithm: string },
  blob: Uint8Array,
  message: Uint8Array,
): Promise<Tried> {
  const { usage } = algorithmOf(key, where.region)
  const KeyId = key.target
  switch (usage) {
    case 'ENCRYPT_DECRYPT': {
      const EncryptionAlgorithm = key.algorithm as EncryptionAlgorithmSpec
      const [output, latencyMs] = await timed(() =>
        ask(where, 'Decrypt', (client, options) =>
          client.send(new DecryptCommand({ KeyId, CiphertextBlob: blob, EncryptionAlgorithm }), options),
        ),
      )
      return { ...answered(output, latencyMs), plaintext: output.Plaintext ?? new Uint8Array() }
    }
    case 'SIGN_VERIFY': {
      const SigningAlgorithm = key.algorithm as SigningAlgorithmSpec
      const [output, latencyMs] = await timed(() =>
        ask(where, 'Verify', (client, options) =>
          client.send(
            new VerifyCommand({ KeyId, Message: message, MessageType: 'RAW', Signature: blob, SigningAlgorithm }),
            options,
          ),
        ),
      )
      return answered(output, latencyMs)
    }
    case 'GENERATE_VERIFY_MAC': {
      const MacAlgorithm = key.algorithm as MacAlgorithmSpec
      const [output, latencyMs] = await timed(() =>
        ask(where, 'VerifyMac', (client, options) =>
          client.send(new VerifyMacCommand({ KeyId, Message: message, Mac: blob, MacAlgorithm }), options),
        ),
      )
      return answered(output, latencyMs)
    }
  }
}
