// Grants: made, listed, used up, refused in the words of KMS, and what they allow.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateGrantCommand,
  type CreateGrantCommandInput,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DescribeKeyCommand,
  EncryptCommand,
  type GrantListEntry,
  ListGrantsCommand,
  type ListGrantsCommandInput,
  ListRetirableGrantsCommand,
  paginateListGrants,
  paginateListRetirableGrants,
  ReplicateKeyCommand,
  RetireGrantCommand,
  type RetireGrantCommandInput,
  RevokeGrantCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it, onTestFinished } from 'vitest'
import { addFamily, multiRegionKeyId } from '../scenarios/world.ts'
import { Store } from '../state/store.ts'
import { ACCOUNT, arnOf, DAY_MS, emulate, refusal, START, type TestEmulator } from '../tests/test-emulator.ts'
import {
  GRANT_OPERATIONS,
  type Grant,
  type GrantConstraints,
  grantAllowing,
  grantIdOfToken,
  mayDelegate,
  mayRetire,
  newGrantToken,
} from './grants.ts'

const APP = `arn:aws:iam::${ACCOUNT}:role/App`
const BACKUP = `arn:aws:iam::${ACCOUNT}:role/service/Backup`
const ROOT = `arn:aws:iam::${ACCOUNT}:root`
const TABLE = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/orders`
const NO_GRANT = '0'.repeat(64)
const DRY_RUN = 'DryRunOperationException: The request would have succeeded, but the DryRun option is set.'

async function newKey(emulator: TestEmulator, input: CreateKeyCommandInput = {}): Promise<string> {
  const { KeyMetadata } = await emulator.kms().send(new CreateKeyCommand(input))
  return KeyMetadata?.KeyId ?? ''
}

/** Asks for a grant to App that allows encryption, with whatever else is said. */
function grantTo(emulator: TestEmulator, KeyId: string, more: Partial<CreateGrantCommandInput> = {}, region?: string) {
  const input = { KeyId, GranteePrincipal: APP, Operations: ['Encrypt', 'Decrypt'], ...more }
  return emulator.kms(region).send(new CreateGrantCommand(input as CreateGrantCommandInput))
}

async function grantsOf(emulator: TestEmulator, KeyId: string, more: Partial<ListGrantsCommandInput> = {}) {
  const { Grants = [] } = await emulator.kms().send(new ListGrantsCommand({ KeyId, ...more }))
  return Grants
}

const idsOf = (grants: GrantListEntry[]) => grants.map(({ GrantId }) => GrantId)

describe('CreateGrant', () => {
  it('makes a grant for one key in one Region', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator, { MultiRegion: true })
    await emulator.kms().send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }))
    const { GrantId, GrantToken } = await grantTo(emulator, KeyId, {
      RetiringPrincipal: BACKUP,
      Constraints: { EncryptionContextSubset: { Department: 'IT' } },
    })
    expect(GrantId).toMatch(/^[0-9a-f]{64}$/)
    expect(grantIdOfToken(GrantToken ?? '')).toBe(GrantId)
    expect(await grantsOf(emulator, KeyId)).toEqual([
      {
        KeyId: arnOf('us-east-1', KeyId),
        GrantId,
        Name: '',
        CreationDate: new Date(START),
        GranteePrincipal: APP,
        RetiringPrincipal: BACKUP,
        IssuingAccount: ROOT,
        Operations: ['Encrypt', 'Decrypt'],
        Constraints: { EncryptionContextSubset: { Department: 'IT' } },
      },
    ])
    const elsewhere = await emulator.kms('eu-west-1').send(new ListGrantsCommand({ KeyId }))
    expect(elsewhere).toMatchObject({ Grants: [], Truncated: false })
  })

  it('makes a grant for a service, on behalf of one resource', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
    const { GrantId } = await emulator.kms().send(
      new CreateGrantCommand({
        KeyId,
        GranteeServicePrincipal: 'dynamodb.amazonaws.com',
        RetiringServicePrincipal: 'dynamodb.amazonaws.com',
        Operations: ['GenerateMac', 'DescribeKey'],
        Constraints: { SourceArn: TABLE },
      }),
    )
    const [grant] = await grantsOf(emulator, KeyId)
    expect(grant).toEqual({
      KeyId: arnOf('us-east-1', KeyId),
      GrantId,
      Name: '',
      CreationDate: new Date(START),
      GranteeServicePrincipal: 'dynamodb.amazonaws.com',
      RetiringServicePrincipal: 'dynamodb.amazonaws.com',
      IssuingAccount: ROOT,
      Operations: ['GenerateMac', 'DescribeKey'],
      Constraints: { SourceArn: TABLE },
    })
  })

  it('without a name makes another one each time', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator)
    const [first, second] = [await grantTo(emulator, KeyId), await grantTo(emulator, KeyId)]
    expect(second.GrantId).not.toBe(first.GrantId)
    expect(await grantsOf(emulator, KeyId)).toHaveLength(2)
  })

  it('with a name answers the same grant to the same request, and a new token', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator)
    const named = {
      Name: 'app/orders:1',
      RetiringPrincipal: BACKUP,
      Constraints: { EncryptionContextEquals: { a: '1', b: '2' } },
    }
    const first = await grantTo(emulator, KeyId, named)
    const again = await grantTo(emulator, KeyId, {
      ...named,
      Operations: ['Decrypt', 'Encrypt'],
      Constraints: { EncryptionContextEquals: { b: '2', a: '1' } },
    })
    expect(again.GrantId).toBe(first.GrantId)
    expect(again.GrantToken).not.toBe(first.GrantToken)

    const different: Partial<CreateGrantCommandInput>[] = [
      { Name: 'app/orders:2' },
      { RetiringPrincipal: APP },
      { RetiringPrincipal: undefined },
      { GranteePrincipal: BACKUP },
      { Operations: ['Encrypt'] },
      { Constraints: undefined },
      { Constraints: { EncryptionContextSubset: { a: '1', b: '2' } } },
    ]
    for (const more of different) {
      const other = await grantTo(emulator, KeyId, { ...named, ...more })
      expect(other.GrantId).not.toBe(first.GrantId)
    }
    const otherKey = await newKey(emulator)
    expect((await grantTo(emulator, otherKey, named)).GrantId).not.toBe(first.GrantId)
    expect(await grantsOf(emulator, KeyId)).toHaveLength(1 + different.length)

    await emulator.kms().send(new RevokeGrantCommand({ KeyId, GrantId: first.GrantId }))
    expect((await grantTo(emulator, KeyId, named)).GrantId).not.toBe(first.GrantId)
  })

  it('changes nothing on a dry run', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator)
    expect(await refusal(grantTo(emulator, KeyId, { DryRun: true }))).toBe(DRY_RUN)
    expect(await grantsOf(emulator, KeyId)).toEqual([])
  })

  it('refuses parties that do not go together', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator)
    const create = (more: Partial<CreateGrantCommandInput>) => refusal(grantTo(emulator, KeyId, more))
    const service = { GranteePrincipal: undefined, GranteeServicePrincipal: 'ebs.amazonaws.com' }
    const oneGrantee =
      'ValidationException: You must specify either GranteePrincipal or GranteeServicePrincipal, but not both.'
    expect(await create({ GranteePrincipal: undefined })).toBe(oneGrantee)
    expect(await create({ GranteeServicePrincipal: 'ebs.amazonaws.com' })).toBe(oneGrantee)
    expect(await create({ RetiringPrincipal: APP, RetiringServicePrincipal: 'ebs.amazonaws.com' })).toBe(
      'ValidationException: You can specify either RetiringPrincipal or RetiringServicePrincipal, but not both.',
    )
    expect(await create({ ...service, RetiringPrincipal: APP })).toBe(
      'ValidationException: When you specify a GranteeServicePrincipal, you must also specify a SourceArn grant constraint.',
    )
    expect(await create({ ...service, Constraints: { SourceArn: TABLE } })).toBe(
      'ValidationException: When you specify a GranteeServicePrincipal, you must specify either a RetiringPrincipal or a RetiringServicePrincipal.',
    )
    expect(await create({ ...service, RetiringPrincipal: APP, Constraints: { SourceArn: TABLE } })).toBe('no refusal')
  })

  it.each([
    'App',
    ACCOUNT,
    'ebs.amazonaws.com',
    `arn:aws:iam::${ACCOUNT}:group/Admins`,
    `arn:aws-cn:iam::${ACCOUNT}:role/App`,
    'arn:aws:s3:::bucket',
  ])('refuses %s as a principal', async (principal) => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator)
    const invalid = `InvalidArnException: ${principal} does not refer to a valid principal.`
    expect(await refusal(grantTo(emulator, KeyId, { GranteePrincipal: principal }))).toBe(invalid)
    expect(await refusal(grantTo(emulator, KeyId, { RetiringPrincipal: principal }))).toBe(invalid)
  })

  it.each([
    ROOT,
    'arn:aws:iam::999999999999:user/path/someone',
    `arn:aws:sts::${ACCOUNT}:assumed-role/App/session`,
    `arn:aws:sts::${ACCOUNT}:federated-user/someone`,
  ])('takes %s as a principal', async (GranteePrincipal) => {
    const emulator = await emulate()
    expect(await refusal(grantTo(emulator, await newKey(emulator), { GranteePrincipal }))).toBe('no refusal')
  })

  const KINDS: [kind: CreateKeyCommandInput, operations: string[]][] = [
    [
      {},
      [
        'Encrypt',
        'Decrypt',
        'ReEncryptFrom',
        'ReEncryptTo',
        'GenerateDataKey',
        'GenerateDataKeyWithoutPlaintext',
        'GenerateDataKeyPair',
        'GenerateDataKeyPairWithoutPlaintext',
      ],
    ],
    [
      { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' },
      ['Encrypt', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo', 'GetPublicKey'],
    ],
    [{ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }, ['Sign', 'Verify', 'GetPublicKey']],
    [{ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }, ['GenerateMac', 'VerifyMac']],
    [{ KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' }, ['DeriveSharedSecret', 'GetPublicKey']],
  ]

  it.each(KINDS)('lets a key %j be granted only what it can do', async (kind, operations) => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator, kind)
    const possible = new Set([...operations, 'RetireGrant', 'DescribeKey'])
    for (const each of GRANT_OPERATIONS) {
      if (each === 'CreateGrant') continue
      const answer = await refusal(grantTo(emulator, KeyId, { Operations: ['CreateGrant', each] }))
      const impossible = `ValidationException: Operation ${each} is not supported by key ${arnOf('us-east-1', KeyId)}.`
      expect(answer).toBe(possible.has(each) ? 'no refusal' : impossible)
    }
  })

  it('refuses lists of operations that make no grant', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator)
    const create = (Operations: unknown) =>
      refusal(grantTo(emulator, KeyId, { Operations } as Partial<CreateGrantCommandInput>))
    expect(await create(['CreateGrant'])).toBe(
      'ValidationException: Grants must not contain only the CreateGrant operation.',
    )
    expect(await create([])).toContain('ValidationException: ')
    expect(await create(undefined)).toBe(
      "ValidationException: 1 validation error detected: Value null at 'operations' failed to satisfy constraint: Member must not be null",
    )
    expect(await create(['Encrypt', 'ReEncrypt'])).toContain(
      "Value 'ReEncrypt' at 'operations.2.member' failed to satisfy constraint: Member must satisfy enum value set: [",
    )
    expect(await create(['Encrypt', 'Encrypt'])).toBe('no refusal')
    expect((await grantsOf(emulator, KeyId))[0]?.Operations).toEqual(['Encrypt'])
  })

  it('refuses constraints that the key or KMS cannot keep', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator)
    const hmac = await newKey(emulator, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
    const create = (Constraints: GrantConstraints, more: Partial<CreateGrantCommandInput> = {}, key = KeyId) =>
      refusal(grantTo(emulator, key, { Constraints, ...more }))
    const pairs = (count: number, length = 1) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v'.repeat(length)]))
    expect(await create({ EncryptionContextEquals: pairs(8, 384) })).toBe('no refusal')
    expect(await create({ EncryptionContextEquals: pairs(9) })).toContain('LimitExceededException: ')
    expect(await create({ EncryptionContextSubset: pairs(1, 385) })).toContain('LimitExceededException: ')
    expect(await create({ EncryptionContextEquals: pairs(1), EncryptionContextSubset: pairs(1) })).toBe(
      'ValidationException: More than one constraint supplied',
    )
    expect(await create({ EncryptionContextEquals: pairs(1) }, { Operations: ['GenerateMac'] }, hmac)).toBe(
      `ValidationException: Encryption context grant constraints are not supported on key ${arnOf('us-east-1', hmac)}.`,
    )
    expect(await create({ SourceArn: TABLE }, { Operations: ['GenerateMac'] }, hmac)).toBe('no refusal')
    expect(await create({ SourceArn: 'arn:aws:s3:::my-bucket-of-things' })).toContain(
      "at 'constraints.sourceArn' failed to satisfy constraint: Member must satisfy regular expression pattern: ",
    )
    expect(await create({})).toBe('no refusal')
    expect(await create({ EncryptionContextEquals: {}, EncryptionContextSubset: pairs(2) })).toBe('no refusal')
    const constraints = (await grantsOf(emulator, KeyId)).map(({ Constraints }) => Constraints)
    expect(constraints).toContainEqual({ EncryptionContextSubset: pairs(2) })
    expect(constraints.filter((entry) => !entry)).toHaveLength(1)
  })

  it('refuses names that KMS refuses, and keys that it does not find', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator)
    expect(await refusal(grantTo(emulator, KeyId, { Name: 'a name' }))).toBe(
      "ValidationException: 1 validation error detected: Value 'a name' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$",
    )
    expect(await refusal(grantTo(emulator, 'invalid'))).toBe("NotFoundException: Invalid keyId 'invalid'")
  })

  it('stops at 50,000 grants of a key, but answers what is there', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator)
    const key = emulator.store.key(ACCOUNT, 'us-east-1', KeyId)
    if (!key) throw new Error('the key is not there')
    const named = await grantTo(emulator, KeyId, { Name: 'first' })
    for (let index = 1; index < 50_000; index++) {
      emulator.store.addGrant({
        ...grantWith({ operations: ['Encrypt'] }),
        id: index.toString(16).padStart(64, '0'),
        keyArn: key.arn,
      })
    }
    expect(await refusal(grantTo(emulator, KeyId))).toBe(`LimitExceededException: ${key.arn} already has 50000 grants.`)
    expect((await grantTo(emulator, KeyId, { Name: 'first' })).GrantId).toBe(named.GrantId)
    const other = await newKey(emulator)
    expect(await refusal(grantTo(emulator, other))).toBe('no refusal')
    await emulator.kms().send(new RevokeGrantCommand({ KeyId, GrantId: named.GrantId }))
    expect(await refusal(grantTo(emulator, KeyId))).toBe('no refusal')
  })
})

describe('ListGrants', () => {
  it('gives every grant of the key once, page by page', async () => {
    const emulator = await emulate()
    const [KeyId, other] = [await newKey(emulator), await newKey(emulator)]
    const made = await Promise.all(Array.from({ length: 130 }, () => grantTo(emulator, KeyId)))
    await grantTo(emulator, other)
    const sizes: number[] = []
    const ids: (string | undefined)[] = []
    for await (const { Grants = [] } of paginateListGrants({ client: emulator.kms() }, { KeyId })) {
      sizes.push(Grants.length)
      ids.push(...idsOf(Grants))
    }
    expect(sizes).toEqual([50, 50, 30])
    expect(ids.toSorted()).toEqual(made.map(({ GrantId }) => GrantId).toSorted())

    const hundred = await emulator.kms().send(new ListGrantsCommand({ KeyId, Limit: 100 }))
    expect([hundred.Grants?.length, hundred.Truncated]).toEqual([100, true])
    const marker = hundred.NextMarker
    expect(await refusal(emulator.kms().send(new ListGrantsCommand({ KeyId: other, Marker: marker })))).toContain(
      'InvalidMarkerException',
    )
    expect(await refusal(emulator.kms().send(new ListGrantsCommand({ KeyId, Limit: 101 })))).toContain(
      "Value '101' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 100",
    )
  })

  it('filters by grant, grantee and service', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator)
    const app = await grantTo(emulator, KeyId)
    const backup = await grantTo(emulator, KeyId, { GranteePrincipal: BACKUP })
    const service = await grantTo(emulator, KeyId, {
      GranteePrincipal: undefined,
      GranteeServicePrincipal: 'ebs.amazonaws.com',
      RetiringPrincipal: APP,
      Constraints: { SourceArn: TABLE },
    })
    const list = async (more: Partial<ListGrantsCommandInput>) => idsOf(await grantsOf(emulator, KeyId, more))
    expect(await list({ GranteePrincipal: APP })).toEqual([app.GrantId])
    expect(await list({ GrantId: backup.GrantId })).toEqual([backup.GrantId])
    expect(await list({ GrantId: backup.GrantId, GranteePrincipal: APP })).toEqual([])
    expect(await list({ GranteeServicePrincipal: 'ebs.amazonaws.com' })).toEqual([service.GrantId])
    expect(await list({ GrantId: NO_GRANT })).toEqual([])
    expect(await refusal(list({ GrantId: 'nonsense' }))).toBe('InvalidGrantIdException: Invalid grant ID')
    expect(await refusal(list({ GranteePrincipal: APP, GranteeServicePrincipal: 'ebs.amazonaws.com' }))).toBe(
      'ValidationException: You can specify either GranteePrincipal or GranteeServicePrincipal, but not both.',
    )
  })

  it('looks at keys of AWS services too', async () => {
    const emulator = await emulate({ scenario: 'demo' })
    const { KeyMetadata } = await emulator.kms().send(new DescribeKeyCommand({ KeyId: 'alias/aws/s3' }))
    expect(await grantsOf(emulator, KeyMetadata?.KeyId ?? '')).toEqual([])
    expect(await refusal(grantTo(emulator, KeyMetadata?.KeyId ?? ''))).toContain('AccessDeniedException')
  })
})

describe('ListRetirableGrants', () => {
  it('gives what a principal may retire in this Region, on keys of every account', async () => {
    const emulator = await emulate()
    const [first, second] = [await newKey(emulator), await newKey(emulator)]
    const foreign = emulator.kms('us-east-1', '999999999999')
    const theirs = await foreign.send(new CreateKeyCommand({}))
    const european = await emulator.kms('eu-west-1').send(new CreateKeyCommand({}))
    const wanted = [
      await grantTo(emulator, first, { RetiringPrincipal: BACKUP }),
      await grantTo(emulator, second, { RetiringPrincipal: BACKUP }),
      await foreign.send(
        new CreateGrantCommand({
          KeyId: theirs.KeyMetadata?.KeyId,
          GranteePrincipal: APP,
          RetiringPrincipal: BACKUP,
          Operations: ['Encrypt'],
        }),
      ),
    ]
    await grantTo(emulator, first, { RetiringPrincipal: APP })
    await grantTo(emulator, first, { GranteePrincipal: BACKUP })
    await grantTo(emulator, european.KeyMetadata?.KeyId ?? '', { RetiringPrincipal: BACKUP }, 'eu-west-1')

    const found: GrantListEntry[] = []
    const paging = { client: emulator.kms(), pageSize: 2 }
    for await (const { Grants = [] } of paginateListRetirableGrants(paging, { RetiringPrincipal: BACKUP })) {
      expect(Grants.length).toBeLessThanOrEqual(2)
      found.push(...Grants)
    }
    expect(idsOf(found).toSorted()).toEqual(wanted.map(({ GrantId }) => GrantId).toSorted())
    expect(found.find(({ GrantId }) => GrantId === wanted[2]?.GrantId)).toMatchObject({
      KeyId: theirs.KeyMetadata?.Arn,
      IssuingAccount: 'arn:aws:iam::999999999999:root',
    })
  })

  it('refuses what names nobody of this account', async () => {
    const emulator = await emulate()
    const list = (input: { RetiringPrincipal?: string; RetiringServicePrincipal?: string }) =>
      refusal(emulator.kms().send(new ListRetirableGrantsCommand(input)))
    const one =
      'ValidationException: You must specify either RetiringPrincipal or RetiringServicePrincipal, but not both.'
    expect(await list({})).toBe(one)
    expect(await list({ RetiringPrincipal: APP, RetiringServicePrincipal: 'ebs.amazonaws.com' })).toBe(one)
    expect(await list({ RetiringPrincipal: 'App' })).toContain('InvalidArnException')
    expect(await list({ RetiringPrincipal: 'arn:aws:iam::999999999999:role/App' })).toContain('AccessDeniedException')
    expect(await list({ RetiringServicePrincipal: 'ebs.amazonaws.com' })).toBe('no refusal')
    expect(await list({ RetiringServicePrincipal: 'ebs' })).toContain("at 'retiringServicePrincipal' failed")
  })
})

describe('RevokeGrant and RetireGrant', () => {
  const revoke = (emulator: TestEmulator, KeyId: string, GrantId: string | undefined, DryRun?: boolean) =>
    refusal(emulator.kms().send(new RevokeGrantCommand({ KeyId, GrantId, DryRun })))
  const retire = (emulator: TestEmulator, input: RetireGrantCommandInput) =>
    refusal(emulator.kms().send(new RetireGrantCommand(input)))
  const GONE = 'NotFoundException: The grant does not exist.'

  it('take a grant away, by its id and that of its key', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator)
    const [first, second, third] = [
      await grantTo(emulator, KeyId),
      await grantTo(emulator, KeyId),
      await grantTo(emulator, KeyId),
    ]
    expect(await revoke(emulator, KeyId, first.GrantId, true)).toBe(DRY_RUN)
    expect(await grantsOf(emulator, KeyId)).toHaveLength(3)
    expect(await revoke(emulator, KeyId, first.GrantId)).toBe('no refusal')
    expect(await revoke(emulator, KeyId, first.GrantId)).toBe(GONE)
    expect(await retire(emulator, { KeyId: arnOf('us-east-1', KeyId), GrantId: second.GrantId })).toBe('no refusal')
    expect(await retire(emulator, { KeyId: arnOf('us-east-1', KeyId), GrantId: second.GrantId })).toBe(GONE)
    expect(idsOf(await grantsOf(emulator, KeyId))).toEqual([third.GrantId])
  })

  it('take a grant away by any of its tokens', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator)
    const first = await grantTo(emulator, KeyId, { Name: 'mine' })
    const again = await grantTo(emulator, KeyId, { Name: 'mine' })
    expect(await retire(emulator, { GrantToken: first.GrantToken, DryRun: true })).toBe(DRY_RUN)
    expect(await retire(emulator, { GrantToken: again.GrantToken })).toBe('no refusal')
    expect(await retire(emulator, { GrantToken: first.GrantToken })).toBe(GONE)
    expect(await grantsOf(emulator, KeyId)).toEqual([])
  })

  it('refuse what names no grant of that key', async () => {
    const emulator = await emulate()
    const [KeyId, other] = [await newKey(emulator), await newKey(emulator)]
    const { GrantId, GrantToken } = await grantTo(emulator, KeyId)
    expect(await revoke(emulator, other, GrantId)).toBe(GONE)
    expect(await revoke(emulator, KeyId, NO_GRANT)).toBe(GONE)
    expect(await revoke(emulator, KeyId, 'nonsense')).toBe('InvalidGrantIdException: Invalid grant ID')
    expect(await revoke(emulator, KeyId, undefined)).toContain("Value null at 'grantId'")
    expect(await retire(emulator, { KeyId: other, GrantId })).toBe(GONE)
    const tampered = `${GrantToken?.slice(0, -2)}${GrantToken?.endsWith('AA') ? 'BB' : 'AA'}`
    for (const token of ['nonsense', tampered, `${GrantToken}=`]) {
      expect(await retire(emulator, { GrantToken: token })).toBe('InvalidGrantTokenException: Invalid grant token')
    }
    const notOneWay =
      'ValidationException: To identify the grant, use a grant token, or both the grant ID and a key identifier.'
    for (const input of [{}, { KeyId }, { GrantId }, { GrantToken, KeyId, GrantId }]) {
      expect(await retire(emulator, input)).toBe(notOneWay)
    }
    expect(idsOf(await grantsOf(emulator, KeyId))).toEqual([GrantId])
  })
})

describe('grant tokens', () => {
  it('are taken as long as their grant is there, in its Region only', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator, { MultiRegion: true })
    await emulator.kms().send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }))
    emulator.advance(1000)
    const { GrantId, GrantToken = '' } = await grantTo(emulator, KeyId)
    const encrypt = (GrantTokens: string[], region?: string) =>
      refusal(emulator.kms(region).send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x'), GrantTokens })))
    const invalid = 'InvalidGrantTokenException: Invalid grant token'
    expect(await encrypt([GrantToken])).toBe('no refusal')
    expect(await refusal(grantTo(emulator, KeyId, { GrantTokens: [GrantToken] }))).toBe('no refusal')
    expect(await encrypt([GrantToken], 'eu-west-1')).toBe(invalid)
    expect(await encrypt([GrantToken, 'nonsense'])).toBe(invalid)
    expect(await encrypt([newGrantToken(NO_GRANT)])).toBe(invalid)
    expect(await encrypt(Array.from({ length: 11 }, () => GrantToken))).toContain("at 'grantTokens' failed")
    await emulator.kms().send(new RevokeGrantCommand({ KeyId, GrantId }))
    expect(await encrypt([GrantToken])).toBe(invalid)
  })
})

describe('grants in the state file', () => {
  it('come back with their tokens, and without those of a deleted key', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kms-emulator-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const dataFile = join(folder, 'state.jsonl')
    const first = await emulate({ dataFile })
    const KeyId = await newKey(first, { MultiRegion: true })
    await first.kms().send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }))
    first.advance(1000)
    const kept = await grantTo(first, KeyId, { Name: 'kept', Constraints: { EncryptionContextEquals: { a: 'b' } } })
    const revoked = await grantTo(first, KeyId)
    await first.kms().send(new RevokeGrantCommand({ KeyId, GrantId: revoked.GrantId }))
    const before = await grantsOf(first, KeyId)

    const lines = (await readFile(dataFile, 'utf8')).split('\n').length
    const onReplica = await grantTo(first, KeyId, { RetiringPrincipal: BACKUP }, 'eu-west-1')
    const added = (await readFile(dataFile, 'utf8')).split('\n').slice(lines - 1, -1)
    expect(added).toHaveLength(1)
    expect(added[0]).not.toContain('materials')

    await first.kms('eu-west-1').send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
    first.advance(8 * DAY_MS)
    await first.kms().send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }))

    const copy = `${dataFile}.copy`
    await writeFile(copy, await readFile(dataFile))
    const second = await emulate({ dataFile: copy, startAt: first.now() + 1000 })
    expect(await grantsOf(second, KeyId)).toEqual(before)
    expect((await second.kms('eu-west-1').send(new ListGrantsCommand({ KeyId }))).Grants).toEqual([])
    const retirable = new ListRetirableGrantsCommand({ RetiringPrincipal: BACKUP })
    expect((await second.kms('eu-west-1').send(retirable)).Grants).toEqual([])
    const encrypt = (token: string | undefined, region?: string) => {
      const input = { KeyId, Plaintext: Buffer.from('x'), GrantTokens: [token ?? ''] }
      return refusal(second.kms(region).send(new EncryptCommand(input)))
    }
    expect(await encrypt(kept.GrantToken)).toBe('no refusal')
    expect(await encrypt(revoked.GrantToken)).toContain('InvalidGrantTokenException')
    expect(await encrypt(onReplica.GrantToken, 'eu-west-1')).toContain('InvalidGrantTokenException')
    const same = { Name: 'kept', Constraints: { EncryptionContextEquals: { a: 'b' } } }
    expect((await grantTo(second, KeyId, same)).GrantId).toBe(kept.GrantId)

    await second.close() // and once more from the snapshot that a start writes
    const third = await emulate({ dataFile: copy, startAt: first.now() + 1000 })
    expect(await grantsOf(third, KeyId)).toEqual(before)
  })

  it('are forgotten by a reset', async () => {
    const emulator = await emulate()
    const { GrantToken } = await grantTo(emulator, await newKey(emulator))
    await emulator.door('POST', '/_emulator/reset')
    expect(await refusal(emulator.kms().send(new RetireGrantCommand({ GrantToken })))).toContain('NotFoundException')
    const retirable = new ListRetirableGrantsCommand({ RetiringPrincipal: BACKUP })
    expect((await emulator.kms().send(retirable)).Grants).toEqual([])
  })
})

describe('grants of a scenario', () => {
  it('have ids that come from the key', () => {
    const load = () => {
      const store = new Store()
      const grants = [{ granteePrincipal: APP, operations: ['Encrypt' as const], name: 'app' }]
      addFamily(
        { store, account: ACCOUNT, now: START },
        {
          seed: 'alias/granted',
          grants: [...grants, { granteePrincipal: BACKUP, operations: ['Decrypt'], createdDaysAgo: 3 }],
          members: [{ region: 'us-east-1' }, { region: 'eu-west-1', grants }, { region: 'us-west-2', grants: [] }],
        },
      )
      return ['us-east-1', 'eu-west-1', 'us-west-2'].map((region) => {
        const key = store.key(ACCOUNT, region, multiRegionKeyId('alias/granted'))
        return key ? store.grantsOf(key) : []
      })
    }
    const [primary = [], replica = [], bare = []] = load()
    expect([primary.length, replica.length, bare.length]).toEqual([2, 1, 0])
    expect(new Set([...primary, ...replica].map(({ id }) => id)).size).toBe(3)
    expect(primary.find(({ name }) => name === '')?.createdAt).toBe(START - 3 * DAY_MS)
    expect(load()).toEqual([primary, replica, bare])
  })
})

/** A grant on a key of ACCOUNT, made by another account. */
function grantWith(more: Partial<Grant>): Grant {
  return {
    id: NO_GRANT,
    keyArn: arnOf('us-east-1', 'mrk-00000000000000000000000000000000'),
    region: 'us-east-1',
    name: '',
    granteePrincipal: APP,
    issuingAccount: 'arn:aws:iam::222222222222:root',
    operations: ['Encrypt', 'Decrypt', 'DescribeKey', 'RetireGrant', 'CreateGrant'],
    createdAt: START,
    ...more,
  }
}

describe('grantAllowing', () => {
  const allows = (grant: Partial<Grant>, use: Partial<Parameters<typeof grantAllowing>[1]> = {}) =>
    grantAllowing([grantWith(grant)], { principal: APP, operation: 'Encrypt', ...use }) !== undefined

  it('finds the grant that fits, among others', () => {
    const fitting = grantWith({ operations: ['Sign'] })
    const grants = [grantWith({}), fitting]
    expect(grantAllowing(grants, { principal: APP, operation: 'Sign' })).toBe(fitting)
    expect(grantAllowing(grants, { principal: APP, operation: 'Verify' })).toBeUndefined()
    expect(grantAllowing([], { principal: APP, operation: 'Sign' })).toBeUndefined()
  })

  it.each([
    [APP, APP, true],
    [APP, BACKUP, false],
    [APP, `arn:aws:sts::${ACCOUNT}:assumed-role/App/session`, true],
    [BACKUP, `arn:aws:sts::${ACCOUNT}:assumed-role/Backup/session`, true],
    [APP, `arn:aws:sts::${ACCOUNT}:assumed-role/OtherApp/session`, false],
    [APP, 'arn:aws:sts::999999999999:assumed-role/App/session', false],
    [`arn:aws:iam::${ACCOUNT}:user/App`, `arn:aws:sts::${ACCOUNT}:assumed-role/App/session`, false],
    [ROOT, ROOT, true],
    [ROOT, APP, true],
    [ROOT, 'arn:aws:iam::999999999999:role/App', false],
    [APP, ROOT, false],
  ])('to %s, for %s: %s', (granteePrincipal, principal, expected) => {
    expect(allows({ granteePrincipal }, { principal })).toBe(expected)
  })

  it('holds an encryption context constraint against the request', () => {
    const equals = { constraints: { EncryptionContextEquals: { Department: 'IT' } } }
    const subset = { constraints: { EncryptionContextSubset: { Department: 'IT' } } }
    const cases: [context: Record<string, string> | undefined, equal: boolean, included: boolean][] = [
      [{ Department: 'IT' }, true, true],
      [{ department: 'IT' }, true, true],
      [{ Department: 'it' }, false, false],
      [{ Department: 'IT', Purpose: 'Test' }, false, true],
      [{ Purpose: 'IT' }, false, false],
      [{}, false, false],
      [undefined, false, false],
    ]
    for (const [encryptionContext, equal, included] of cases) {
      expect(allows(equals, { encryptionContext })).toBe(equal)
      expect(allows(subset, { encryptionContext })).toBe(included)
    }
    for (const operation of ['DescribeKey', 'RetireGrant'] as const) {
      expect(allows(equals, { operation })).toBe(true)
      expect(allows(subset, { operation })).toBe(true)
    }
  })

  it('holds a SourceArn constraint against who asks on whose behalf', () => {
    const grant = { constraints: { SourceArn: TABLE } }
    expect(allows(grant, { sourceArn: TABLE })).toBe(true)
    expect(allows(grant, { sourceArn: `${TABLE}2` })).toBe(false)
    expect(allows(grant)).toBe(false)
    expect(allows(grant, { operation: 'DescribeKey' })).toBe(false)
    expect(allows(grant, { operation: 'RetireGrant' })).toBe(true)
    const service = { ...grant, granteePrincipal: undefined, granteeServicePrincipal: 'ebs.amazonaws.com' }
    expect(allows(service, { principal: 'ebs.amazonaws.com', sourceArn: TABLE })).toBe(true)
    expect(allows(service, { principal: 's3.amazonaws.com', sourceArn: TABLE })).toBe(false)
  })
})

describe('mayRetire', () => {
  it.each<[Partial<Grant>, string, boolean]>([
    [{ retiringPrincipal: BACKUP }, BACKUP, true],
    [{ retiringServicePrincipal: 'ebs.amazonaws.com' }, 'ebs.amazonaws.com', true],
    [{}, APP, true],
    [{ operations: ['Encrypt'] }, APP, false],
    [{ operations: ['Encrypt'], retiringPrincipal: APP }, APP, true],
    [{}, BACKUP, false],
    [{}, ROOT, true],
    [{}, 'arn:aws:iam::222222222222:root', true],
    [{}, 'arn:aws:iam::333333333333:root', false],
    [{ constraints: { EncryptionContextEquals: { a: 'b' } } }, APP, true],
  ])('%j by %s: %s', (grant, principal, expected) => {
    expect(mayRetire(grantWith(grant), principal)).toBe(expected)
  })
})

describe('mayDelegate', () => {
  const IT = { Department: 'IT' }
  const more = { Department: 'IT', Purpose: 'Test' }
  it.each<[parent: GrantConstraints, child: GrantConstraints, boolean]>([
    [{}, {}, true],
    [{}, { EncryptionContextEquals: IT }, true],
    [{ EncryptionContextSubset: IT }, {}, false],
    [{ EncryptionContextSubset: IT }, { EncryptionContextSubset: IT }, true],
    [{ EncryptionContextSubset: IT }, { EncryptionContextSubset: more }, true],
    [{ EncryptionContextSubset: more }, { EncryptionContextSubset: IT }, false],
    [{ EncryptionContextSubset: IT }, { EncryptionContextEquals: more }, true],
    [{ EncryptionContextEquals: IT }, { EncryptionContextSubset: IT }, false],
    [{ EncryptionContextEquals: IT }, { EncryptionContextEquals: IT }, true],
    [{ EncryptionContextEquals: IT }, { EncryptionContextEquals: more }, false],
  ])('of %j for %j: %s', (parent, child, expected) => {
    const operations: Grant['operations'] = ['Encrypt']
    expect(mayDelegate(grantWith({ constraints: parent }), APP, { operations, constraints: child })).toBe(expected)
  })

  it('only what the grant itself allows, and only where it allows CreateGrant', () => {
    expect(mayDelegate(grantWith({}), APP, { operations: ['Encrypt', 'CreateGrant'] })).toBe(true)
    expect(mayDelegate(grantWith({}), APP, { operations: ['Encrypt', 'GenerateDataKey'] })).toBe(false)
    expect(mayDelegate(grantWith({}), BACKUP, { operations: ['Encrypt'] })).toBe(false)
    expect(mayDelegate(grantWith({ operations: ['Encrypt'] }), APP, { operations: ['Encrypt'] })).toBe(false)
    const constrained = grantWith({ constraints: { SourceArn: TABLE } })
    const child = { operations: ['Encrypt' as const], constraints: { SourceArn: TABLE } }
    expect(mayDelegate(constrained, APP, child, TABLE)).toBe(true)
    expect(mayDelegate(constrained, APP, { operations: ['Encrypt'] }, TABLE)).toBe(false)
  })
})
