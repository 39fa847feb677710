// Requests that KMS refuses, in the words it was recorded to use; tags and policies among them.

import {
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateMacCommand,
  GenerateRandomCommand,
  GetKeyPolicyCommand,
  type KeySpec,
  ListKeyPoliciesCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  paginateListKeys,
  ReplicateKeyCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { ACCOUNT, arnOf, emulate, refusal, type TestEmulator } from './test-emulator.ts'

async function newKey(emulator: TestEmulator, input: CreateKeyCommandInput = {}): Promise<string> {
  const { KeyMetadata } = await emulator.kms().send(new CreateKeyCommand(input))
  return KeyMetadata?.KeyId ?? ''
}

const invalid = (text: string) => `ValidationException: 1 validation error detected: ${text}`

describe('key identifiers', () => {
  it('are refused in the words of KMS', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator)
    const name = (identifier: string, region = 'us-east-1') =>
      refusal(emulator.kms(region).send(new DescribeKeyCommand({ KeyId: identifier })))
    for (const malformed of ['fake-key-id', '134f2428cec14b25a1ae9048164dba47', 'mrk-fake-key-id']) {
      expect(await name(malformed)).toBe(`NotFoundException: Invalid keyId '${malformed}'`)
    }
    const unknown = 'mrk-00000000000000000000000000000000'
    expect(await name(unknown)).toBe(`NotFoundException: Key '${arnOf('us-east-1', unknown)}' does not exist`)
    expect(await name(arnOf('us-east-1', KeyId), 'eu-west-1')).toBe('NotFoundException: Invalid arn us-east-1')
    expect(await name('alias/nothing')).toBe(
      `NotFoundException: Alias arn:aws:kms:us-east-1:${ACCOUNT}:alias/nothing is not found.`,
    )
    expect(await name('arn:aws:s3:::bucket')).toContain('InvalidArnException')
    expect(await name(`arn:aws:kms:us-east-1:999999999999:key/${KeyId}`)).toContain('AccessDeniedException')
    expect(await name(arnOf('us-east-1', KeyId))).toBe('no refusal')
  })

  it('may be aliases only where KMS takes them', async () => {
    const emulator = await emulate()
    expect(await refusal(emulator.kms().send(new DisableKeyCommand({ KeyId: 'alias/app' })))).toBe(
      "NotFoundException: Invalid keyId 'alias/app'",
    )
  })

  it('may not name keys of AWS services for anything but reading', async () => {
    const emulator = await emulate({ scenario: 'demo' })
    const { KeyMetadata } = await emulator.kms().send(new DescribeKeyCommand({ KeyId: 'alias/aws/s3' }))
    const KeyId = KeyMetadata?.KeyId
    await emulator.kms().send(new GetKeyPolicyCommand({ KeyId }))
    expect(await refusal(emulator.kms().send(new ScheduleKeyDeletionCommand({ KeyId })))).toContain(
      'AccessDeniedException',
    )
    expect(await refusal(emulator.kms().send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') })))).toContain(
      'AccessDeniedException',
    )
  })
})

describe('values', () => {
  it('are refused in the words of KMS', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator)
    const kms = emulator.kms()
    expect(await refusal(kms.send(new GenerateRandomCommand({})))).toBe(
      'ValidationException: NumberOfBytes is required.',
    )
    expect(await refusal(kms.send(new GenerateRandomCommand({ NumberOfBytes: 0 })))).toBe(
      invalid(
        "Value '0' at 'numberOfBytes' failed to satisfy constraint: Member must have value greater than or equal to 1",
      ),
    )
    expect(await refusal(kms.send(new GenerateRandomCommand({ NumberOfBytes: 1025 })))).toBe(
      invalid(
        "Value '1025' at 'numberOfBytes' failed to satisfy constraint: Member must have value less than or equal to 1024",
      ),
    )
    expect(await refusal(kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.alloc(4097) })))).toBe(
      invalid("Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096"),
    )
    expect(await refusal(kms.send(new DescribeKeyCommand({ KeyId: undefined })))).toBe(
      invalid("Value null at 'keyId' failed to satisfy constraint: Member must not be null"),
    )
    const mac = new GenerateMacCommand({ KeyId, Message: Buffer.from('x'), MacAlgorithm: 'INVALID' as 'HMAC_SHA_256' })
    expect(await refusal(kms.send(mac))).toBe(
      invalid(
        "Value 'INVALID' at 'macAlgorithm' failed to satisfy constraint: Member must satisfy enum value set: [HMAC_SHA_384, HMAC_SHA_256, HMAC_SHA_224, HMAC_SHA_512]",
      ),
    )
    expect(await refusal(kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 6 })))).toContain(
      "Value '6' at 'pendingWindowInDays'",
    )
    const two = new ReplicateKeyCommand({ KeyId: '', ReplicaRegion: 'Moon' })
    expect(await refusal(kms.send(two))).toContain('ValidationException: 2 validation errors detected: ')
  })

  it('of CreateKey must fit each other', async () => {
    const emulator = await emulate()
    const create = (input: CreateKeyCommandInput) => refusal(emulator.kms().send(new CreateKeyCommand(input)))
    expect(await create({ KeySpec: 'HMAC_256' })).toBe(
      'ValidationException: You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
    )
    expect(await create({ KeySpec: 'RSA_2048', KeyUsage: 'KEY_AGREEMENT' })).toBe(
      'ValidationException: KeyUsage KEY_AGREEMENT is not compatible with KeySpec RSA_2048',
    )
    expect(await create({ KeySpec: 'HMAC_random' as KeySpec })).toContain(
      "Value 'HMAC_random' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: [",
    )
    expect(await create({ CustomKeyStoreId: 'cks-1' })).toContain('UnsupportedOperationException')
    expect(await create({ KeySpec: 'SM2', KeyUsage: 'SIGN_VERIFY' })).toContain('UnsupportedOperation')
  })
})

