// Aliases: names in one Region, and what they may point to.

import {
  CreateAliasCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DeleteAliasCommand,
  DescribeKeyCommand,
  EncryptCommand,
  ListAliasesCommand,
  paginateListAliases,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { ACCOUNT, emulate, refusal, START, type TestEmulator } from './test-emulator.ts'

async function newKey(emulator: TestEmulator, input: CreateKeyCommandInput = {}): Promise<string> {
  const { KeyMetadata } = await emulator.kms().send(new CreateKeyCommand(input))
  return KeyMetadata?.KeyId ?? ''
}

const aliasArnOf = (name: string, region = 'us-east-1') => `arn:aws:kms:${region}:${ACCOUNT}:${name}`

describe('CreateAlias', () => {
  it('names a key in one Region only', async () => {
    const emulator = await emulate()
    const KeyId = await newKey(emulator, { MultiRegion: true })
    await emulator.kms().send(new CreateAliasCommand({ AliasName: 'alias/app', TargetKeyId: KeyId }))
    const { Aliases, Truncated } = await emulator.kms().send(new ListAliasesCommand({ KeyId }))
    expect(Truncated).toBe(false)
    expect(Aliases).toEqual([
      {
        AliasName: 'alias/app',
        AliasArn: aliasArnOf('alias/app'),
        TargetKeyId: KeyId,
        CreationDate: new Date(START),
        LastUpdatedDate: new Date(START),
      },
    ])
    expect(await refusal(emulator.kms('eu-west-1').send(new DescribeKeyCommand({ KeyId: 'alias/app' })))).toBe(
      `NotFoundException: Alias ${aliasArnOf('alias/app', 'eu-west-1')} is not found.`,
    )
  })

  it('lets name and ARN stand for the key in cryptography', async () => {
    const emulator = await emulate()
    const TargetKeyId = await newKey(emulator)
    await emulator.kms().send(new CreateAliasCommand({ AliasName: 'alias/app', TargetKeyId }))
    for (const KeyId of ['alias/app', aliasArnOf('alias/app')]) {
      const answer = await emulator.kms().send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }))
      expect(answer.KeyId).toContain(TargetKeyId)
    }
  })

  it('refuses names that KMS refuses', async () => {
    const emulator = await emulate()
    const TargetKeyId = await newKey(emulator)
    const create = (AliasName: string, target = TargetKeyId) =>
      refusal(emulator.kms().send(new CreateAliasCommand({ AliasName, TargetKeyId: target })))
    expect(await create('app')).toBe(
      'ValidationException: Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    )
    expect(await create('alias/with space')).toContain(
      "ValidationException: 1 validation error detected: Value 'alias/with space' at 'aliasName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$",
    )
    expect(await create('alias/a:b')).toContain('InvalidAliasNameException')
    expect(await create('alias/aws/mine')).toContain('NotAuthorizedException')
    expect(await create('alias/ok', 'alias/other')).toBe('ValidationException: Aliases must refer to keys. Not aliases')
    expect(await create('alias/ok')).toBe('no refusal')
    expect(await create('alias/ok')).toBe(
      `AlreadyExistsException: An alias with the name ${aliasArnOf('alias/ok')} already exists`,
    )
  })

  it('stops at fifty aliases of a key', async () => {
    const emulator = await emulate()
    const TargetKeyId = await newKey(emulator)
    for (let index = 0; index < 50; index++) {
      await emulator.kms().send(new CreateAliasCommand({ AliasName: `alias/a${index}`, TargetKeyId }))
    }
    const oneMore = new CreateAliasCommand({ AliasName: 'alias/one-more', TargetKeyId })
    expect(await refusal(emulator.kms().send(oneMore))).toContain('LimitExceededException')
  })
})

