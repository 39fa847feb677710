// One call of each cryptographic operation, with a key that suits it, for tests that go through all of them.

import { generateKeyPairSync } from 'node:crypto'
import {
  type CreateKeyCommandInput,
  DecapsulateCommand,
  DecryptCommand,
  DeriveSharedSecretCommand,
  EncapsulateCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyPairCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateMacCommand,
  type KeyLastUsageTrackingOperation,
  type KMSClient,
  ReEncryptCommand,
  SignCommand,
  VerifyCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms'

type Call = {
  /** The key it needs; a symmetric encryption key when nothing is said. */
  key?: CreateKeyCommandInput
  /** What must have been made before with the same key: a ciphertext, a signature or a MAC. */
  prepare?: (kms: KMSClient, KeyId: string) => Promise<Uint8Array | undefined>
  send: (
    kms: KMSClient,
    common: { KeyId: string; DryRun?: boolean },
    prepared: Uint8Array | undefined,
  ) => Promise<{ $metadata: { requestId?: string } }>
}

const bytes = Buffer.from('attack at dawn')
const peer = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey.export({ format: 'der', type: 'spki' })
const Signing = { Message: bytes, SigningAlgorithm: 'ECDSA_SHA_256' } as const
const Mac = { Message: bytes, MacAlgorithm: 'HMAC_SHA_256' } as const
const Kem = { EncapsulationAlgorithm: 'ML_KEM' } as const

const signingKey = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' } as const
const agreementKey = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' } as const
const macKey = { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' } as const
const kemKey = { KeySpec: 'ML_KEM_768', KeyUsage: 'ENCAPSULATE_DECAPSULATE' } as const

const encrypted = async (kms: KMSClient, KeyId: string) =>
  (await kms.send(new EncryptCommand({ KeyId, Plaintext: bytes }))).CiphertextBlob

/** By the name of the operation: all those of which KMS tells the last use. */
export const CRYPTOGRAPHIC_CALLS: Record<KeyLastUsageTrackingOperation, Call> = {
  Encrypt: { send: (kms, common) => kms.send(new EncryptCommand({ ...common, Plaintext: bytes })) },
  Decrypt: {
    prepare: encrypted,
    send: (kms, common, CiphertextBlob) => kms.send(new DecryptCommand({ ...common, CiphertextBlob })),
  },
  ReEncrypt: {
    prepare: encrypted,
    send: (kms, { KeyId, DryRun }, CiphertextBlob) =>
      kms.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: KeyId, DryRun })),
  },
  GenerateDataKey: { send: (kms, common) => kms.send(new GenerateDataKeyCommand({ ...common, KeySpec: 'AES_256' })) },
  GenerateDataKeyWithoutPlaintext: {
    send: (kms, common) => kms.send(new GenerateDataKeyWithoutPlaintextCommand({ ...common, KeySpec: 'AES_256' })),
  },
  GenerateDataKeyPair: {
    send: (kms, common) => kms.send(new GenerateDataKeyPairCommand({ ...common, KeyPairSpec: 'ECC_NIST_P256' })),
  },
  GenerateDataKeyPairWithoutPlaintext: {
    send: (kms, common) =>
      kms.send(new GenerateDataKeyPairWithoutPlaintextCommand({ ...common, KeyPairSpec: 'ECC_NIST_P256' })),
  },
  GenerateMac: { key: macKey, send: (kms, common) => kms.send(new GenerateMacCommand({ ...common, ...Mac })) },
  VerifyMac: {
    key: macKey,
    prepare: async (kms, KeyId) => (await kms.send(new GenerateMacCommand({ KeyId, ...Mac }))).Mac,
    send: (kms, common, made) => kms.send(new VerifyMacCommand({ ...common, ...Mac, Mac: made })),
  },
  Sign: { key: signingKey, send: (kms, common) => kms.send(new SignCommand({ ...common, ...Signing })) },
  Verify: {
    key: signingKey,
    prepare: async (kms, KeyId) => (await kms.send(new SignCommand({ KeyId, ...Signing }))).Signature,
    send: (kms, common, Signature) => kms.send(new VerifyCommand({ ...common, ...Signing, Signature })),
  },
  DeriveSharedSecret: {
    key: agreementKey,
    send: (kms, common) =>
      kms.send(new DeriveSharedSecretCommand({ ...common, KeyAgreementAlgorithm: 'ECDH', PublicKey: peer })),
  },
  Encapsulate: { key: kemKey, send: (kms, common) => kms.send(new EncapsulateCommand({ ...common, ...Kem })) },
  Decapsulate: {
    key: kemKey,
    prepare: async (kms, KeyId) =>
      (await kms.send(new EncapsulateCommand({ KeyId, ...Kem }))).SharedSecretCiphertextBlob,
    send: (kms, common, SharedSecretCiphertextBlob) =>
      kms.send(new DecapsulateCommand({ ...common, ...Kem, SharedSecretCiphertextBlob })),
  },
}
