import { describe, expect, it } from 'vitest'
import {
  algorithmFor,
  algorithmsOf,
  canRotate,
  describeKind,
  keySpecs,
  keyTypeOf,
  mayRetarget,
  multiRegionSupport,
  usagesOf,
} from './key-spec'

describe('describeKind', () => {
  it.each([
    ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', 'symmetric, encrypt and decrypt'],
    ['RSA_4096', 'SIGN_VERIFY', 'RSA 4096, sign and verify'],
    ['ECC_NIST_P384', 'KEY_AGREEMENT', 'ECC NIST P-384, key agreement'],
    ['HMAC_256', 'GENERATE_VERIFY_MAC', 'HMAC 256, generate and verify MACs'],
    ['ML_DSA_65', 'SIGN_VERIFY', 'ML-DSA-65, sign and verify'],
    ['ML_KEM_768', 'ENCAPSULATE_DECAPSULATE', 'ML-KEM-768, encapsulate and decapsulate'],
    ['NEW_SPEC', 'NEW_USAGE', 'NEW_SPEC, NEW_USAGE'],
    ['toString', 'constructor', 'toString, constructor'],
    ['', '', 'kind not read yet'],
  ])('%s for %s is "%s"', (keySpec, keyUsage, words) => {
    expect(describeKind(keySpec, keyUsage)).toBe(words)
  })
})

describe('algorithmFor', () => {
  it.each([
    ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', 'SYMMETRIC_DEFAULT'],
    ['RSA_2048', 'ENCRYPT_DECRYPT', 'RSAES_OAEP_SHA_256'],
    ['RSA_2048', 'SIGN_VERIFY', 'RSASSA_PSS_SHA_256'],
    ['ECC_NIST_P256', 'SIGN_VERIFY', 'ECDSA_SHA_256'],
    ['ECC_NIST_P384', 'SIGN_VERIFY', 'ECDSA_SHA_384'],
    ['ECC_NIST_P521', 'SIGN_VERIFY', 'ECDSA_SHA_512'],
    ['ECC_SECG_P256K1', 'SIGN_VERIFY', 'ECDSA_SHA_256'],
    ['ECC_NIST_EDWARDS25519', 'SIGN_VERIFY', 'ED25519_SHA_512'],
    ['HMAC_384', 'GENERATE_VERIFY_MAC', 'HMAC_SHA_384'],
    ['ML_DSA_44', 'SIGN_VERIFY', 'ML_DSA_SHAKE_256'],
    ['ECC_NIST_P256', 'KEY_AGREEMENT', 'ECDH'],
    ['HMAC_224', 'ENCRYPT_DECRYPT', null],
    ['ECC_SECG_P256K1', 'KEY_AGREEMENT', null],
    ['NEW_SPEC', 'SIGN_VERIFY', null],
  ])('%s for %s is %s', (keySpec, keyUsage, algorithm) => {
    expect(algorithmFor(keySpec, keyUsage)).toBe(algorithm)
  })

  it('knows an algorithm for every usage of every spec', () => {
    for (const keySpec of Object.keys(keySpecs)) {
      expect(usagesOf(keySpec)).not.toHaveLength(0)
      for (const usage of usagesOf(keySpec)) expect(algorithmsOf(keySpec, usage)).not.toHaveLength(0)
    }
  })
})

describe('canRotate', () => {
  it.each([
    ['SYMMETRIC_DEFAULT', 'AWS_KMS', true, true],
    ['SYMMETRIC_DEFAULT', 'EXTERNAL', false, true],
    ['SYMMETRIC_DEFAULT', 'AWS_CLOUDHSM', false, false],
    ['RSA_2048', 'AWS_KMS', false, false],
    ['HMAC_256', 'AWS_KMS', false, false],
  ])('%s from %s: automatic %s, on demand %s', (keySpec, origin, automatic, onDemand) => {
    expect(canRotate({ keySpec, origin })).toEqual({ automatic, onDemand })
  })
})

describe('mayRetarget', () => {
  const key = (keySpec: string, keyUsage: string) => ({ keySpec, keyUsage })

  it('allows another spec of the same type and usage', () => {
    expect(mayRetarget(key('RSA_2048', 'SIGN_VERIFY'), key('ECC_NIST_P256', 'SIGN_VERIFY'))).toBe(true)
  })

  it('refuses another usage, and another type', () => {
    expect(mayRetarget(key('RSA_2048', 'SIGN_VERIFY'), key('RSA_2048', 'ENCRYPT_DECRYPT'))).toBe(false)
    expect(mayRetarget(key('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT'), key('RSA_2048', 'ENCRYPT_DECRYPT'))).toBe(false)
  })

  it('cannot tell for a kind that is not known', () => {
    expect(mayRetarget(key('', ''), key('RSA_2048', 'SIGN_VERIFY'))).toBeNull()
  })
})

describe('keyTypeOf', () => {
  it.each([
    ['SYMMETRIC_DEFAULT', 'symmetric'],
    ['ML_DSA_87', 'asymmetric'],
    ['HMAC_512', 'HMAC'],
    ['NEW_SPEC', null],
  ])('%s is %s', (keySpec, type) => {
    expect(keyTypeOf(keySpec)).toBe(type)
  })
})

describe('multiRegionSupport', () => {
  it.each([
    ['SYMMETRIC_DEFAULT', 'AWS_KMS', 'yes'],
    ['SYMMETRIC_DEFAULT', 'EXTERNAL', 'yes'],
    ['SYMMETRIC_DEFAULT', 'AWS_CLOUDHSM', 'no'],
    ['SYMMETRIC_DEFAULT', 'EXTERNAL_KEY_STORE', 'no'],
    ['ML_DSA_44', 'AWS_KMS', 'yes'],
    ['ML_DSA_44', 'EXTERNAL', 'no'],
    ['ML_KEM_512', 'AWS_KMS', 'unconfirmed'],
    ['NEW_SPEC', 'AWS_KMS', 'unconfirmed'],
  ])('%s from %s: %s', (keySpec, origin, support) => {
    expect(multiRegionSupport(keySpec, origin)).toBe(support)
  })
})