describe('UpdateAlias', () => {
  it('points to another key of the same type and usage only', async () => {
    const emulator = await emulate()
    const [first, second] = [await newKey(emulator), await newKey(emulator, { MultiRegion: true })]
    const rsa = await newKey(emulator, { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' })
    await emulator.kms().send(new CreateAliasCommand({ AliasName: 'alias/app', TargetKeyId: first }))
    emulator.advance(5000)
    const update = (TargetKeyId: string, AliasName = 'alias/app') =>
      refusal(emulator.kms().send(new UpdateAliasCommand({ AliasName, TargetKeyId })))
    expect(await update(second)).toBe('no refusal')
    expect(await update(second)).toBe('no refusal')
    expect(await update(rsa)).toContain('ValidationException')
    expect(await update(second, 'alias/unknown')).toContain('NotFoundException')
    const { Aliases } = await emulator.kms().send(new ListAliasesCommand({ KeyId: second }))
    expect(Aliases?.[0]).toMatchObject({ CreationDate: new Date(START), LastUpdatedDate: new Date(START + 5000) })
    expect((await emulator.kms().send(new ListAliasesCommand({ KeyId: first }))).Aliases).toEqual([])
  })
})

describe('DeleteAlias', () => {
  it('takes the name away, once', async () => {
    const emulator = await emulate()
    const TargetKeyId = await newKey(emulator)
    await emulator.kms().send(new CreateAliasCommand({ AliasName: 'alias/app', TargetKeyId }))
    const remove = () => refusal(emulator.kms().send(new DeleteAliasCommand({ AliasName: 'alias/app' })))
    expect(await remove()).toBe('no refusal')
    expect(await remove()).toBe(`NotFoundException: Alias ${aliasArnOf('alias/app')} is not found.`)
  })

  it('finds no alias under a name that none can have', async () => {
    const emulator = await emulate()
    const AliasName = 'alias/a:b'
    const notFound = `NotFoundException: Alias ${aliasArnOf(AliasName)} is not found.`
    expect(await refusal(emulator.kms().send(new DeleteAliasCommand({ AliasName })))).toBe(notFound)
    const update = new UpdateAliasCommand({ AliasName, TargetKeyId: await newKey(emulator) })
    expect(await refusal(emulator.kms().send(update))).toBe(notFound)
  })
})

describe('ListAliases', () => {
  it('gives every alias once over several pages, and no more than 100 at a time', async () => {
    const emulator = await emulate()
    for (let key = 0; key < 3; key++) {
      const TargetKeyId = await newKey(emulator)
      for (let index = 0; index < 40; index++) {
        await emulator.kms().send(new CreateAliasCommand({ AliasName: `alias/${key}-${index}`, TargetKeyId }))
      }
    }
    const names: (string | undefined)[] = []
    let pages = 0
    for await (const page of paginateListAliases({ client: emulator.kms() }, {})) {
      pages += 1
      names.push(...(page.Aliases ?? []).map(({ AliasName }) => AliasName))
    }
    expect(pages).toBe(3)
    expect(names).toHaveLength(120)
    expect(new Set(names).size).toBe(120)
    expect(await refusal(emulator.kms().send(new ListAliasesCommand({ Limit: 101 })))).toBe(
      "ValidationException: 1 validation error detected: Value '101' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 100",
    )
    expect(await refusal(emulator.kms().send(new ListAliasesCommand({ Marker: 'nonsense' })))).toContain(
      'InvalidMarkerException',
    )
  })

  it('shows AWS managed aliases, some of them without a key', async () => {
    const emulator = await emulate({ scenario: 'demo' })
    const { Aliases = [] } = await emulator.kms().send(new ListAliasesCommand({ Limit: 100 }))
    const named = (name: string) => Aliases.find(({ AliasName }) => AliasName === name)
    const { KeyMetadata } = await emulator.kms().send(new DescribeKeyCommand({ KeyId: 'alias/aws/s3' }))
    expect(KeyMetadata).toMatchObject({
      KeyManager: 'AWS',
      MultiRegion: false,
      KeyId: named('alias/aws/s3')?.TargetKeyId,
    })
    expect(named('alias/aws/lambda')).toEqual({
      AliasName: 'alias/aws/lambda',
      AliasArn: aliasArnOf('alias/aws/lambda'),
    })
  })
})
