// Key specs: what each kind of key can do, with which algorithms, and whether KMS rotates it.

import type { Family } from './topology'

export type KeyUsage =
  | 'ENCRYPT_DECRYPT'
  | 'SIGN_VERIFY'
  | 'GENERATE_VERIFY_MAC'
  | 'KEY_AGREEMENT'
  | 'ENCAPSULATE_DECAPSULATE'

/** An alias may be retargeted only between keys of one type (and one usage). */
export type KeyType = 'symmetric' | 'asymmetric' | 'HMAC'

type MultiRegionSupport = 'yes' | 'no' | 'unconfirmed'

interface KeySpec {
  /** The kind in words, e.g. `RSA 2048`. */
  label: string
  type: KeyType
  /** Algorithms by usage, the one used for proofs first. */
  usages: Partial<Record<KeyUsage, readonly [string, ...string[]]>>
  multiRegion: MultiRegionSupport
  /** Whether key material of this kind can be imported (origin `EXTERNAL`). */
  importable: boolean
  /** Only there, when given. */
  partitions?: readonly string[]
}

const rsa = (bits: number): KeySpec => ({
  label: `RSA ${bits}`,
  type: 'asymmetric',
  usages: {
    ENCRYPT_DECRYPT: ['RSAES_OAEP_SHA_256', 'RSAES_OAEP_SHA_1'],
    SIGN_VERIFY: [
      'RSASSA_PSS_SHA_256',
      'RSASSA_PSS_SHA_384',
      'RSASSA_PSS_SHA_512',
      'RSASSA_PKCS1_V1_5_SHA_256',
      'RSASSA_PKCS1_V1_5_SHA_384',
      'RSASSA_PKCS1_V1_5_SHA_512',
    ],
  },
  multiRegion: 'yes',
  importable: true,
})

const nistCurve = (bits: number, algorithm: string): KeySpec => ({
  label: `ECC NIST P-${bits}`,
  type: 'asymmetric',
  usages: { SIGN_VERIFY: [algorithm], KEY_AGREEMENT: ['ECDH'] },
  multiRegion: 'yes',
  importable: true,
})

const hmac = (bits: number): KeySpec => ({
  label: `HMAC ${bits}`,
  type: 'HMAC',
  usages: { GENERATE_VERIFY_MAC: [`HMAC_SHA_${bits}`] },
  multiRegion: 'yes',
  importable: true,
})

const mlDsa = (level: number): KeySpec => ({
  label: `ML-DSA-${level}`,
  type: 'asymmetric',
  usages: { SIGN_VERIFY: ['ML_DSA_SHAKE_256'] },
  multiRegion: 'yes',
  importable: false,
})

const mlKem = (size: number): KeySpec => ({
  label: `ML-KEM-${size}`,
  type: 'asymmetric',
  usages: { ENCAPSULATE_DECAPSULATE: ['ML_KEM'] },
  multiRegion: 'unconfirmed',
  importable: false,
})

/**
 * Every key spec that KMS documents, by its API name.
 *
 * Source: KMS Developer Guide, "Key spec reference" and "Special-purpose keys"; whether ML-KEM keys can be
 * multi-Region is stated nowhere.
 */
export const keySpecs: Readonly<Record<string, KeySpec>> = {
  SYMMETRIC_DEFAULT: {
    label: 'symmetric',
    type: 'symmetric',
    usages: { ENCRYPT_DECRYPT: ['SYMMETRIC_DEFAULT'] },
    multiRegion: 'yes',
    importable: true,
  },
  RSA_2048: rsa(2048),
  RSA_3072: rsa(3072),
  RSA_4096: rsa(4096),
  ECC_NIST_P256: nistCurve(256, 'ECDSA_SHA_256'),
  ECC_NIST_P384: nistCurve(384, 'ECDSA_SHA_384'),
  ECC_NIST_P521: nistCurve(521, 'ECDSA_SHA_512'),
  ECC_SECG_P256K1: {
    label: 'ECC secp256k1',
    type: 'asymmetric',
    usages: { SIGN_VERIFY: ['ECDSA_SHA_256'] },
    multiRegion: 'yes',
    importable: true,
  },
  ECC_NIST_EDWARDS25519: {
    label: 'Ed25519',
    type: 'asymmetric',
    usages: { SIGN_VERIFY: ['ED25519_SHA_512', 'ED25519_PH_SHA_512'] },
    multiRegion: 'yes',
    importable: true,
  },
  HMAC_224: hmac(224),
  HMAC_256: hmac(256),
  HMAC_384: hmac(384),
  HMAC_512: hmac(512),
  ML_DSA_44: mlDsa(44),
  ML_DSA_65: mlDsa(65),
  ML_DSA_87: mlDsa(87),
  ML_KEM_512: mlKem(512),
  ML_KEM_768: mlKem(768),
  ML_KEM_1024: mlKem(1024),
  SM2: {
    label: 'SM2',
    type: 'asymmetric',
    usages: { ENCRYPT_DECRYPT: ['SM2PKE'], SIGN_VERIFY: ['SM2DSA'], KEY_AGREEMENT: ['ECDH'] },
    multiRegion: 'yes',
    importable: true,
    partitions: ['aws-cn'],
  },
}

