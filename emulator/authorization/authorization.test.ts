// Authorization: what key policies, identity policies and their conditions allow, while the switch is on.

import {
  CreateAliasCommand,
  CreateGrantCommand,
  type CreateGrantCommandInput,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetKeyPolicyCommand,
  type KMSClient,
  ListAliasesCommand,
  ListKeysCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  ReplicateKeyCommand,
  RetireGrantCommand,
  RevokeGrantCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdatePrimaryRegionCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { OPERATIONS } from '../calls/operations.ts'
import { ACCOUNT, arnOf, emulate, refusal, type TestEmulator, TRANSITION_MS } from '../tests/test-emulator.ts'
import { PERMISSIONS } from './permissions.ts'

type Statement = Record<string, unknown>

const OPERATOR = `arn:aws:iam::${ACCOUNT}:role/Operator`
const READER = `arn:aws:iam::${ACCOUNT}:user/reader`
const STRANGER = 'arn:aws:iam::444455556666:role/Stranger'

const ROOT_STATEMENT = statement('kms:*', { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } })

function statement(action: string | string[], more: Statement = {}): Statement {
  return { Effect: 'Allow', Action: action, Resource: '*', ...more }
}
const forOperator = (action: string | string[], more: Statement = {}) =>
  statement(action, { Principal: { AWS: OPERATOR }, ...more })
const policy = (...statements: Statement[]) => ({ Version: '2012-10-17', Statement: statements })
const allow = (action: string | string[], more: Statement = {}) => policy(statement(action, more))
const when = (operator: string, key: string, value: unknown) => ({ Condition: { [operator]: { [key]: value } } })

async function guarded(options: Parameters<typeof emulate>[0] = {}) {
  const emulator = await emulate(options)
  expect((await emulator.door('PUT', '/_emulator/settings', { authorization: 'policies' })).status).toBe(200)
  return emulator
}

let lastCaller = 0

/** Makes a caller known; answers its client for a Region. */
async function callerOf(emulator: TestEmulator, arn: string, policies: unknown[] = []) {
  lastCaller += 1
  const accessKeyId = `AKIA${lastCaller}`
  const answer = await emulator.door('PUT', `/_emulator/callers/${accessKeyId}`, { arn, policies })
  expect(answer.status).toBe(200)
  return (region = 'us-east-1') => emulator.kms(region, accessKeyId)
}

/** Made by the root user, whom the lockout check is not to hinder. */
async function keyOf(
  emulator: TestEmulator,
  statements: Statement[] = [ROOT_STATEMENT],
  more: CreateKeyCommandInput = {},
) {
  const input = { Policy: JSON.stringify(policy(...statements)), BypassPolicyLockoutSafetyCheck: true, ...more }
  const { KeyMetadata } = await emulator.kms().send(new CreateKeyCommand(input))
  return KeyMetadata?.KeyId ?? ''
}

async function familyOf(emulator: TestEmulator, statements?: Statement[], replicaStatements?: Statement[]) {
  const KeyId = await keyOf(emulator, statements, { MultiRegion: true })
  const Policy = JSON.stringify(policy(...(replicaStatements ?? statements ?? [ROOT_STATEMENT])))
  await emulator
    .kms()
    .send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1', Policy, BypassPolicyLockoutSafetyCheck: true }))
  emulator.advance(TRANSITION_MS)
  return KeyId
}

const ROOT = `arn:aws:iam::${ACCOUNT}:root`
const noIdentity = (caller: string, action: string, resource?: string) =>
  `AccessDeniedException: User: ${caller} is not authorized to perform: kms:${action}${resource ? ` on resource: ${resource}` : ''} because no identity-based policy allows the kms:${action} action`
const noKeyPolicy = (caller: string, action: string, resource: string) =>
  `AccessDeniedException: User: ${caller} is not authorized to perform: kms:${action} on resource: ${resource} because no resource-based policy allows the kms:${action} action`
const deniedBy = (kind: 'an identity-based' | 'a resource-based', caller: string, action: string, resource: string) =>
  `AccessDeniedException: User: ${caller} is not authorized to perform: kms:${action} on resource: ${resource} with an explicit deny in ${kind} policy`

const describeKey = (kms: KMSClient, KeyId: string) => refusal(kms.send(new DescribeKeyCommand({ KeyId })))
const encrypt = (kms: KMSClient, KeyId: string, EncryptionContext?: Record<string, string>) =>
  refusal(kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x'), EncryptionContext })))
const OK = 'no refusal'

describe('the switch', () => {
  it('is off at first, and off means that nobody is asked', async () => {
    const emulator = await emulate()
    const operator = await callerOf(emulator, OPERATOR)
    const KeyId = await keyOf(emulator, [statement('kms:*', { Principal: { AWS: READER } })])
    expect((await emulator.door('GET', '/_emulator/settings')).body).toMatchObject({ authorization: 'off' })
    expect(await describeKey(operator(), KeyId)).toBe(OK)
    expect((await emulator.door('PUT', '/_emulator/settings', { authorization: 'policies' })).body).toMatchObject({
      authorization: 'policies',
    })
    expect(await describeKey(operator(), KeyId)).not.toBe(OK)
    await emulator.door('PUT', '/_emulator/settings', { authorization: 'off' })
    expect(await describeKey(operator(), KeyId)).toBe(OK)
  })

  it('is off again after a reset', async () => {
    const emulator = await guarded()
    await emulator.door('POST', '/_emulator/reset')
    expect((await emulator.door('GET', '/_emulator/settings')).body).toMatchObject({ authorization: 'off' })
  })

  it('knows what each operation needs', () => {
    const unknown = [...OPERATIONS.keys()].filter((name) => !PERMISSIONS[name]?.length)
    expect(unknown).toEqual([])
  })
})

describe('the default key policy', () => {
  it('lets the root user do everything', async () => {
    const emulator = await guarded({ scenario: 'demo' })
    const { KeyMetadata } = await emulator.kms().send(new CreateKeyCommand({}))
    const KeyId = KeyMetadata?.KeyId
    const { CiphertextBlob } = await emulator.kms().send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }))
    await emulator.kms().send(new DecryptCommand({ CiphertextBlob }))
    await emulator.kms().send(new CreateAliasCommand({ AliasName: 'alias/mine', TargetKeyId: KeyId }))
    await emulator.kms().send(new ListAliasesCommand({}))
    await emulator.kms().send(new DescribeKeyCommand({ KeyId: 'alias/aws/s3' }))
  })

  it('leaves it to the identity policies of everyone else', async () => {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator)
    const arn = arnOf('us-east-1', KeyId)
    const nobody = await callerOf(emulator, OPERATOR)
    const reader = await callerOf(emulator, READER, [allow(['kms:DescribeKey', 'kms:List*'])])
    const elsewhere = await callerOf(emulator, READER, [allow('kms:*', { Resource: arnOf('us-east-1', 'other') })])
    expect(await describeKey(nobody(), KeyId)).toBe(noIdentity(OPERATOR, 'DescribeKey', arn))
    expect(await describeKey(reader(), KeyId)).toBe(OK)
    expect(await encrypt(reader(), KeyId)).toBe(noIdentity(READER, 'Encrypt', arn))
    expect(await describeKey(elsewhere(), KeyId)).toBe(noIdentity(READER, 'DescribeKey', arn))
  })
})

