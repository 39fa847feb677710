// Random lives of keys over three Regions, through the SDK: whatever is asked of them in whatever order, the families stay
// what AWS says they are, and every answer and refusal is one that an independent model of KMS foresees.

import { constants, createPublicKey, publicEncrypt } from 'node:crypto'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  DecryptCommand,
  DeleteAliasCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateMacCommand,
  GetKeyLastUsageCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  type KeyMetadata,
  ListAliasesCommand,
  ListGrantsCommand,
  ListKeyRotationsCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ReplicateKeyCommand,
  RevokeGrantCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateKeyDescriptionCommand,
  UpdatePrimaryRegionCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  DAY_MS,
  type Family,
  type ImportType,
  type Kind,
  type Member,
  Model,
  REGIONS,
  type Refusals,
  type Region,
} from './model-for-tests.ts'
import { ACCOUNT, emulate, START, type TestEmulator, TRANSITION_MS } from './test-emulator.ts'

const MAX_LIVES = 300
const TIME_LIMIT_MS = 20_000
const MAX_FAMILIES = 4
const CHECKED_CIPHERTEXTS = 4

// Steps

type Step =
  | { do: 'create'; kind: Kind; region: Region }
  | { do: 'wait'; ms: number }
  | { do: 'look' | 'restart' | 'crash' }
  | (KeyStep & { family: number; at: number })

type KeyStep =
  | { do: 'replicate' | 'promote'; to: Region }
  | { do: 'enable' | 'disable' | 'cancel' | 'rotate' | 'stop rotating' | 'encrypt' | 'grant' | 'revoke' }
  | { do: 'schedule'; days: number }
  | { do: 'rotate every'; days: number }
  | { do: 'decrypt'; ciphertext: number }
  | { do: 'tag' | 'untag' | 'describe' | 'put policy'; text: string }
  | { do: 'create alias' | 'update alias' | 'delete alias'; name: string }
  | { do: 'import'; material: string; type: ImportType; days: number | undefined }
  | { do: 'delete material'; material: string | undefined }

const some = fc.nat(99)
const region = fc.constantFrom(...REGIONS)
const text = fc.constantFrom('a', 'b', 'c')
const name = fc.constantFrom('alias/a', 'alias/a', 'alias/b')
const firstKind = fc.constantFrom<Kind[]>('symmetric', 'symmetric', 'external', 'hmac')
const material = fc.constantFrom('one', 'two')

const repeated = <T>(value: T, times: number): T[] => Array.from({ length: times }, () => value)

const keyStep: fc.Arbitrary<KeyStep> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('replicate' as const), to: region }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('promote' as const), to: region }) },
  {
    weight: 14,
    arbitrary: fc.record({
      do: fc.constantFrom(
        ...repeated('enable' as const, 4),
        ...repeated('encrypt' as const, 4),
        ...repeated('rotate' as const, 3),
        ...repeated('disable' as const, 2),
        ...repeated('cancel' as const, 2),
        ...repeated('grant' as const, 2),
        'stop rotating' as const,
        'revoke' as const,
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('schedule' as const), days: fc.constantFrom(7, 8, 30) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rotate every' as const), days: fc.constantFrom(90, 365) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('decrypt' as const), ciphertext: fc.nat(50) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('tag' as const, 'untag' as const, 'describe' as const, 'put policy' as const),
      text,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('create alias' as const, 'update alias' as const, 'delete alias' as const),
      name,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('import' as const),
      material,
      type: fc.constantFrom<ImportType[]>(undefined, undefined, 'NEW_KEY_MATERIAL', 'EXISTING_KEY_MATERIAL'),
      days: fc.constantFrom(undefined, undefined, 3, 200),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('delete material' as const),
      material: fc.option(material, { nil: undefined }),
    }),
  },
)

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('create' as const),
      kind: fc.constantFrom<Kind[]>('symmetric', 'single', 'hmac', 'external'),
      region,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(
        TRANSITION_MS / 3,
        TRANSITION_MS / 2,
        TRANSITION_MS,
        TRANSITION_MS,
        TRANSITION_MS,
        DAY_MS,
        7 * DAY_MS,
        30 * DAY_MS,
        400 * DAY_MS,
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('look' as const, 'restart' as const, 'crash' as const) }) },
  {
    weight: 25,
    arbitrary: fc.tuple(keyStep, some, some).map(([each, family, at]) => ({ ...each, family, at })),
  },
)