describe('ListKeys', () => {
  it('gives every key once, page by page', async () => {
    const emulator = await emulate({ scenario: 'fleet-1000' })
    const ids: (string | undefined)[] = []
    for await (const page of paginateListKeys({ client: emulator.kms(), pageSize: 250 }, {})) {
      ids.push(...(page.Keys ?? []).map(({ KeyId }) => KeyId))
    }
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBeGreaterThan(600)
  })
})

describe('tags', () => {
  it('are merged, listed in order, and removed', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator, {
      Tags: [
        { TagKey: 'b', TagValue: '1' },
        { TagKey: 'a', TagValue: '1' },
      ],
    })
    await emulator.kms().send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'a', TagValue: '2' }] }))
    await emulator.kms().send(new UntagResourceCommand({ KeyId, TagKeys: ['unknown'] }))
    const list = async () => (await emulator.kms().send(new ListResourceTagsCommand({ KeyId }))).Tags
    expect(await list()).toEqual([
      { TagKey: 'a', TagValue: '2' },
      { TagKey: 'b', TagValue: '1' },
    ])
    await emulator.kms().send(new UntagResourceCommand({ KeyId, TagKeys: ['a', 'b'] }))
    expect(await list()).toEqual([])
  })

  it('are refused in the words of KMS', async () => {
    const emulator = await emulate()
    const tagged = (Tags: { TagKey: string; TagValue: string }[]) =>
      refusal(emulator.kms().send(new CreateKeyCommand({ Tags })))
    expect(await tagged([{ TagKey: 'AWS:key1', TagValue: 'v' }])).toBe(
      'TagException: Tags beginning with aws: are reserved',
    )
    const many = Array.from({ length: 51 }, (_, index) => ({ TagKey: `k${index}`, TagValue: 'v' }))
    expect(await tagged(many)).toBe('TagException: Too many tags')
    expect(await tagged([many[0], many[0]].flatMap((tag) => tag ?? []))).toBe('TagException: Duplicate tag keys')
    const longKey = 'k'.repeat(129)
    expect(await tagged([{ TagKey: longKey, TagValue: 'v' }])).toBe(
      invalid(
        `Value '${longKey}' at 'tags.1.member.tagKey' failed to satisfy constraint: Member must have length less than or equal to 128`,
      ),
    )
    const KeyId = await newKey(emulator, { Tags: many.slice(0, 50) })
    const oneMore = new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'one-more', TagValue: 'v' }] })
    expect(await refusal(emulator.kms().send(oneMore))).toBe('TagException: Too many tags')
  })
})

describe('PutKeyPolicy', () => {
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: 'kms:*',
    Resource: '*',
  }
  const policyOf = (...Statement: unknown[]) => JSON.stringify({ Version: '2012-10-17', Statement })

  it('replaces the policy of one key', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator)
    await emulator.kms().send(new PutKeyPolicyCommand({ KeyId, Policy: policyOf(statement) }))
    const answer = await emulator.kms().send(new GetKeyPolicyCommand({ KeyId }))
    expect(answer).toMatchObject({ Policy: policyOf(statement), PolicyName: 'default' })
    expect(await emulator.kms().send(new ListKeyPoliciesCommand({ KeyId }))).toMatchObject({
      PolicyNames: ['default'],
      Truncated: false,
    })
    expect(await refusal(emulator.kms().send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'other' })))).toBe(
      'NotFoundException: No such policy exists',
    )
  })

  it('refuses what is no policy, too long, or locks everyone out', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator)
    const put = (Policy: string, BypassPolicyLockoutSafetyCheck = false) =>
      refusal(emulator.kms().send(new PutKeyPolicyCommand({ KeyId, Policy, BypassPolicyLockoutSafetyCheck })))
    const malformed = 'MalformedPolicyDocumentException'
    expect(await put('no json')).toContain(malformed)
    expect(await put('[]')).toContain(malformed)
    expect(await put(policyOf({ ...statement, Effect: 'Maybe' }))).toContain(malformed)
    expect(await put(policyOf({ ...statement, Principal: undefined }))).toContain(malformed)
    for (const Condition of ['x', { StringEqualz: { 'kms:CallerAccount': '1' } }, { StringEquals: 'x' }]) {
      expect(await put(policyOf({ ...statement, Condition }))).toContain(malformed)
    }
    const fine = { 'ForAnyValue:StringLikeIfExists': { 'aws:TagKeys': 'a*' }, Null: { 'aws:TagKeys': 'true' } }
    expect(await put(policyOf(statement, { ...statement, Condition: fine }))).toBe('no refusal')
    expect(await put(policyOf(...Array.from({ length: 400 }, () => statement)))).toContain('LimitExceededException')
    const lockout = `${malformed}: The new key policy will not allow you to update the key policy in the future.`
    const foreign = { ...statement, Principal: { AWS: 'arn:aws:iam::999999999999:root' } }
    expect(await put(policyOf(foreign))).toBe(lockout)
    expect(await put(policyOf({ ...statement, Action: 'kms:Encrypt' }))).toBe(lockout)
    expect(await put(policyOf(statement, { ...statement, Effect: 'Deny', Action: 'kms:Put*' }))).toBe(lockout)
    expect(await put(policyOf(foreign), true)).toBe('no refusal')
    expect(await put('\u2713')).toContain("at 'policy' failed to satisfy constraint")
  })
})