describe('a key policy', () => {
  it('allows a role and its sessions without any identity policy', async () => {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator, [ROOT_STATEMENT, forOperator('kms:Encrypt')])
    const session = `arn:aws:sts::${ACCOUNT}:assumed-role/Operator/ann`
    expect(await encrypt((await callerOf(emulator, OPERATOR))(), KeyId)).toBe(OK)
    const ann = await callerOf(emulator, session)
    expect(await encrypt(ann(), KeyId)).toBe(OK)
    expect(await describeKey(ann(), KeyId)).toBe(noIdentity(session, 'DescribeKey', arnOf('us-east-1', KeyId)))
  })

  it('without the account makes identity policies void, those of the root user too', async () => {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator, [forOperator('kms:Encrypt')])
    const arn = arnOf('us-east-1', KeyId)
    const reader = await callerOf(emulator, READER, [allow('*')])
    expect(await encrypt((await callerOf(emulator, OPERATOR))(), KeyId)).toBe(OK)
    expect(await encrypt(reader(), KeyId)).toBe(noKeyPolicy(READER, 'Encrypt', arn))
    expect(await encrypt(emulator.kms(), KeyId)).toBe(noKeyPolicy(ROOT, 'Encrypt', arn))
  })

  it('that denies counts more than everything that allows', async () => {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator, [ROOT_STATEMENT, statement('kms:Encrypt', { Effect: 'Deny', Principal: '*' })])
    const arn = arnOf('us-east-1', KeyId)
    const operator = await callerOf(emulator, OPERATOR, [allow('*')])
    expect(await encrypt(operator(), KeyId)).toBe(deniedBy('a resource-based', OPERATOR, 'Encrypt', arn))
    expect(await encrypt(emulator.kms(), KeyId)).toBe(deniedBy('a resource-based', ROOT, 'Encrypt', arn))
    expect(await describeKey(operator(), KeyId)).toBe(OK)
  })

  it('allows in vain what an identity policy denies', async () => {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator, [forOperator('kms:*')])
    const operator = await callerOf(emulator, OPERATOR, [allow('kms:Encrypt', { Effect: 'Deny' })])
    expect(await encrypt(operator(), KeyId)).toBe(
      deniedBy('an identity-based', OPERATOR, 'Encrypt', arnOf('us-east-1', KeyId)),
    )
    expect(await describeKey(operator(), KeyId)).toBe(OK)
  })

  it('has no effect where a statement names no action or no resource', async () => {
    const emulator = await guarded()
    const denied = { Effect: 'Deny', Principal: '*' }
    const KeyId = await keyOf(emulator, [ROOT_STATEMENT, { ...denied, Action: 'kms:*' }, { ...denied, Resource: '*' }])
    expect(await describeKey(emulator.kms(), KeyId)).toBe(OK)
  })

  it('that cannot be read allows nothing', async () => {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator, [ROOT_STATEMENT, statement('kms:(', { Effect: 'Deny', Principal: '*' })])
    expect(await describeKey(emulator.kms(), KeyId)).toBe(noKeyPolicy(ROOT, 'DescribeKey', arnOf('us-east-1', KeyId)))
  })

  it('is that of the key in the Region of the call', async () => {
    const emulator = await guarded()
    const KeyId = await familyOf(emulator, [ROOT_STATEMENT, forOperator('kms:*')], [ROOT_STATEMENT])
    const operator = await callerOf(emulator, OPERATOR)
    expect(await encrypt(operator('us-east-1'), KeyId)).toBe(OK)
    expect(await encrypt(operator('eu-west-1'), KeyId)).toBe(noIdentity(OPERATOR, 'Encrypt', arnOf('eu-west-1', KeyId)))
  })

  it('counts with what the caller may now, not with what it might before', async () => {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator)
    const know = (...policies: unknown[]) =>
      emulator.door('PUT', '/_emulator/callers/AKIACHANGING', { arn: OPERATOR, policies })
    const operator = emulator.kms('us-east-1', 'AKIACHANGING')
    await know(allow('kms:DescribeKey'))
    expect(await describeKey(operator, KeyId)).toBe(OK)
    await know()
    expect(await describeKey(operator, KeyId)).not.toBe(OK)
  })

  it('counts from the next call on once it was changed', async () => {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator)
    const operator = await callerOf(emulator, OPERATOR)
    expect(await describeKey(operator(), KeyId)).not.toBe(OK)
    const Policy = JSON.stringify(policy(ROOT_STATEMENT, forOperator('kms:DescribeKey')))
    await emulator.kms().send(new PutKeyPolicyCommand({ KeyId, Policy }))
    expect(await describeKey(operator(), KeyId)).toBe(OK)
  })
})

