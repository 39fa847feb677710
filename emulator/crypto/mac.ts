// HMAC, as KMS offers it: plain algorithm output without metadata.

import { createHmac } from 'node:crypto'

export function macOf(secret: Buffer, algorithm: string, message: Buffer): Buffer {
  return createHmac(`sha${algorithm.slice(-3)}`, secret)
    .update(message)
    .digest()
}