/** What seldom comes about by single steps: a replica key that comes back, the end of a family, new material, a moving alias. */
const story: fc.Arbitrary<Step[]> = fc.oneof(
  fc
    .tuple(some, some, region)
    .map(([family, at, to]): Step[] => [
      { do: 'grant', family, at },
      { do: 'tag', text: 'a', family, at },
      { do: 'create alias', name: 'alias/b', family, at },
      { do: 'schedule', days: 7, family, at },
      { do: 'wait', ms: 7 * DAY_MS },
      { do: 'replicate', family, at: 1, to },
      { do: 'look' },
    ]),
  fc
    .tuple(some, some)
    .map(([family, at]): Step[] => [
      { do: 'schedule', days: 7, family, at: at + 1 },
      { do: 'schedule', days: 7, family, at: at + 2 },
      { do: 'schedule', days: 8, family, at: at + 3 },
      { do: 'wait', ms: 7 * DAY_MS },
      { do: 'look' },
      { do: 'wait', ms: 8 * DAY_MS },
    ]),
  fc
    .tuple(some, some, fc.constantFrom('rotate' as const, 'delete material' as const))
    .map(([family, at, then]): Step[] => [
      { do: 'import', material: 'two', type: 'NEW_KEY_MATERIAL', days: undefined, family, at: 1 },
      { do: 'import', material: 'two', type: undefined, days: undefined, family, at: 1 },
      { do: 'import', material: 'two', type: undefined, days: undefined, family, at: 2 },
      then === 'rotate' ? { do: 'rotate', family, at: 1 } : { do: 'delete material', material: 'two', family, at },
      { do: 'wait', ms: TRANSITION_MS },
      { do: 'look' },
    ]),
  fc.tuple(some, some, some).map(([first, second, third]): Step[] => [
    { do: 'create alias', name: 'alias/a', family: first, at: 0 },
    { do: 'update alias', name: 'alias/a', family: second, at: 0 },
    { do: 'update alias', name: 'alias/a', family: third, at: 0 },
  ]),
)

const steps = fc
  .array(fc.oneof({ weight: 15, arbitrary: step.map((each) => [each]) }, { weight: 1, arbitrary: story }), {
    minLength: 1,
    maxLength: 60,
    size: 'max',
  })
  .map((parts) => parts.flat())

/** Every life begins with a family of two, so that there is something to do. */
function beginning(kind: Kind): Step[] {
  const importInto = (at: number): Step => {
    return { do: 'import', material: 'one', type: undefined, days: undefined, family: 1, at }
  }
  const imported = kind === 'external'
  return [
    { do: 'create', kind, region: 'us-east-1' },
    ...(imported ? [importInto(2)] : []),
    { do: 'replicate', family: 0, at: 1, to: 'eu-west-1' },
    { do: 'wait', ms: TRANSITION_MS },
    ...(imported ? [importInto(1)] : []),
  ]
}

// A life

type ReadKey = {
  policy: string
  tags: [key: string, value: string][]
  rotation: string | { period: number | undefined; nextAt: number | undefined; onDemandSince: number | undefined }
  rotations: string[]
  grants: string[]
  lastUse: { operation: string; at: number } | undefined
}
type Read = { aliases: [name: string, keyId: string][]; keys: Record<string, ReadKey> }

const withoutLastUse = (regions: Read[]) =>
  regions.map(({ aliases, keys }) => ({
    aliases,
    keys: Object.entries(keys).map(([keyId, { lastUse: _, ...key }]) => ({ keyId, ...key })),
  }))

type Ciphertext = { family: Family; version: string | undefined; blob: Uint8Array; plaintext: string }
type Token = { ImportToken: Uint8Array; PublicKey: Uint8Array; until: number }

const policyOf = (sid: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: sid,
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  })
const sidOf = (policy = '{}') => (JSON.parse(policy) as { Statement: { Sid: string }[] }).Statement[0]?.Sid ?? ''
const DEFAULT_SID = 'Enable IAM User Permissions'