describe('an operation without a key', () => {
  it('is a matter of identity policies alone', async () => {
    const emulator = await guarded()
    const nobody = await callerOf(emulator, OPERATOR)
    const onKeysOnly = await callerOf(emulator, OPERATOR, [allow('kms:*', { Resource: 'arn:aws:kms:*:*:key/*' })])
    const creator = await callerOf(emulator, OPERATOR, [allow(['kms:CreateKey', 'kms:ListKeys'])])
    const create = (kms: KMSClient, input = {}) => refusal(kms.send(new CreateKeyCommand(input)))
    expect(await create(nobody())).toBe(noIdentity(OPERATOR, 'CreateKey', '*'))
    expect(await create(onKeysOnly())).toBe(noIdentity(OPERATOR, 'CreateKey', '*'))
    expect(await create(creator())).toBe(OK)
    expect(await refusal(nobody().send(new ListKeysCommand({})))).toBe(noIdentity(OPERATOR, 'ListKeys', '*'))
    expect(await refusal(creator().send(new ListKeysCommand({})))).toBe(OK)
  })

  it('needs kms:TagResource as well where it gives tags', async () => {
    const emulator = await guarded()
    const creator = await callerOf(emulator, OPERATOR, [allow('kms:CreateKey')])
    const tagger = await callerOf(emulator, OPERATOR, [
      allow('kms:CreateKey'),
      allow('kms:TagResource', {
        Resource: 'arn:aws:kms:*:*:key/*',
        ...when('StringEquals', 'aws:RequestTag/Team', 'a'),
      }),
    ])
    const create = (kms: KMSClient, team: string) =>
      refusal(kms.send(new CreateKeyCommand({ Tags: [{ TagKey: 'Team', TagValue: team }] })))
    expect(await create(creator(), 'a')).toBe(noIdentity(OPERATOR, 'TagResource'))
    expect(await create(tagger(), 'b')).toBe(noIdentity(OPERATOR, 'TagResource'))
    expect(await create(tagger(), 'a')).toBe(OK)
  })
})

describe('ReplicateKey', () => {
  const replicate = (kms: KMSClient, KeyId: string, ReplicaRegion: string, Tags?: CreateKeyCommandInput['Tags']) =>
    refusal(kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion, Tags })))

  it('needs kms:CreateKey in the Region of the replica key', async () => {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator, [ROOT_STATEMENT, forOperator('kms:ReplicateKey')], { MultiRegion: true })
    const nobody = await callerOf(emulator, OPERATOR)
    const european = await callerOf(emulator, OPERATOR, [
      allow('kms:CreateKey', when('StringEquals', 'aws:RequestedRegion', 'eu-west-1')),
    ])
    expect(await replicate(nobody(), KeyId, 'eu-west-1')).toBe(noIdentity(OPERATOR, 'CreateKey', '*'))
    expect(await replicate(european(), KeyId, 'us-west-2')).toBe(noIdentity(OPERATOR, 'CreateKey', '*'))
    const Tags = [{ TagKey: 'Team', TagValue: 'a' }]
    expect(await replicate(european(), KeyId, 'eu-west-1', Tags)).toBe(noIdentity(OPERATOR, 'TagResource'))
    expect(await replicate(european(), KeyId, 'eu-west-1')).toBe(OK)
  })

  it('needs kms:ReplicateKey on the primary key', async () => {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator, [ROOT_STATEMENT], { MultiRegion: true })
    const creator = await callerOf(emulator, OPERATOR, [allow('kms:CreateKey')])
    expect(await replicate(creator(), KeyId, 'eu-west-1')).toBe(
      noIdentity(OPERATOR, 'ReplicateKey', arnOf('us-east-1', KeyId)),
    )
  })

  it('can be kept to Regions by kms:ReplicaRegion', async () => {
    const emulator = await guarded()
    const elsewhere = statement('kms:ReplicateKey', {
      Effect: 'Deny',
      Principal: { AWS: '*' },
      ...when('StringNotEquals', 'kms:ReplicaRegion', ['eu-west-1', 'eu-central-1']),
    })
    const KeyId = await keyOf(emulator, [ROOT_STATEMENT, elsewhere], { MultiRegion: true })
    expect(await replicate(emulator.kms(), KeyId, 'us-west-2')).toBe(
      deniedBy('a resource-based', ROOT, 'ReplicateKey', arnOf('us-east-1', KeyId)),
    )
    expect(await replicate(emulator.kms(), KeyId, 'eu-central-1')).toBe(OK)
  })

  it('asks of the replica key as one, when kms:CreateKey has conditions', async () => {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator, [ROOT_STATEMENT], { MultiRegion: true })
    const replicator = await callerOf(emulator, OPERATOR, [
      allow('kms:ReplicateKey'),
      allow('kms:CreateKey', when('StringEquals', 'kms:MultiRegionKeyType', 'REPLICA')),
    ])
    expect(await replicate(replicator(), KeyId, 'eu-west-1')).toBe(OK)
    const create = replicator().send(new CreateKeyCommand({ MultiRegion: true }))
    expect(await refusal(create)).toBe(noIdentity(OPERATOR, 'CreateKey', '*'))
  })

  it('answers itself for a key that is not there', async () => {
    const emulator = await guarded()
    const nobody = await callerOf(emulator, OPERATOR)
    const KeyId = 'mrk-00000000000000000000000000000000'
    expect(await replicate(nobody(), KeyId, 'eu-west-1')).toMatch(/^NotFoundException: /)
  })
})