const usageWords: Record<KeyUsage, string> = {
  ENCRYPT_DECRYPT: 'encrypt and decrypt',
  SIGN_VERIFY: 'sign and verify',
  GENERATE_VERIFY_MAC: 'generate and verify MACs',
  KEY_AGREEMENT: 'key agreement',
  ENCAPSULATE_DECAPSULATE: 'encapsulate and decapsulate',
}

const isUsage = (keyUsage: string): keyUsage is KeyUsage => Object.hasOwn(usageWords, keyUsage)

const specOf = (keySpec: string): KeySpec | undefined =>
  Object.hasOwn(keySpecs, keySpec) ? keySpecs[keySpec] : undefined

/** A usage in words; names that are not known here are shown as KMS spells them. */
export const describeUsage = (keyUsage: string) => (isUsage(keyUsage) ? usageWords[keyUsage] : keyUsage)

/** `symmetric, encrypt and decrypt`; empty parts are those that no member told. */
export function describeKind(keySpec: string, keyUsage: string): string {
  const words = [specOf(keySpec)?.label ?? keySpec, describeUsage(keyUsage)].filter(Boolean)
  return words.length > 0 ? words.join(', ') : 'kind not read yet'
}

/** The usages that a spec allows, in the order in which they are offered. */
export const usagesOf = (keySpec: string): KeyUsage[] => Object.keys(specOf(keySpec)?.usages ?? {}).filter(isUsage)

/** All algorithms of a spec in a usage, the one for proofs first; empty when they do not fit. */
export const algorithmsOf = (keySpec: string, keyUsage: string): readonly string[] =>
  isUsage(keyUsage) ? (specOf(keySpec)?.usages[keyUsage] ?? []) : []

/** The algorithm with which a proof is made; null when the usage does not fit the spec. */
export const algorithmFor = (keySpec: string, keyUsage: string): string | null =>
  algorithmsOf(keySpec, keyUsage)[0] ?? null

/** Null for a spec that is not known here. */
export const keyTypeOf = (keySpec: string): KeyType | null => specOf(keySpec)?.type ?? null

/**
 * May an alias move from one key to the other? KMS wants the same type and the same usage; the spec may differ
 * inside a type (KMS API Reference, UpdateAlias). Null when a kind is not known here, so nobody can tell.
 */
export function mayRetarget(
  from: Pick<Family, 'keySpec' | 'keyUsage'>,
  to: Pick<Family, 'keySpec' | 'keyUsage'>,
): boolean | null {
  const types = [keyTypeOf(from.keySpec), keyTypeOf(to.keySpec)]
  if (types.includes(null)) return null
  return types[0] === types[1] && from.keyUsage === to.keyUsage
}

/**
 * Can keys of this kind be multi-Region? Keys in custom key stores cannot, and ML-DSA material cannot be imported
 * (KMS Developer Guide, "Multi-Region keys overview"; CloudFormation, AWS::KMS::Key).
 */
export function multiRegionSupport(keySpec: string, origin = 'AWS_KMS'): MultiRegionSupport {
  const spec = specOf(keySpec)
  if (origin === 'AWS_CLOUDHSM' || origin === 'EXTERNAL_KEY_STORE') return 'no'
  if (!spec) return 'unconfirmed'
  if (origin === 'EXTERNAL' && !spec.importable) return 'no'
  return spec.multiRegion
}

/**
 * Automatic rotation: symmetric encryption keys whose material KMS made. On demand: those with imported material
 * as well (KMS Developer Guide, "Rotating AWS KMS keys").
 */
export function canRotate(family: Pick<Family, 'keySpec' | 'origin'>): { automatic: boolean; onDemand: boolean } {
  const symmetric = family.keySpec === 'SYMMETRIC_DEFAULT'
  return {
    automatic: symmetric && family.origin === 'AWS_KMS',
    onDemand: symmetric && (family.origin === 'AWS_KMS' || family.origin === 'EXTERNAL'),
  }
}
