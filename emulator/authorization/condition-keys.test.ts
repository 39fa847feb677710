// Condition keys, held against the list of the service authorization reference that the library of policies brings.

import { allowedContextKeysForRequest } from '@cloud-copilot/iam-simulate'
import { describe, expect, it } from 'vitest'
import { arnOf, START } from '../tests/test-emulator.ts'
import { keysOfCaller, keysOfKey, keysOfMoment, keysOfRequest } from './condition-keys.ts'
import { PERMISSIONS } from './permissions.ts'

/** A request with every member that a condition key looks at. */
const EVERYTHING = {
  ReplicaRegion: 'eu-west-1',
  PrimaryRegion: 'eu-west-1',
  SigningAlgorithm: 'ECDSA_SHA_256',
  MacAlgorithm: 'HMAC_SHA_256',
  KeyPairSpec: 'RSA_2048',
  KeyAgreementAlgorithm: 'ECDH',
  WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
  WrappingKeySpec: 'RSA_4096',
  ValidTo: new Date(START),
  Operations: ['Encrypt'],
  GranteePrincipal: 'arn:aws:iam::111122223333:role/Operator',
  RetiringPrincipal: 'arn:aws:iam::111122223333:role/Operator',
  GranteeServicePrincipal: 'rds.amazonaws.com',
  RetiringServicePrincipal: 'rds.amazonaws.com',
  Constraints: { EncryptionContextEquals: { App: 'pay' }, SourceArn: 'arn:aws:rds:us-east-1:111122223333:db:one' },
  EncryptionContext: { App: 'pay' },
  SourceEncryptionContext: { App: 'pay' },
  DestinationEncryptionContext: { App: 'pay' },
  Tags: [{ TagKey: 'Team', TagValue: 'pay' }],
  TagKeys: ['Team'],
}

const TRAITS = {
  keySpec: 'SYMMETRIC_DEFAULT',
  keyUsage: 'ENCRYPT_DECRYPT',
  origin: 'AWS_KMS',
  multiRegion: true,
  isPrimary: true,
  tags: [{ TagKey: 'Team', TagValue: 'pay' }],
  aliases: ['alias/app'],
  unusedDays: 3,
}

/** Given by the way a key is named, or about two keys at once. */
const OF_THE_STEP = ['kms:requestalias', 'kms:reencryptonsamekey']

/** No service asks for a caller, and no enclave: the README says so. */
const NEVER_THERE = /^kms:(viaservice|recipientattestation:.*)$/

/** With a star for the part that a request chooses. */
const nameOf = (key: string) => key.toLowerCase().replace(/^(kms:encryptioncontext:).+/, '$1*')

const actionsOn = (kinds: string[]) => [
  ...new Set(
    Object.values(PERMISSIONS)
      .flat()
      .filter(({ on }) => kinds.includes(on.kind))
      .map(({ action }) => action),
  ),
]
/** Newer than the list. */
const NEWER = ['Encapsulate', 'Decapsulate']
const ON_KEYS = actionsOn(['key', 'key or alias', 'key of the ciphertext', 'related key', 'grant'])

const documented = async (action: string, resource: string) =>
  (await allowedContextKeysForRequest('kms', action, resource, false, undefined))
    .filter((key) => key.startsWith('kms:'))
    .map(nameOf)

describe('the condition keys of KMS', () => {
  it.each(ON_KEYS.filter((action) => !NEWER.includes(action)))('are those documented for kms:%s', async (action) => {
    const known = await documented(action, arnOf('us-east-1', 'mrk-0123456789abcdef0123456789abcdef'))
    const caller = { arn: 'arn:aws:iam::111122223333:role/Operator', account: '111122223333', policies: [] }
    const keys = { ...keysOfCaller(caller), ...keysOfKey(action, TRAITS), ...keysOfRequest(action, EVERYTHING) }
    const given = Object.keys(keys)
      .map(nameOf)
      .filter((key) => key.startsWith('kms:'))
    expect(given.filter((key) => !known.includes(key))).toEqual([])

    const missing = known.filter((key) => ![...given, ...OF_THE_STEP].includes(key))
    expect(missing.filter((key) => !NEVER_THERE.test(key))).toEqual([])
  })

  it('of CreateKey are those documented', async () => {
    const known = await documented('CreateKey', '*')
    const given = Object.keys({ ...keysOfRequest('CreateKey', EVERYTHING), ...keysOfKey('CreateKey', TRAITS) }).map(
      nameOf,
    )
    expect(known.filter((key) => ![...given, 'kms:calleraccount'].includes(key) && !NEVER_THERE.test(key))).toEqual([])
  })
})

describe('the condition keys of a request', () => {
  it('have the form that policies compare with', () => {
    expect(keysOfRequest('ImportKeyMaterial', EVERYTHING)).toEqual({
      'kms:ExpirationModel': 'KEY_MATERIAL_EXPIRES',
      'kms:ValidTo': '2026-11-23T22:00:00.000Z',
    })
    expect(keysOfRequest('ReEncryptTo', EVERYTHING)).toEqual({
      'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT',
      'kms:EncryptionContext:App': 'pay',
      'kms:EncryptionContextKeys': ['App'],
    })
  })
})

describe('the condition keys of a caller', () => {
  const keysOf = (arn: string) => keysOfCaller({ arn, account: '111122223333', policies: [] })

  it('tell a session as its role', () => {
    expect(keysOf('arn:aws:sts::111122223333:assumed-role/Operator/ann')).toMatchObject({
      'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/Operator',
      'aws:PrincipalType': 'AssumedRole',
      'aws:userid': expect.stringMatching(/^AROA[0-9A-F]{17}:ann$/),
    })
  })

  it('tell a user by name', () => {
    expect(keysOf('arn:aws:iam::111122223333:user/staff/ann')).toMatchObject({
      'aws:PrincipalArn': 'arn:aws:iam::111122223333:user/staff/ann',
      'aws:PrincipalType': 'User',
      'aws:username': 'ann',
    })
  })

  it('tell the root user as the account', () => {
    const keys = keysOf('arn:aws:iam::111122223333:root')
    expect(keys).toMatchObject({ 'aws:PrincipalType': 'Account', 'aws:userid': '111122223333' })
    expect(keys).not.toHaveProperty('aws:username')
  })
})

describe('the condition keys of the moment', () => {
  it('tell its time and Region', () => {
    expect(keysOfMoment(START, 'eu-west-1')).toMatchObject({
      'aws:CurrentTime': '2026-11-23T22:00:00.000Z',
      'aws:EpochTime': '1795471200',
      'aws:RequestedRegion': 'eu-west-1',
    })
  })
})