describe('UpdatePrimaryRegion', () => {
  const promote = (kms: KMSClient, KeyId: string, PrimaryRegion = 'eu-west-1') =>
    refusal(kms.send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion })))

  it('needs permission on both keys', async () => {
    const emulator = await guarded()
    const allowing = [ROOT_STATEMENT, forOperator('kms:UpdatePrimaryRegion')]
    const operator = await callerOf(emulator, OPERATOR)
    const onPrimaryOnly = await familyOf(emulator, allowing, [ROOT_STATEMENT])
    expect(await promote(operator(), onPrimaryOnly)).toBe(
      noIdentity(OPERATOR, 'UpdatePrimaryRegion', arnOf('eu-west-1', onPrimaryOnly)),
    )
    const onReplicaOnly = await familyOf(emulator, [ROOT_STATEMENT], allowing)
    expect(await promote(operator(), onReplicaOnly)).toBe(
      noIdentity(OPERATOR, 'UpdatePrimaryRegion', arnOf('us-east-1', onReplicaOnly)),
    )
    expect(await promote(operator(), await familyOf(emulator, allowing))).toBe(OK)
  })

  it('can be kept to Regions by kms:PrimaryRegion', async () => {
    const emulator = await guarded()
    const inEurope = forOperator('kms:UpdatePrimaryRegion', when('StringLike', 'kms:PrimaryRegion', 'eu-*'))
    const KeyId = await familyOf(emulator, [ROOT_STATEMENT, inEurope])
    await emulator.kms().send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'us-west-2' }))
    emulator.advance(TRANSITION_MS)
    const operator = await callerOf(emulator, OPERATOR)
    expect(await promote(operator(), KeyId, 'us-west-2')).toBe(
      noIdentity(OPERATOR, 'UpdatePrimaryRegion', arnOf('us-east-1', KeyId)),
    )
    expect(await promote(operator(), KeyId, 'eu-west-1')).toBe(OK)
  })

  it('leaves a Region without replica key to the operation', async () => {
    const emulator = await guarded()
    const KeyId = await familyOf(emulator)
    expect(await promote(emulator.kms(), KeyId, 'sa-east-1')).toMatch(/^UnsupportedOperationException: /)
  })
})

describe('aliases', () => {
  const NAME = 'alias/app'
  const ALIAS_ARN = `arn:aws:kms:us-east-1:${ACCOUNT}:${NAME}`
  const onAliases = (action: string) => allow(action, { Resource: `arn:aws:kms:*:${ACCOUNT}:alias/*` })
  const onKeys = (action: string, ...keyIds: string[]) =>
    allow(action, { Resource: keyIds.map((keyId) => arnOf('us-east-1', keyId)) })

  it('are made by whoever may on the alias and on the key', async () => {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator)
    const create = async (...policies: unknown[]) => {
      const caller = await callerOf(emulator, OPERATOR, policies)
      return refusal(caller().send(new CreateAliasCommand({ AliasName: NAME, TargetKeyId: KeyId })))
    }
    const onAlias = onAliases('kms:CreateAlias')
    const onKey = onKeys('kms:CreateAlias', KeyId)
    expect(await create(onKey)).toBe(noIdentity(OPERATOR, 'CreateAlias', ALIAS_ARN))
    expect(await create(onAlias)).toBe(noIdentity(OPERATOR, 'CreateAlias', arnOf('us-east-1', KeyId)))
    expect(await create(onAlias, onKey)).toBe(OK)
  })

  it('are moved by whoever may on both keys, and deleted by whoever may on the one', async () => {
    const emulator = await guarded()
    const [before, after] = [await keyOf(emulator), await keyOf(emulator)]
    await emulator.kms().send(new CreateAliasCommand({ AliasName: NAME, TargetKeyId: before }))
    const move = async (...policies: unknown[]) => {
      const caller = await callerOf(emulator, OPERATOR, [onAliases('kms:*'), ...policies])
      return refusal(caller().send(new UpdateAliasCommand({ AliasName: NAME, TargetKeyId: after })))
    }
    expect(await move(onKeys('kms:*', after))).toBe(noIdentity(OPERATOR, 'UpdateAlias', arnOf('us-east-1', before)))
    expect(await move(onKeys('kms:*', before))).toBe(noIdentity(OPERATOR, 'UpdateAlias', arnOf('us-east-1', after)))
    expect(await move(onKeys('kms:*', before, after))).toBe(OK)
    const remove = async (...policies: unknown[]) => {
      const caller = await callerOf(emulator, OPERATOR, [onAliases('kms:*'), ...policies])
      return refusal(caller().send(new DeleteAliasCommand({ AliasName: NAME })))
    }
    expect(await remove(onKeys('kms:*', before))).toBe(noIdentity(OPERATOR, 'DeleteAlias', arnOf('us-east-1', after)))
    expect(await remove(onKeys('kms:*', after))).toBe(OK)
  })

  it('open a key by the name in the request, or by the names of the key', async () => {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator)
    await emulator.kms().send(new CreateAliasCommand({ AliasName: NAME, TargetKeyId: KeyId }))
    const byRequest = await callerOf(emulator, OPERATOR, [
      allow('kms:Encrypt', when('StringEquals', 'kms:RequestAlias', NAME)),
    ])
    expect(await encrypt(byRequest(), NAME)).toBe(OK)
    expect(await encrypt(byRequest(), ALIAS_ARN)).toBe(OK)
    expect(await encrypt(byRequest(), KeyId)).toBe(noIdentity(OPERATOR, 'Encrypt', arnOf('us-east-1', KeyId)))
    const byResource = await callerOf(emulator, OPERATOR, [
      allow('kms:Encrypt', when('ForAnyValue:StringLike', 'kms:ResourceAliases', 'alias/a*')),
    ])
    expect(await encrypt(byResource(), KeyId)).toBe(OK)
    expect(await encrypt(byResource(), await keyOf(emulator))).not.toBe(OK)
  })

  it('that are not well-formed or not there are refused by the operation', async () => {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator)
    const nobody = await callerOf(emulator, OPERATOR)
    const create = nobody().send(new CreateAliasCommand({ AliasName: 'app', TargetKeyId: KeyId }))
    expect(await refusal(create)).toMatch(/^(ValidationException: Alias must start|AccessDeniedException)/)
    expect(await refusal(nobody().send(new DeleteAliasCommand({ AliasName: 'alias/none' })))).toMatch(/^NotFound/)
  })
})

