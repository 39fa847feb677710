// ML-DSA over the message representative mu (FIPS 204, 6.2) that the caller has already computed, which node:crypto does
// not offer: it always computes mu itself.

import type { KeyObject } from 'node:crypto'
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js'

export const MU_BYTES = 64

const PARAMETER_SETS: Record<string, typeof ml_dsa44> = {
  'ml-dsa-44': ml_dsa44,
  'ml-dsa-65': ml_dsa65,
  'ml-dsa-87': ml_dsa87,
}

/** Unconfirmed: that two signatures of one mu differ; hedged like those that node:crypto makes over a message. */
export function signMu(privateKey: KeyObject, mu: Buffer): Buffer {
  const { keygen, internal } = parametersOf(privateKey)
  const { secretKey } = keygen(privateKey.export({ format: 'raw-seed' }))
  return Buffer.from(internal.sign(mu, secretKey, { externalMu: true }))
}

export function verifyMu(publicKey: KeyObject, mu: Buffer, signature: Buffer): boolean {
  const { internal, lengths } = parametersOf(publicKey)
  if (signature.length !== lengths.signature) return false
  return internal.verify(signature, mu, publicKey.export({ format: 'raw-public' }), { externalMu: true })
}

function parametersOf({ asymmetricKeyType }: KeyObject) {
  const parameters = PARAMETER_SETS[asymmetricKeyType ?? '']
  if (!parameters) throw new Error(`no parameters for ${asymmetricKeyType}`)
  return parameters
}
