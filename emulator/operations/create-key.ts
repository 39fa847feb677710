// CreateKey: makes a single-Region key, or the primary key of a new family.

import { randomBytes, randomUUID } from 'node:crypto'
import { defaultKeyPolicy, requireAcceptablePolicy } from '../authorization/key-policy.ts'
import { operation } from '../calls/operation.ts'
import { newMaterial } from '../keys/key-material.ts'
import { keyMetadata } from '../keys/key-metadata.ts'
import {
  algorithmsFor,
  canBeImported,
  canBeMultiRegion,
  isKeySpec,
  isOfferedIn,
  isSymmetric,
  type KeySpec,
  type KeyUsage,
} from '../keys/key-specs.ts'
import { requireValidTags, sortedTags } from '../keys/tags.ts'
import { requireRoomForKey } from '../quotas/resource-quotas.ts'
import { unsupported, validationError } from '../wire/errors.ts'
import { description, ofCustomKeyStore, policy, tags } from '../wire/members.ts'

const KEY_SPECS = [
  'RSA_2048',
  'ECC_NIST_P384',
  'ECC_NIST_P256',
  'ECC_NIST_P521',
  'ECC_NIST_EDWARDS25519',
  'HMAC_384',
  'RSA_3072',
  'ECC_SECG_P256K1',
  'RSA_4096',
  'SYMMETRIC_DEFAULT',
  'HMAC_256',
  'HMAC_224',
  'HMAC_512',
  'ML_DSA_44',
  'ML_DSA_65',
  'ML_DSA_87',
  'ML_KEM_512',
  'ML_KEM_768',
  'ML_KEM_1024',
  'SM2',
] as const

/** The deprecated member knows none of the specs that came after it. Source: the API model. */
const OLDER_KEY_SPECS = KEY_SPECS.filter((spec) => spec !== 'ECC_NIST_EDWARDS25519' && !spec.startsWith('ML_'))

const input = {
  Policy: policy,
  Description: description,
  KeyUsage: {
    type: 'string',
    values: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'GENERATE_VERIFY_MAC', 'KEY_AGREEMENT', 'ENCAPSULATE_DECAPSULATE'],
  },
  CustomerMasterKeySpec: { type: 'string', values: OLDER_KEY_SPECS },
  KeySpec: { type: 'string', values: KEY_SPECS },
  Origin: { type: 'string', values: ['EXTERNAL', 'AWS_CLOUDHSM', 'AWS_KMS', 'EXTERNAL_KEY_STORE'] },
  CustomKeyStoreId: ofCustomKeyStore,
  XksKeyId: ofCustomKeyStore,
  BypassPolicyLockoutSafetyCheck: { type: 'boolean' },
  Tags: tags,
  MultiRegion: { type: 'boolean' },
} as const

export const createKey = operation(input, (request, context) => {
  const { store, account, partition, region, now } = context
  const keySpec = keySpecOf(request.KeySpec, request.CustomerMasterKeySpec)
  const keyUsage = keyUsageOf(keySpec, request.KeyUsage)
  const origin = request.Origin ?? 'AWS_KMS'
  if (origin !== 'AWS_KMS' && origin !== 'EXTERNAL') {
    throw unsupported(`The emulator does not support Origin ${origin}: it has no custom key stores.`)
  }
  if (!isOfferedIn(partition, keySpec)) throw keySpecNotSupported(keySpec, 'in this Region')
  if (request.MultiRegion && !canBeMultiRegion(keySpec)) throw keySpecNotSupported(keySpec, 'for multi-Region keys')
  if (origin === 'EXTERNAL' && !canBeImported(keySpec)) throw keySpecNotSupported(keySpec, 'for Origin EXTERNAL')
  requireValidTags(request.Tags ?? [])
  if (request.Policy !== undefined) {
    requireAcceptablePolicy(request.Policy, request, context)
  }

  requireRoomForKey(store, account, region)

  const multiRegion = request.MultiRegion ?? false
  const key = store.addFamily(
    {
      account,
      partition,
      keyId: multiRegion ? `mrk-${randomBytes(16).toString('hex')}` : randomUUID(),
      keyManager: 'CUSTOMER',
      keySpec,
      keyUsage,
      origin,
      multiRegion,
      materials: origin === 'AWS_KMS' ? [newMaterial(keySpec)] : [],
      rotation: { enabled: false, periodInDays: 365, onDemandCount: 0 },
    },
    {
      region,
      createdAt: now,
      keyState: origin === 'AWS_KMS' ? 'Enabled' : 'PendingImport',
      description: request.Description ?? '',
      policy: request.Policy ?? defaultKeyPolicy(partition, account),
      tags: sortedTags(request.Tags ?? []),
    },
  )
  return { KeyMetadata: keyMetadata(key, now) }
})

/** Unconfirmed: the text. */
const keySpecNotSupported = (keySpec: KeySpec, where: string) =>
  unsupported(`KeySpec ${keySpec} is not supported ${where}.`)

function keySpecOf(keySpec: string | undefined, deprecatedName: string | undefined): KeySpec {
  if (keySpec !== undefined && deprecatedName !== undefined) {
    throw validationError(
      'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
    )
  }
  const name = keySpec ?? deprecatedName ?? 'SYMMETRIC_DEFAULT'
  if (!isKeySpec(name)) throw unsupported(`The emulator does not support KeySpec ${name}.`)
  return name
}

function keyUsageOf(keySpec: KeySpec, keyUsage: KeyUsage | undefined): KeyUsage {
  if (keyUsage === undefined && !isSymmetric(keySpec)) {
    throw validationError('You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.')
  }
  const usage = keyUsage ?? 'ENCRYPT_DECRYPT'
  if (algorithmsFor(keySpec, usage).length === 0) {
    throw validationError(`KeyUsage ${usage} is not compatible with KeySpec ${keySpec}`)
  }
  return usage
}