const INPUT: Record<Kind, ConstructorParameters<typeof CreateKeyCommand>[0]> = {
  symmetric: { MultiRegion: true },
  single: {},
  hmac: { MultiRegion: true, KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
  external: { MultiRegion: true, Origin: 'EXTERNAL' },
}

const MATERIALS: Record<string, Buffer> = { one: Buffer.alloc(32, 1), two: Buffer.alloc(32, 2) }

const FOR_PRIMARY_KEYS: KeyStep['do'][] = ['replicate', 'promote', 'rotate', 'rotate every', 'stop rotating']
const FOR_IMPORTED_MATERIAL: KeyStep['do'][] = ['import', 'delete material']

/** Mostly a family that the step is meant for, if there is one. */
function familyFor(families: Family[], each: KeyStep, number: number): Family | undefined {
  const external = families.filter(({ kind }) => kind === 'external')
  const fitting = FOR_IMPORTED_MATERIAL.includes(each.do) && external.length > 0 && number % 8 > 0 ? external : families
  return fitting[number % fitting.length]
}

/** Mostly a Region in which the family has a member, or even its primary key. */
function regionFor({ members, primary }: Family, each: KeyStep, number: number): Region {
  const forPrimary = FOR_PRIMARY_KEYS.includes(each.do) || (each.do === 'import' && each.type === 'NEW_KEY_MATERIAL')
  if (forPrimary && number % 4 > 0) return primary
  const regions = number % 12 === 0 || members.size === 0 ? REGIONS : [...members.keys()]
  return regions[number % regions.length] ?? primary
}

/** Mostly a Region in which a promotion finds a replica key. */
function targetOf({ members, primary }: Family, to: Region, number: number): Region {
  const replicas = [...members.keys()].filter((each) => each !== primary)
  return number % 5 === 0 ? to : (replicas[number % replicas.length] ?? to)
}

class Life {
  readonly model = new Model(START, TRANSITION_MS)
  readonly folder: string
  dataFile: string
  emulator: TestEmulator
  restarts = 0
  ended = false
  readonly ciphertexts: Ciphertext[] = []
  readonly tokens = new Map<Member, Token>()
  /** The id that each version of the material has turned out to have. */
  readonly materialIds = new Map<string, string>()
  steps = 0
  refused = 0

  constructor(folder: string, dataFile: string, emulator: TestEmulator) {
    this.folder = folder
    this.dataFile = dataFile
    this.emulator = emulator
  }

  static async begin(): Promise<Life> {
    const folder = await mkdtemp(join(tmpdir(), 'kms-emulator-'))
    const dataFile = join(folder, 'state.jsonl')
    return new Life(folder, dataFile, await emulate({ dataFile }))
  }

  async end(): Promise<void> {
    this.ended = true
    await this.emulator.close()
    await rm(this.folder, { recursive: true, force: true })
  }

  kms(at: Region) {
    return this.emulator.kms(at)
  }

  async take(each: Step): Promise<void> {
    if (this.ended) throw new Error('this life is over')
    this.steps += 1
    switch (each.do) {
      case 'create':
        return this.create(each.kind, each.region)
      case 'wait':
        this.emulator.advance(each.ms)
        this.model.pass(each.ms)
        break
      case 'look':
        await this.look()
        break
      case 'restart':
        return this.restart()
      case 'crash':
        return this.crash()
      default: {
        const family = familyFor(this.model.families, each, each.family)
        if (!family) return
        const to = each.do === 'promote' ? { to: targetOf(family, each.to, each.at) } : {}
        await this.takeWith(family, regionFor(family, each, each.at), { ...each, ...to } as KeyStep)
        await this.lookAtFamily(family)
      }
    }
  }

  async create(kind: Kind, at: Region): Promise<void> {
    if (this.model.families.length >= MAX_FAMILIES) return
    const { KeyMetadata } = await this.kms(at).send(new CreateKeyCommand({ ...INPUT[kind], Description: kind }))
    this.model.create(KeyMetadata?.KeyId ?? '', kind, at, kind, DEFAULT_SID)
  }

  /** Ends the emulator and starts another from its state file: all that can be seen is as before. */
  async restart(): Promise<void> {
    await this.look()
    const before = await this.read()
    await this.emulator.close()
    this.emulator = await emulate({ dataFile: this.dataFile, startAt: this.model.now })
    expect(await this.read()).toEqual(before)
    this.restarts += 1
  }

  /** The same as after a kill: with a copy of the file as it is now. When keys were last used need not be in it yet. */
  async crash(): Promise<void> {
    await this.look()
    const before = await this.read()
    const copy = join(this.folder, `${this.restarts}.jsonl`)
    await copyFile(this.dataFile, copy)
    await this.emulator.close()
    this.dataFile = copy
    this.emulator = await emulate({ dataFile: copy, startAt: this.model.now })
    const after = await this.read()
    expect(withoutLastUse(after)).toEqual(withoutLastUse(before))
    for (const [index, at] of REGIONS.entries()) this.acceptLastUse(at, after[index])
    this.restarts += 1
  }

  /** What is left of the record of uses after a crash: as much as before, or less. */
  acceptLastUse(at: Region, read: Read | undefined): void {
    for (const { keyId, members } of this.model.families) {
      const member = members.get(at)
      if (!member) continue
      const left = read?.keys[keyId]?.lastUse
      expect(left?.at ?? 0).toBeLessThanOrEqual(member.lastUse?.at ?? 0)
      member.lastUse = left
    }
  }

  /** Sends a call, holds what comes against what the model foresees, and tells the model when it succeeded. */
  async expecting<T>({ names, perhaps }: Refusals, call: Promise<T>, succeeded: (answer: T) => void): Promise<void> {
    const answer = await call.then(
      (value) => ({ value }),
      (error: Error) => ({ error }),
    )
    if ('error' in answer) {
      this.refused += 1
      if (!names.includes(answer.error.name))
        throw new Error(
          `refused: ${answer.error.name} ${answer.error.message}, but foreseen: ${names.join(' or ') || 'success'}`,
        )
      return
    }
    if (names.length > 0 && !perhaps) throw new Error(`succeeded, but foreseen: ${names.join(' or ')}`)
    succeeded(answer.value)
  }

  async takeWith(family: Family, at: Region, each: KeyStep): Promise<void> {
    const { model } = this
    const { keyId: KeyId } = family
    const kms = this.kms(at)
    const member = family.members.get(at)
    const here = member as Member // used only once a call has succeeded, and then there is one
    const byState = (row: Parameters<Model['byState']>[0]): Refusals => ({
      names: model.byState(row, member),
      perhaps: false,
    })

    switch (each.do) {
      case 'replicate': {
        const input = { KeyId, ReplicaRegion: each.to, Description: `in ${each.to}` }
        return this.expecting(
          model.refusalsOfReplicate(family, at, each.to),
          kms.send(new ReplicateKeyCommand(input)),
          () => model.replicate(family, each.to, input.Description, DEFAULT_SID),
        )
      }
      case 'promote':
        return this.expecting(
          model.refusalsOfPromote(family, at, each.to),
          kms.send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: each.to })),
          () => model.promote(family, at, each.to),
        )
      case 'enable':
        return this.expecting(byState('enabling'), kms.send(new EnableKeyCommand({ KeyId })), () =>
          model.enable(family, here),
        )
      case 'disable':
        return this.expecting(byState('enabling'), kms.send(new DisableKeyCommand({ KeyId })), () => {
          here.state = 'Disabled'
        })
      case 'schedule':
        return this.expecting(
          byState('scheduling'),
          kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: each.days })),
          () => model.schedule(family, here, each.days),
        )
      case 'cancel':
        return this.expecting(byState('cancelling'), kms.send(new CancelKeyDeletionCommand({ KeyId })), () =>
          model.cancel(family, here),
        )
      case 'rotate':
        return this.expecting(
          model.refusalsOfRotate(family, at),
          kms.send(new RotateKeyOnDemandCommand({ KeyId })),
          () => model.rotate(family),
        )
      case 'rotate every':
        return this.expecting(
          model.refusalsOfSettingRotation(family, at),
          kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: each.days })),
          () => {
            family.automatic = { period: each.days, nextAt: model.now + each.days * DAY_MS }
          },
        )
      case 'stop rotating':
        return this.expecting(
          model.refusalsOfSettingRotation(family, at),
          kms.send(new DisableKeyRotationCommand({ KeyId })),
          () => {
            delete family.automatic
          },
        )
      case 'encrypt':
        return this.encrypt(family, at)
      case 'decrypt': {
        const ciphertext = this.ciphertexts[each.ciphertext % this.ciphertexts.length]
        return ciphertext && this.decrypt(ciphertext, at)
      }
      case 'tag':
        return this.expecting(
          byState('notDeleting'),
          kms.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: each.text, TagValue: at }] })),
          () => here.tags.set(each.text, at),
        )
      case 'untag':
        return this.expecting(
          byState('notDeleting'),
          kms.send(new UntagResourceCommand({ KeyId, TagKeys: [each.text] })),
          () => here.tags.delete(each.text),
        )
      case 'describe':
        return this.expecting(
          byState('notDeleting'),
          kms.send(new UpdateKeyDescriptionCommand({ KeyId, Description: each.text })),
          () => {
            here.description = each.text
          },
        )
      case 'put policy':
        return this.expecting(
          byState('any'),
          kms.send(new PutKeyPolicyCommand({ KeyId, Policy: policyOf(each.text) })),
          () => {
            here.policy = each.text
          },
        )
      case 'grant': {
        const grant = {
          KeyId,
          GranteePrincipal: `arn:aws:iam::${ACCOUNT}:role/a`,
          Operations: ['DescribeKey' as const],
        }
        return this.expecting(byState('using'), kms.send(new CreateGrantCommand(grant)), ({ GrantId = '' }) =>
          here.grants.add(GrantId),
        )
      }
      case 'revoke': {
        const [GrantId] = member?.grants ?? []
        if (GrantId === undefined) return
        return this.expecting(byState('any'), kms.send(new RevokeGrantCommand({ KeyId, GrantId })), () =>
          here.grants.delete(GrantId),
        )
      }
      case 'import':
        return this.importMaterial(family, at, each.material, each.type, each.days)
      case 'delete material':
        return this.deleteMaterial(family, at, each.material)
      case 'create alias':
      case 'update alias':
      case 'delete alias':
        return this.changeAlias(family, at, each.do, each.name)
    }
  }

  async encrypt(family: Family, at: Region): Promise<void> {
    const kms = this.kms(at)
    const member = family.members.get(at)
    const plaintext = `secret ${this.ciphertexts.length}`
    const common = { KeyId: family.keyId }
    const isMac = family.kind === 'hmac'
    const call = isMac
      ? kms
          .send(new GenerateMacCommand({ ...common, MacAlgorithm: 'HMAC_SHA_256', Message: Buffer.from(plaintext) }))
          .then(({ Mac }) => Mac)
      : kms
          .send(new EncryptCommand({ ...common, Plaintext: Buffer.from(plaintext) }))
          .then(({ CiphertextBlob }) => CiphertextBlob)
    await this.expecting({ names: this.model.byState('using', member), perhaps: false }, call, (blob) => {
      this.use(member, isMac ? 'GenerateMac' : 'Encrypt')
      this.ciphertexts.push({ family, version: this.model.current(family), blob: blob ?? Buffer.alloc(0), plaintext })
    })
  }

  /** What was encrypted or authenticated once is opened, or checked, by exactly the members that can be used now. */
  async decrypt({ family, version, blob, plaintext }: Ciphertext, at: Region): Promise<void> {
    const kms = this.kms(at)
    const member = family.members.get(at)
    const arn = `arn:aws:kms:${at}:${ACCOUNT}:key/${family.keyId}`
    if (family.kind === 'hmac') {
      const input = { KeyId: family.keyId, MacAlgorithm: 'HMAC_SHA_256' as const, Message: Buffer.from(plaintext) }
      const refusals = { names: this.model.byState('using', member), perhaps: false }
      return this.expecting(
        refusals,
        kms.send(new VerifyMacCommand({ ...input, Mac: blob })),
        ({ MacValid, KeyId }) => {
          expect([MacValid, KeyId]).toEqual([true, arn])
          this.use(member, 'VerifyMac')
        },
      )
    }
    // The ciphertext names its key; where there is no such key, KMS does not tell that from one that is not permitted.
    const names = member ? this.model.byState('using', member) : ['AccessDeniedException']
    await this.expecting(
      { names, perhaps: false },
      kms.send(new DecryptCommand({ CiphertextBlob: blob })),
      (answer) => {
        expect(Buffer.from(answer.Plaintext ?? []).toString()).toBe(plaintext)
        expect(answer.KeyId).toBe(arn)
        expect(this.versionSeen(family, answer.KeyMaterialId)).toBe(version)
        this.use(member, 'Decrypt')
      },
    )
  }

  use(member: Member | undefined, operation: string): void {
    if (member) member.lastUse = { operation, at: Math.floor(this.model.now / 1000) * 1000 }
  }

  async importMaterial(
    family: Family,
    at: Region,
    what: string,
    ImportType: ImportType,
    days: number | undefined,
  ): Promise<void> {
    const member = family.members.get(at)
    const token = await this.importToken(family, at)
    if (!token || !member) return
    const key = createPublicKey({ key: Buffer.from(token.PublicKey), format: 'der', type: 'spki' })
    const oaep = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
    const validTo = days === undefined ? Infinity : this.model.now + days * DAY_MS
    const command = new ImportKeyMaterialCommand({
      KeyId: family.keyId,
      ImportToken: token.ImportToken,
      EncryptedKeyMaterial: publicEncrypt(oaep, MATERIALS[what] ?? Buffer.alloc(0)),
      ImportType,
      ...(days === undefined
        ? { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
        : { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: new Date(validTo) }),
    })
    await this.expecting(
      this.model.refusalsOfImport(family, at, what, ImportType),
      this.kms(at).send(command),
      ({ KeyMaterialId }) => {
        this.model.import(family, member, what, ImportType, validTo)
        expect(this.versionSeen(family, KeyMaterialId, what)).toBe(what)
      },
    )
  }

  /** Making one takes a while, and it is good for a day. */
  async importToken(family: Family, at: Region): Promise<Token | undefined> {
    const member = family.members.get(at)
    const known = member && this.tokens.get(member)
    if (known && known.until > this.model.now) return known
    const names = this.model.byState('gettingParameters', member)
    if (family.kind !== 'external') names.push('UnsupportedOperationException')
    const command = new GetParametersForImportCommand({
      KeyId: family.keyId,
      WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
      WrappingKeySpec: 'RSA_2048',
    })
    let token: Token | undefined
    await this.expecting({ names, perhaps: false }, this.kms(at).send(command), ({ ImportToken, PublicKey }) => {
      if (ImportToken && PublicKey) token = { ImportToken, PublicKey, until: this.model.now + DAY_MS }
    })
    if (member && token) this.tokens.set(member, token)
    return token
  }

  async deleteMaterial(family: Family, at: Region, what: string | undefined): Promise<void> {
    const { model } = this
    const member = family.members.get(at)
    const names = model.byState('deletingMaterial', member)
    if (family.kind !== 'external') names.push('UnsupportedOperationException')
    const KeyMaterialId = what && this.materialIds.get(`${family.keyId} ${what}`)
    if (KeyMaterialId !== undefined && !family.versions.some((version) => version.name === what)) {
      names.push('NotFoundException')
    }
    const doomed = KeyMaterialId === undefined ? model.current(family) : what
    const command = new DeleteImportedKeyMaterialCommand({ KeyId: family.keyId, KeyMaterialId })
    await this.expecting({ names, perhaps: false }, this.kms(at).send(command), () => {
      if (member && doomed !== undefined) model.loseMaterial(family, member, doomed)
    })
  }

  async changeAlias(
    family: Family,
    at: Region,
    how: 'create alias' | 'update alias' | 'delete alias',
    AliasName: string,
  ): Promise<void> {
    const { model } = this
    const kms = this.kms(at)
    const TargetKeyId = family.keyId
    const place = `${at} ${AliasName}`
    const before = model.aliases.get(place)
    const point = () => model.aliases.set(place, TargetKeyId)
    if (how === 'delete alias') {
      const names = before === undefined ? ['NotFoundException'] : []
      return this.expecting({ names, perhaps: false }, kms.send(new DeleteAliasCommand({ AliasName })), () =>
        model.aliases.delete(place),
      )
    }
    const names = model.byState('notDeleting', family.members.get(at))
    if (how === 'create alias') {
      if (before !== undefined) names.push('AlreadyExistsException')
      return this.expecting(
        { names, perhaps: false },
        kms.send(new CreateAliasCommand({ AliasName, TargetKeyId })),
        point,
      )
    }
    if (before === undefined) names.push('NotFoundException')
    const other = model.families.find(({ keyId }) => keyId === before)
    if (other && (other.kind === 'hmac') !== (family.kind === 'hmac')) names.push('ValidationException')
    return this.expecting(
      { names, perhaps: false },
      kms.send(new UpdateAliasCommand({ AliasName, TargetKeyId })),
      point,
    )
  }

  // What is seen, and what should be

  /** The version that an id stands for; an id never stands for two, nor a version for two ids. */
  versionSeen(family: Family, id: string | undefined, version = this.model.current(family)): string | undefined {
    if (id === undefined) return undefined
    const known = [...this.materialIds].find(([, each]) => each === id)
    if (known) return known[0].slice(family.keyId.length + 1)
    const place = `${family.keyId} ${version}`
    if (this.materialIds.has(place)) return `another id for version ${version}`
    this.materialIds.set(place, id)
    return version
  }

  async lookAtFamily(family: Family): Promise<void> {
    const seen = await Promise.all(REGIONS.map((at) => this.describe(family, at)))
    const wanted = REGIONS.map((at) => this.describeModel(family, at))
    expect(seen.map((each) => each && this.described(family, each))).toEqual(wanted)
    expectInvariants(seen.filter((each) => each !== undefined))
  }

  async describe({ keyId: KeyId }: Family, at: Region): Promise<KeyMetadata | undefined> {
    return this.kms(at)
      .send(new DescribeKeyCommand({ KeyId }))
      .then(
        ({ KeyMetadata }) => KeyMetadata,
        (error: Error) => {
          if (error.name === 'NotFoundException') return undefined
          throw error
        },
      )
  }

  described(family: Family, key: KeyMetadata) {
    const changing = family.promotion !== undefined
    const { MultiRegionConfiguration: configuration } = key
    const state = key.KeyState
    return {
      keyId: key.KeyId,
      state,
      enabled: key.Enabled,
      createdAt: key.CreationDate?.getTime(),
      description: key.Description,
      deletionAt: key.DeletionDate?.getTime(),
      window: key.PendingDeletionWindowInDays,
      expires: key.ExpirationModel && (key.ValidTo?.getTime() ?? Infinity),
      version: this.versionSeen(family, key.CurrentKeyMaterialId),
      role: changing ? 'changing' : configuration?.MultiRegionKeyType,
      primary: changing ? 'changing' : configuration?.PrimaryKey?.Region,
      replicas: changing ? 'changing' : configuration?.ReplicaKeys?.map(({ Region }) => Region).sort(),
    }
  }

  describeModel(family: Family, at: Region) {
    const member = family.members.get(at)
    if (!member) return undefined
    const changing = family.promotion !== undefined
    const { state } = member
    const multiRegion = family.kind !== 'single'
    const permanent = family.versions.filter(({ pending }) => !pending).map(({ name }) => name)
    const expiries = [...member.copies].filter(([each]) => permanent.includes(each)).map(([, validTo]) => validTo)
    const showsVersion = family.kind !== 'hmac' && state !== 'Creating'
    const single = <T>(value: T) => (multiRegion ? (changing ? ('changing' as const) : value) : undefined)
    return {
      keyId: family.keyId,
      state,
      enabled: state === 'Enabled',
      createdAt: member.createdAt,
      description: member.description,
      deletionAt: state === 'PendingDeletion' ? member.deletionAt : undefined,
      window: state === 'PendingReplicaDeletion' ? member.window : undefined,
      expires: family.kind === 'external' && expiries.length > 0 ? Math.min(...expiries) : undefined,
      version: showsVersion ? this.model.current(family) : undefined,
      role: single(family.primary === at ? 'PRIMARY' : 'REPLICA'),
      primary: single(family.primary),
      replicas: single([...family.members.keys()].filter((each) => each !== family.primary).sort()),
    }
  }

  /** Everything there is to see, which must be what the model says; and what decrypts where. */
  async look() {
    for (const family of this.model.families) await this.lookAtFamily(family)
    expect(await this.read()).toEqual(REGIONS.map((at) => this.readModel(at)))
    for (const ciphertext of this.ciphertexts.slice(-CHECKED_CIPHERTEXTS)) {
      for (const at of REGIONS) await this.decrypt(ciphertext, at)
    }
  }

  /** By Region, all that can be read of its keys and aliases. */
  read() {
    return Promise.all(REGIONS.map((at) => this.readRegion(at)))
  }

  async readRegion(at: Region): Promise<Read> {
    const kms = this.kms(at)
    const { Keys = [] } = await kms.send(new ListKeysCommand({}))
    const { Aliases = [] } = await kms.send(new ListAliasesCommand({}))
    const keys = await Promise.all(
      Keys.map(async ({ KeyId = '' }): Promise<[string, ReadKey]> => [KeyId, await this.readKey(at, KeyId)]),
    )
    return {
      aliases: Aliases.map(({ AliasName = '', TargetKeyId = '' }) => [AliasName, TargetKeyId]),
      keys: Object.fromEntries(keys),
    }
  }

  async readKey(at: Region, KeyId: string): Promise<ReadKey> {
    const kms = this.kms(at)
    const [policy, tags, rotation, rotations, grants, usage] = await Promise.all([
      kms.send(new GetKeyPolicyCommand({ KeyId })),
      kms.send(new ListResourceTagsCommand({ KeyId })),
      kms.send(new GetKeyRotationStatusCommand({ KeyId })).catch((error: Error) => error.name),
      kms.send(new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' })),
      kms.send(new ListGrantsCommand({ KeyId })),
      kms.send(new GetKeyLastUsageCommand({ KeyId })),
    ])
    const { Operation, Timestamp } = usage.KeyLastUsage ?? {}
    return {
      policy: sidOf(policy.Policy),
      tags: (tags.Tags ?? []).map(({ TagKey = '', TagValue = '' }) => [TagKey, TagValue]),
      rotation:
        typeof rotation === 'string'
          ? rotation
          : {
              period: rotation.KeyRotationEnabled ? rotation.RotationPeriodInDays : undefined,
              nextAt: rotation.NextRotationDate?.getTime(),
              onDemandSince: rotation.OnDemandRotationStartDate?.getTime(),
            },
      rotations: (rotations.Rotations ?? []).flatMap(({ RotationType }) => RotationType ?? []),
      grants: (grants.Grants ?? []).map(({ GrantId = '' }) => GrantId).sort(),
      lastUse: Operation && Timestamp ? { operation: Operation, at: Timestamp.getTime() } : undefined,
    }
  }

  readModel(at: Region): Read {
    const { model } = this
    const present = model.families.flatMap((family) => {
      const member = family.members.get(at)
      return member ? [{ family, member }] : []
    })
    return {
      aliases: model.aliasesOf(at),
      keys: Object.fromEntries(
        present
          .toSorted((a, b) => (a.family.keyId < b.family.keyId ? -1 : 1))
          .map(({ family, member }) => [family.keyId, this.readModelKey(family, member)]),
      ),
    }
  }

  readModelKey(family: Family, member: Member): ReadKey {
    const [unreadable] = this.model.byState('readingRotation', member)
    const rotates = family.automatic && !member.state.endsWith('Deletion')
    return {
      policy: member.policy,
      tags: [...member.tags].sort(),
      rotation: unreadable ?? {
        period: rotates ? family.automatic?.period : undefined,
        nextAt: rotates ? family.automatic?.nextAt : undefined,
        onDemandSince: family.onDemand?.startedAt,
      },
      rotations: family.rotations,
      grants: [...member.grants].sort(),
      lastUse: member.lastUse,
    }
  }
}

/** What holds of any family by its own metadata, whatever the model may think. */
function expectInvariants(members: KeyMetadata[]): void {
  const [first] = members
  if (!first) return
  const shared = ({
    KeyId,
    KeySpec,
    KeyUsage,
    Origin,
    MultiRegion,
    EncryptionAlgorithms,
    MacAlgorithms,
  }: KeyMetadata) => ({
    KeyId,
    KeySpec,
    KeyUsage,
    Origin,
    MultiRegion,
    EncryptionAlgorithms,
    MacAlgorithms,
  })
  for (const member of members) expect(shared(member)).toEqual(shared(first))
  if (!first.MultiRegion) {
    expect(members).toHaveLength(1)
    return
  }
  const settled = members.filter(({ KeyState }) => KeyState !== 'Creating')
  expect(new Set(settled.map(({ CurrentKeyMaterialId }) => CurrentKeyMaterialId)).size).toBeLessThanOrEqual(1)
  const primaries = members.filter(({ MultiRegionConfiguration: each }) => each?.MultiRegionKeyType === 'PRIMARY')
  if (members.some(({ KeyState }) => KeyState === 'Updating')) {
    expect(primaries.length).toBeLessThanOrEqual(1)
    return
  }
  expect(primaries).toHaveLength(1)
  const arns = members.map(({ Arn }) => Arn).sort()
  for (const { MultiRegionConfiguration: each } of members) {
    expect(each?.PrimaryKey?.Arn).toBe(primaries[0]?.Arn)
    expect([each?.PrimaryKey?.Arn, ...(each?.ReplicaKeys ?? []).map(({ Arn }) => Arn)].sort()).toEqual(arns)
  }
}

describe('keys over several Regions', () => {
  it('live as the model foresees, and keep the invariants of families', async () => {
    const totals = { lives: 0, steps: 0, refused: 0, restarts: 0 }
    const lives = new Set<Life>()
    onTestFinished(async () => {
      await Promise.all([...lives].map((life) => life.end())) // one that the time limit interrupted
    })
    await fc.assert(
      fc.asyncProperty(firstKind, steps, async (kind, rest) => {
        const life = await Life.begin()
        lives.add(life)
        try {
          for (const each of [...beginning(kind), ...rest]) await life.take(each)
          await life.crash()
        } finally {
          await life.end()
          lives.delete(life)
        }
        totals.lives += 1
        totals.steps += life.steps
        totals.refused += life.refused
        totals.restarts += life.restarts
      }),
      { numRuns: MAX_LIVES, interruptAfterTimeLimit: TIME_LIMIT_MS },
    )
    console.warn(
      `properties: ${totals.lives} lives of ${totals.steps} steps, ${totals.refused} refusals foreseen, ${totals.restarts} restarts`,
    )
    expect(totals.lives).toBeGreaterThan(0)
  }, 120_000)
})