describe('decrypting', () => {
  it('names the key in the refusal only to who named it', async () => {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator)
    const { CiphertextBlob } = await emulator.kms().send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }))
    const nobody = await callerOf(emulator, OPERATOR)
    const decrypt = (input = {}) => refusal(nobody().send(new DecryptCommand({ CiphertextBlob, ...input })))
    expect(await decrypt()).toBe(
      'AccessDeniedException: The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
    )
    expect(await decrypt({ KeyId })).toBe(noIdentity(OPERATOR, 'Decrypt', arnOf('us-east-1', KeyId)))
    expect(await decrypt({ CiphertextBlob: Buffer.from('x') })).toMatch(/^InvalidCiphertextException/)
  })

  it('is refused before a dry run would succeed', async () => {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator, [ROOT_STATEMENT, forOperator('kms:Encrypt')])
    const operator = await callerOf(emulator, OPERATOR)
    const Plaintext = Buffer.from('x')
    const dryRun = operator().send(new EncryptCommand({ KeyId, Plaintext, DryRun: true }))
    expect(await refusal(dryRun)).toMatch(/^DryRunOperationException/)
    const generate = operator().send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', DryRun: true }))
    expect(await refusal(generate)).toBe(noIdentity(OPERATOR, 'GenerateDataKey', arnOf('us-east-1', KeyId)))
  })

  it('and encrypting anew needs kms:ReEncryptFrom and kms:ReEncryptTo', async () => {
    const emulator = await guarded()
    const from = await keyOf(emulator, [ROOT_STATEMENT, forOperator('kms:ReEncryptFrom')])
    const to = await keyOf(emulator, [ROOT_STATEMENT, forOperator('kms:ReEncryptTo')])
    const { CiphertextBlob } = await emulator
      .kms()
      .send(new EncryptCommand({ KeyId: from, Plaintext: Buffer.from('x') }))
    const operator = await callerOf(emulator, OPERATOR)
    const reEncrypt = (SourceKeyId: string, DestinationKeyId: string) =>
      refusal(operator().send(new ReEncryptCommand({ CiphertextBlob, SourceKeyId, DestinationKeyId })))
    expect(await reEncrypt(from, from)).toBe(noIdentity(OPERATOR, 'ReEncryptTo', arnOf('us-east-1', from)))
    expect(await reEncrypt(to, to)).toBe(noIdentity(OPERATOR, 'ReEncryptFrom', arnOf('us-east-1', to)))
    expect(await reEncrypt(from, to)).toBe(OK)
  })
})

