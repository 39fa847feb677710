// The crypto check: a person's text, encrypted (signed, authenticated) in one Region and tried in another.

import { z } from 'zod'

/** Bytes that KMS takes in one call (KMS API Reference, Encrypt, Sign and GenerateMac). */
const MAX_BYTES = 4096

/** RSA takes less: key size minus the padding of OAEP with SHA-256 (KMS API Reference, Encrypt). */
const maxRsaBytes: Readonly<Record<string, number>> = { RSA_2048: 190, RSA_3072: 318, RSA_4096: 446 }

/** The longest text, in bytes of UTF-8, that a key of this kind takes. */
export const maxTextBytes = (keySpec: string, keyUsage: string): number =>
  keyUsage === 'ENCRYPT_DECRYPT' && Object.hasOwn(maxRsaBytes, keySpec)
    ? (maxRsaBytes[keySpec] ?? MAX_BYTES)
    : MAX_BYTES

const target = z
  .string()
  .regex(/^(alias\/[a-zA-Z0-9/_-]+|mrk-[0-9a-f]{32}|arn:[^\s]+)$/, 'Choose an alias or the key itself')

export const cryptoCheckRequest = z
  .object({
    keyId: z.string().startsWith('mrk-'),
    keySpec: z.string().min(1),
    keyUsage: z.string().min(1),
    fromRegion: z.string().min(1, 'Choose a Region'),
    toRegion: z.string().min(1, 'Choose a Region'),
    /** What names the key in `fromRegion`: an alias, the key id or that member's ARN. */
    fromTarget: target,
    /** What names the key in `toRegion`. */
    target,
    text: z.string().min(1, 'Type a text'),
  })
  .superRefine(({ keySpec, keyUsage, text }, context) => {
    const most = maxTextBytes(keySpec, keyUsage)
    if (new TextEncoder().encode(text).length <= most) return
    context.addIssue({ code: 'custom', path: ['text'], message: `This key takes at most ${most} bytes` })
  })
export type CryptoCheckRequest = z.infer<typeof cryptoCheckRequest>

export interface CryptoCheckResult {
  algorithm: string
  /** What was made in `fromRegion`; `keyArn` is the member that KMS says did the work. */
  made: { region: string; keyArn: string; blobBase64: string; requestId: string | null; latencyMs: number }
  /** What came of it in `toRegion`. */
  tried: {
    region: string
    /** Null when KMS refused: a refusal names no member. */
    keyArn: string | null
    ok: boolean
    /** The decrypted text; signatures and MACs are only verified. */
    text?: string
    requestId: string | null
    latencyMs: number
    error?: { awsName: string; message: string; whatToDo: string }
  }
  /** One sentence on what this shows about the key material of both members. */
  note: string
}
