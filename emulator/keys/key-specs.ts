// What each key spec can be used for, and the algorithms that go with it.

export type KeyUsage =
  | 'ENCRYPT_DECRYPT'
  | 'SIGN_VERIFY'
  | 'GENERATE_VERIFY_MAC'
  | 'KEY_AGREEMENT'
  | 'ENCAPSULATE_DECAPSULATE'

/** The kinds of material: bytes for symmetric and HMAC keys, a key pair for the others. */
type Material =
  | { kind: 'symmetric'; bytes: number }
  | { kind: 'hmac'; bytes: number; hash: string }
  | { kind: 'rsa'; bits: number }
  | { kind: 'ec'; curve: string }
  | { kind: 'ed25519' }
  | { kind: 'ml-dsa'; parameters: 'ml-dsa-44' | 'ml-dsa-65' | 'ml-dsa-87' }
  | { kind: 'ml-kem'; parameters: 'ml-kem-512' | 'ml-kem-768' | 'ml-kem-1024'; ciphertextBytes: number }

type Spec = { material: Material; algorithms: Partial<Record<KeyUsage, readonly string[]>> }

const RSA_ENCRYPTION = ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256']
const RSA_SIGNING = [
  'RSASSA_PKCS1_V1_5_SHA_256',
  'RSASSA_PKCS1_V1_5_SHA_384',
  'RSASSA_PKCS1_V1_5_SHA_512',
  'RSASSA_PSS_SHA_256',
  'RSASSA_PSS_SHA_384',
  'RSASSA_PSS_SHA_512',
]

const rsa = (bits: number): Spec => ({
  material: { kind: 'rsa', bits },
  algorithms: { ENCRYPT_DECRYPT: RSA_ENCRYPTION, SIGN_VERIFY: RSA_SIGNING },
})
const hmac = (bytes: number, hash: string): Spec => ({
  material: { kind: 'hmac', bytes, hash },
  algorithms: { GENERATE_VERIFY_MAC: [`HMAC_SHA_${hash.slice(3)}`] },
})
const nist = (curve: string, signing: string): Spec => ({
  material: { kind: 'ec', curve },
  algorithms: { SIGN_VERIFY: [signing], KEY_AGREEMENT: ['ECDH'] },
})
const mlDsa = (parameters: 'ml-dsa-44' | 'ml-dsa-65' | 'ml-dsa-87'): Spec => ({
  material: { kind: 'ml-dsa', parameters },
  algorithms: { SIGN_VERIFY: ['ML_DSA_SHAKE_256'] },
})
const mlKem = (parameters: 'ml-kem-512' | 'ml-kem-768' | 'ml-kem-1024', ciphertextBytes: number): Spec => ({
  material: { kind: 'ml-kem', parameters, ciphertextBytes },
  algorithms: { ENCAPSULATE_DECAPSULATE: ['ML_KEM'] },
})

const SPECS = {
  SYMMETRIC_DEFAULT: {
    material: { kind: 'symmetric', bytes: 32 },
    algorithms: { ENCRYPT_DECRYPT: ['SYMMETRIC_DEFAULT'] },
  },
  RSA_2048: rsa(2048),
  RSA_3072: rsa(3072),
  RSA_4096: rsa(4096),
  ECC_NIST_P256: nist('prime256v1', 'ECDSA_SHA_256'),
  ECC_NIST_P384: nist('secp384r1', 'ECDSA_SHA_384'),
  ECC_NIST_P521: nist('secp521r1', 'ECDSA_SHA_512'),
  ECC_SECG_P256K1: { material: { kind: 'ec', curve: 'secp256k1' }, algorithms: { SIGN_VERIFY: ['ECDSA_SHA_256'] } },
  ECC_NIST_EDWARDS25519: {
    material: { kind: 'ed25519' },
    algorithms: { SIGN_VERIFY: ['ED25519_SHA_512', 'ED25519_PH_SHA_512'] },
  },
  HMAC_224: hmac(28, 'sha224'),
  HMAC_256: hmac(32, 'sha256'),
  HMAC_384: hmac(48, 'sha384'),
  HMAC_512: hmac(64, 'sha512'),
  ML_DSA_44: mlDsa('ml-dsa-44'),
  ML_DSA_65: mlDsa('ml-dsa-65'),
  ML_DSA_87: mlDsa('ml-dsa-87'),
  ML_KEM_512: mlKem('ml-kem-512', 768),
  ML_KEM_768: mlKem('ml-kem-768', 1088),
  ML_KEM_1024: mlKem('ml-kem-1024', 1568),
} as const satisfies Record<string, Spec>

export type KeySpec = keyof typeof SPECS

export const isKeySpec = (name: string): name is KeySpec => Object.hasOwn(SPECS, name)

/**
 * Unconfirmed: whether ML-KEM keys can be multi-Region. The API Reference says it of symmetric and asymmetric keys in
 * general, so they can; an older text of CreateKey names other kinds only.
 */
export const canBeMultiRegion = (_keySpec: KeySpec): boolean => true

/** Unconfirmed: that no material can be imported for ML-KEM, which is taken like ML-DSA. */
export const canBeImported = (keySpec: KeySpec): boolean => !materialOf(keySpec).kind.startsWith('ml-')

/** Source: KMS API Reference, CreateKey and GenerateDataKeyPair: no ML-KEM in the China Regions. */
export const isOfferedIn = (partition: string, keySpec: KeySpec): boolean =>
  partition !== 'aws-cn' || materialOf(keySpec).kind !== 'ml-kem'

export const isSymmetric = (keySpec: KeySpec) => keySpec === 'SYMMETRIC_DEFAULT'

export const materialOf = (keySpec: KeySpec): Material => SPECS[keySpec].material

/** The algorithms of a key, or none when the spec does not allow the usage. */
export function algorithmsFor(keySpec: KeySpec, usage: KeyUsage): readonly string[] {
  const spec: Spec = SPECS[keySpec]
  return Object.hasOwn(spec.algorithms, usage) ? (spec.algorithms[usage] ?? []) : []
}

/** The metadata member that lists the algorithms of a usage. */
export const ALGORITHMS_MEMBER: Record<KeyUsage, string> = {
  ENCRYPT_DECRYPT: 'EncryptionAlgorithms',
  SIGN_VERIFY: 'SigningAlgorithms',
  GENERATE_VERIFY_MAC: 'MacAlgorithms',
  KEY_AGREEMENT: 'KeyAgreementAlgorithms',
  ENCAPSULATE_DECAPSULATE: 'EncapsulationAlgorithms',
}

export const ENCRYPTION_ALGORITHMS = ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256', 'SM2PKE'] as const
export const KEY_AGREEMENT_ALGORITHMS = ['ECDH'] as const
export const ENCAPSULATION_ALGORITHMS = ['ML_KEM'] as const
export const MAC_ALGORITHMS = ['HMAC_SHA_384', 'HMAC_SHA_256', 'HMAC_SHA_224', 'HMAC_SHA_512'] as const
export const SIGNING_ALGORITHMS = [
  'RSASSA_PSS_SHA_256',
  'RSASSA_PSS_SHA_384',
  'RSASSA_PSS_SHA_512',
  'RSASSA_PKCS1_V1_5_SHA_256',
  'RSASSA_PKCS1_V1_5_SHA_384',
  'RSASSA_PKCS1_V1_5_SHA_512',
  'ECDSA_SHA_256',
  'ECDSA_SHA_384',
  'ECDSA_SHA_512',
  'SM2DSA',
  'ML_DSA_SHAKE_256',
  'ED25519_SHA_512',
  'ED25519_PH_SHA_512',
] as const