describe('a condition', () => {
  /** Whether the operator may, when the key policy allows it under a condition only. */
  async function mayUnder(
    condition: Statement,
    call: (kms: KMSClient, keyId: string) => Promise<unknown>,
    more: CreateKeyCommandInput = {},
  ): Promise<boolean> {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator, [ROOT_STATEMENT, forOperator('kms:*', condition)], more)
    await emulator.kms().send(new CreateAliasCommand({ AliasName: 'alias/app', TargetKeyId: KeyId }))
    const answer = await refusal(call((await callerOf(emulator, OPERATOR))(), KeyId))
    expect(answer).toMatch(/^(no refusal|AccessDeniedException)/)
    return answer === OK
  }
  const describing = (kms: KMSClient, KeyId: string) => kms.send(new DescribeKeyCommand({ KeyId }))
  const encrypting = (kms: KMSClient, KeyId: string) =>
    kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x'), EncryptionContext: { App: 'pay', Id: '7' } }))
  const SIGNING: CreateKeyCommandInput = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }
  const signing = (kms: KMSClient, KeyId: string) =>
    kms.send(new SignCommand({ KeyId, Message: Buffer.from('x'), SigningAlgorithm: 'ECDSA_SHA_256' }))
  const TAGGED: CreateKeyCommandInput = { Tags: [{ TagKey: 'Team', TagValue: 'pay' }] }
  const tagging = (kms: KMSClient, KeyId: string) =>
    kms.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'Cost', TagValue: '1' }] }))
  const untagging = (kms: KMSClient, KeyId: string) => kms.send(new UntagResourceCommand({ KeyId, TagKeys: ['Cost'] }))
  const deleting = (days?: number) => (kms: KMSClient, KeyId: string) =>
    kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: days }))
  const rotating = (days?: number) => (kms: KMSClient, KeyId: string) =>
    kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: days }))
  const MULTI: CreateKeyCommandInput = { MultiRegion: true }

  it.each([
    ['Bool', 'kms:MultiRegion', 'true', describing, MULTI, true],
    ['Bool', 'kms:MultiRegion', 'true', describing, {}, false],
    ['StringEquals', 'kms:MultiRegionKeyType', 'PRIMARY', describing, MULTI, true],
    ['StringEquals', 'kms:MultiRegionKeyType', 'REPLICA', describing, MULTI, false],
    ['Null', 'kms:MultiRegionKeyType', 'true', describing, {}, true],
    ['StringEquals', 'kms:KeySpec', 'SYMMETRIC_DEFAULT', describing, {}, true],
    ['StringEquals', 'kms:KeySpec', 'SYMMETRIC_DEFAULT', describing, SIGNING, false],
    ['StringEquals', 'kms:KeyUsage', 'SIGN_VERIFY', describing, SIGNING, true],
    ['StringEquals', 'kms:KeyOrigin', 'AWS_KMS', describing, {}, true],
    ['StringEquals', 'kms:KeyOrigin', 'EXTERNAL', describing, {}, false],
    ['StringEquals', 'kms:CallerAccount', ACCOUNT, describing, {}, true],
    ['StringEquals', 'kms:ViaService', 's3.us-east-1.amazonaws.com', describing, {}, false],
    ['StringEquals', 'aws:SourceAccount', ACCOUNT, describing, {}, false],
    ['StringEquals', 'aws:RequestedRegion', 'us-east-1', describing, {}, true],
    ['ArnLike', 'aws:PrincipalArn', `arn:aws:iam::${ACCOUNT}:role/Op*`, describing, {}, true],
    ['StringEquals', 'aws:PrincipalAccount', '444455556666', describing, {}, false],
    ['DateLessThan', 'aws:CurrentTime', '2026-11-24T00:00:00Z', describing, {}, true],
    ['DateLessThan', 'aws:CurrentTime', '2026-11-23T00:00:00Z', describing, {}, false],
    ['StringEquals', 'aws:ResourceTag/Team', 'pay', describing, TAGGED, true],
    ['StringEquals', 'aws:ResourceTag/Team', 'other', describing, TAGGED, false],
    ['StringEquals', 'aws:ResourceTag/Team', 'pay', describing, {}, false],
    ['StringEquals', 'kms:EncryptionContext:App', 'pay', encrypting, {}, true],
    ['StringEquals', 'kms:EncryptionContext:App', 'Pay', encrypting, {}, false],
    ['StringEquals', 'kms:EncryptionContext:App', 'pay', describing, {}, false],
    ['ForAllValues:StringEquals', 'kms:EncryptionContextKeys', ['App', 'Id'], encrypting, {}, true],
    ['ForAnyValue:StringEquals', 'kms:EncryptionContextKeys', ['app'], encrypting, {}, false],
    ['StringEquals', 'kms:EncryptionAlgorithm', 'SYMMETRIC_DEFAULT', encrypting, {}, true],
    ['StringEquals', 'kms:SigningAlgorithm', 'ECDSA_SHA_256', signing, SIGNING, true],
    ['StringEquals', 'kms:SigningAlgorithm', 'ECDSA_SHA_384', signing, SIGNING, false],
    ['StringEquals', 'kms:MessageType', 'RAW', signing, SIGNING, true],
    ['StringEquals', 'kms:MessageType', 'DIGEST', signing, SIGNING, false],
    ['StringEquals', 'aws:RequestTag/Cost', '1', tagging, {}, true],
    ['StringEquals', 'aws:RequestTag/Cost', '2', tagging, {}, false],
    ['ForAllValues:StringEquals', 'aws:TagKeys', ['Cost'], untagging, {}, true],
    ['ForAllValues:StringEquals', 'aws:TagKeys', ['Team'], untagging, {}, false],
    ['NumericGreaterThanEquals', 'kms:ScheduleKeyDeletionPendingWindowInDays', '14', deleting(14), {}, true],
    ['NumericGreaterThanEquals', 'kms:ScheduleKeyDeletionPendingWindowInDays', '14', deleting(7), {}, false],
    ['NumericGreaterThanEquals', 'kms:ScheduleKeyDeletionPendingWindowInDays', '14', deleting(), {}, true],
    ['NumericGreaterThan', 'kms:TrailingDaysWithoutKeyUsage', '30', deleting(7), {}, false],
    ['NumericLessThanEquals', 'kms:RotationPeriodInDays', '180', rotating(90), {}, true],
    ['NumericLessThanEquals', 'kms:RotationPeriodInDays', '180', rotating(), {}, false],
    ['ForAnyValue:StringEquals', 'kms:ResourceAliases', 'alias/app', describing, {}, true],
    ['ForAnyValue:StringEquals', 'kms:ResourceAliases', 'alias/other', describing, {}, false],
    ['StringEquals', 'kms:CallerAccount', '$' + '{aws:PrincipalAccount}', describing, {}, true],
  ] as const)(
    '%s of %s with %j is asked of the request (case %#)',
    async (operator, key, value, call, more, expected) => {
      expect(await mayUnder(when(operator, key, value), call, more)).toBe(expected)
    },
  )
})

describe('a grant', () => {
  const grant = (kms: KMSClient, input: Partial<CreateGrantCommandInput> & { KeyId: string }) =>
    kms.send(new CreateGrantCommand({ GranteePrincipal: OPERATOR, Operations: ['Encrypt', 'Decrypt'], ...input }))

  it('allows its operations to who has no policy, and no others', async () => {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator)
    const operator = await callerOf(emulator, `arn:aws:sts::${ACCOUNT}:assumed-role/Operator/ann`)
    expect(await encrypt(operator(), KeyId)).not.toBe(OK)
    const { GrantId } = await grant(emulator.kms(), { KeyId })
    expect(await encrypt(operator(), KeyId)).toBe(OK)
    const { CiphertextBlob } = await operator().send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }))
    expect(await refusal(operator().send(new DecryptCommand({ CiphertextBlob })))).toBe(OK)
    expect(await describeKey(operator(), KeyId)).not.toBe(OK)
    expect(await encrypt((await callerOf(emulator, READER))(), KeyId)).not.toBe(OK)
    await emulator.kms().send(new RevokeGrantCommand({ KeyId, GrantId }))
    expect(await encrypt(operator(), KeyId)).not.toBe(OK)
  })

  it('allows in vain what a policy denies', async () => {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator)
    await grant(emulator.kms(), { KeyId })
    const denied = await callerOf(emulator, OPERATOR, [allow('kms:Encrypt', { Effect: 'Deny' })])
    expect(await encrypt(denied(), KeyId)).toBe(
      deniedBy('an identity-based', OPERATOR, 'Encrypt', arnOf('us-east-1', KeyId)),
    )
  })

  it('holds for its encryption context and in its Region only', async () => {
    const emulator = await guarded()
    const KeyId = await familyOf(emulator)
    await grant(emulator.kms(), { KeyId, Constraints: { EncryptionContextSubset: { App: 'pay' } } })
    const operator = await callerOf(emulator, OPERATOR)
    expect(await encrypt(operator(), KeyId, { App: 'pay', Id: '7' })).toBe(OK)
    expect(await encrypt(operator(), KeyId, { Id: '7' })).not.toBe(OK)
    expect(await encrypt(operator('eu-west-1'), KeyId, { App: 'pay' })).not.toBe(OK)
  })

  it('lets its grantee make others that allow no more', async () => {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator)
    await grant(emulator.kms(), { KeyId, Operations: ['Encrypt', 'CreateGrant'] })
    const operator = (await callerOf(emulator, OPERATOR))()
    expect(await refusal(grant(operator, { KeyId, GranteePrincipal: READER, Operations: ['Decrypt'] }))).toBe(
      noIdentity(OPERATOR, 'CreateGrant', arnOf('us-east-1', KeyId)),
    )
    expect(await refusal(grant(operator, { KeyId, GranteePrincipal: READER, Operations: ['Encrypt'] }))).toBe(OK)
    expect(await encrypt((await callerOf(emulator, READER))(), KeyId)).toBe(OK)
  })

  it('is enough for a caller of another account', async () => {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator)
    await grant(emulator.kms(), { KeyId, GranteePrincipal: STRANGER })
    expect(await encrypt((await callerOf(emulator, STRANGER))(), arnOf('us-east-1', KeyId))).toBe(OK)
  })

  it('is made under the conditions that policies set for it', async () => {
    const emulator = await guarded()
    const statements = [
      forOperator('kms:CreateGrant', {
        Condition: {
          'ForAllValues:StringEquals': { 'kms:GrantOperations': ['Encrypt', 'Decrypt'] },
          StringEquals: { 'kms:GranteePrincipal': READER, 'kms:GrantConstraintType': 'EncryptionContextEquals' },
          Bool: { 'kms:GrantIsForAWSResource': 'false' },
        },
      }),
    ]
    const KeyId = await keyOf(emulator, [ROOT_STATEMENT, ...statements])
    const operator = (await callerOf(emulator, OPERATOR))()
    const Constraints = { EncryptionContextEquals: { App: 'pay' } }
    const make = (input: Partial<CreateGrantCommandInput>) =>
      refusal(grant(operator, { KeyId, GranteePrincipal: READER, Constraints, ...input }))
    expect(await make({ Operations: ['Encrypt', 'DescribeKey'] })).not.toBe(OK)
    expect(await make({ GranteePrincipal: STRANGER })).not.toBe(OK)
    expect(await make({ Constraints: { EncryptionContextSubset: { App: 'pay' } } })).not.toBe(OK)
    expect(await make({})).toBe(OK)
  })

  it('is retired by whom it says, and by the accounts of grant and key', async () => {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator)
    const retire = async (arn: string, policies: unknown[], input: Partial<CreateGrantCommandInput> = {}) => {
      const { GrantToken } = await grant(emulator.kms(), { KeyId, ...input })
      const caller = await callerOf(emulator, arn, policies)
      return refusal(caller().send(new RetireGrantCommand({ GrantToken })))
    }
    const denial = noIdentity(OPERATOR, 'RetireGrant', arnOf('us-east-1', KeyId))
    expect(await retire(OPERATOR, [])).toBe(denial)
    expect(await retire(OPERATOR, [], { Operations: ['Encrypt', 'RetireGrant'] })).toBe(OK)
    expect(await retire(READER, [], { RetiringPrincipal: READER })).toBe(OK)
    expect(await retire(READER, [allow('kms:RetireGrant')])).toBe(OK)
    const denied = allow('kms:RetireGrant', { Effect: 'Deny' })
    expect(await retire(READER, [denied], { RetiringPrincipal: READER })).toBe(
      deniedBy('an identity-based', READER, 'RetireGrant', arnOf('us-east-1', KeyId)),
    )
    expect(await retire(STRANGER, [allow('kms:*')])).toMatch(/^AccessDeniedException: /)
    const { GrantToken, GrantId } = await grant(emulator.kms(), { KeyId })
    expect(await refusal(emulator.kms().send(new RetireGrantCommand({ GrantToken })))).toBe(OK)
    const again = emulator.kms().send(new RetireGrantCommand({ KeyId, GrantId }))
    expect(await refusal(again)).toMatch(/^NotFoundException/)
  })
})

describe('the lockout check', () => {
  const put = async (emulator: TestEmulator, kms: KMSClient, statements: Statement[], bypass?: boolean) => {
    const KeyId = await keyOf(emulator, [ROOT_STATEMENT, forOperator('kms:PutKeyPolicy')])
    const Policy = JSON.stringify(policy(...statements))
    return refusal(kms.send(new PutKeyPolicyCommand({ KeyId, Policy, BypassPolicyLockoutSafetyCheck: bypass })))
  }
  const LOCKED_OUT =
    'MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future.'

  it('asks whether the caller may change the policy again, be it by an identity policy', async () => {
    const emulator = await guarded()
    const operator = await callerOf(emulator, OPERATOR)
    expect(await put(emulator, operator(), [ROOT_STATEMENT])).toBe(LOCKED_OUT)
    expect(await put(emulator, operator(), [ROOT_STATEMENT], true)).toBe(OK)
    expect(await put(emulator, operator(), [forOperator('kms:Put*')])).toBe(OK)
    const denied = statement('kms:PutKeyPolicy', { Effect: 'Deny', Principal: '*' })
    expect(await put(emulator, operator(), [forOperator('kms:*'), denied])).toBe(LOCKED_OUT)
    const elsewhere = when('StringEquals', 'aws:RequestedRegion', 'eu-west-1')
    expect(await put(emulator, operator(), [forOperator('kms:*', elsewhere)])).toBe(LOCKED_OUT)
    const administrator = await callerOf(emulator, OPERATOR, [allow('kms:PutKeyPolicy')])
    expect(await put(emulator, administrator(), [ROOT_STATEMENT])).toBe(OK)
    expect(await put(emulator, emulator.kms(), [ROOT_STATEMENT])).toBe(OK)
    expect(await put(emulator, emulator.kms(), [forOperator('kms:*')])).toBe(LOCKED_OUT)
  })

  it('is made of the policies of new keys too', async () => {
    const emulator = await guarded()
    const operator = await callerOf(emulator, OPERATOR, [allow(['kms:CreateKey', 'kms:ReplicateKey'])])
    const withPolicy = (...statements: Statement[]) => JSON.stringify(policy(...statements))
    const create = (Policy?: string) => refusal(operator().send(new CreateKeyCommand({ MultiRegion: true, Policy })))
    expect(await create(withPolicy(ROOT_STATEMENT))).toBe(LOCKED_OUT)
    expect(await create(withPolicy(ROOT_STATEMENT, forOperator('kms:*')))).toBe(OK)
    expect(await create()).toBe(OK)
    const KeyId = await keyOf(emulator, [ROOT_STATEMENT], { MultiRegion: true })
    const replicate = (Policy: string) =>
      refusal(operator().send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1', Policy })))
    const replicaOnly = forOperator('kms:*', when('StringEquals', 'kms:MultiRegionKeyType', 'PRIMARY'))
    expect(await replicate(withPolicy(ROOT_STATEMENT, replicaOnly))).toBe(LOCKED_OUT)
    expect(await replicate(withPolicy(ROOT_STATEMENT, forOperator('kms:*')))).toBe(OK)
  })
})

describe('a caller of another account', () => {
  const ofStranger = (action: string | string[]) => statement(action, { Principal: { AWS: STRANGER } })
  const hidden = (action: string, arn: string) =>
    `AccessDeniedException: User: ${STRANGER} is not authorized to perform: kms:${action} on resource: ${arn} because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access`

  it('needs the key policy and its own identity policies', async () => {
    const emulator = await guarded()
    const opened = arnOf('us-east-1', await keyOf(emulator, [ROOT_STATEMENT, ofStranger('kms:*')]))
    const closed = arnOf('us-east-1', await keyOf(emulator))
    const stranger = await callerOf(emulator, STRANGER, [allow('kms:*')])
    const withoutPolicies = await callerOf(emulator, STRANGER)
    expect(await encrypt(stranger(), opened)).toBe(OK)
    expect(await describeKey(stranger(), opened)).toBe(OK)
    expect(await encrypt(stranger(), closed)).toBe(hidden('Encrypt', closed))
    expect(await encrypt(withoutPolicies(), opened)).toBe(noIdentity(STRANGER, 'Encrypt', opened))
    const missing = arnOf('us-east-1', '00000000-0000-0000-0000-000000000000')
    expect(await encrypt(stranger(), missing)).toBe(hidden('Encrypt', missing))
  })

  it('uses a key by an alias ARN and opens its ciphertexts without naming it', async () => {
    const emulator = await guarded()
    const KeyId = await keyOf(emulator, [ROOT_STATEMENT, ofStranger(['kms:Encrypt', 'kms:Decrypt'])])
    await emulator.kms().send(new CreateAliasCommand({ AliasName: 'alias/shared', TargetKeyId: KeyId }))
    const stranger = await callerOf(emulator, STRANGER, [allow('kms:*')])
    const alias = `arn:aws:kms:us-east-1:${ACCOUNT}:alias/shared`
    const { CiphertextBlob } = await stranger().send(new EncryptCommand({ KeyId: alias, Plaintext: Buffer.from('x') }))
    const opened = await stranger().send(new DecryptCommand({ CiphertextBlob }))
    expect(opened).toMatchObject({ KeyId: arnOf('us-east-1', KeyId) })
    expect(Buffer.from(opened.Plaintext ?? []).toString()).toBe('x')
    const other = `arn:aws:kms:us-east-1:${ACCOUNT}:alias/other`
    expect(await encrypt(stranger(), other)).toBe(hidden('Encrypt', other))
  })

  it('may not administer a key, whatever its policy says', async () => {
    const emulator = await guarded()
    const KeyId = arnOf('us-east-1', await keyOf(emulator, [ROOT_STATEMENT, ofStranger('kms:*')]))
    const stranger = await callerOf(emulator, STRANGER, [allow('kms:*')])
    expect(await refusal(stranger().send(new GetKeyPolicyCommand({ KeyId })))).toBe(hidden('GetKeyPolicy', KeyId))
    expect(await refusal(stranger().send(new ListAliasesCommand({ KeyId })))).toBe(hidden('ListAliases', KeyId))
  })

  it('is let in by nobody while authorization is off', async () => {
    const emulator = await emulate()
    const arn = arnOf('us-east-1', await keyOf(emulator, [ROOT_STATEMENT, ofStranger('kms:*')]))
    const stranger = await callerOf(emulator, STRANGER, [allow('kms:*')])
    expect(await encrypt(stranger(), arn)).toBe(hidden('Encrypt', arn))
  })
})
