// The scenarios hold what they promise.

import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateMacCommand,
  GetKeyLastUsageCommand,
  GetKeyPolicyCommand,
  GetPublicKeyCommand,
  type KeyMetadata,
  type KMSClient,
  ListGrantsCommand,
  ListKeyRotationsCommand,
  ListResourceTagsCommand,
  paginateListAliases,
  paginateListKeys,
  SignCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { DAY_MS, emulate, START, type TestEmulator } from '../tests/test-emulator.ts'
import { DEMO_REGIONS } from './regions.ts'
import { SCENARIO_NAMES } from './scenarios.ts'
import { multiRegionKeyId } from './world.ts'

async function keyIdsIn(emulator: TestEmulator, region: string): Promise<string[]> {
  const ids: string[] = []
  for await (const page of paginateListKeys({ client: emulator.kms(region), pageSize: 1000 }, {})) {
    ids.push(...(page.Keys ?? []).flatMap(({ KeyId }) => KeyId ?? []))
  }
  return ids
}

async function membersByFamily(emulator: TestEmulator): Promise<Map<string, string[]>> {
  const families = new Map<string, string[]>()
  for (const region of DEMO_REGIONS) {
    for (const keyId of await keyIdsIn(emulator, region)) {
      if (keyId.startsWith('mrk-')) families.set(keyId, [...(families.get(keyId) ?? []), region])
    }
  }
  return families
}

/** Alias name to key id, of one Region. */
async function aliasesIn(emulator: TestEmulator, region: string): Promise<Map<string, string>> {
  const aliases = new Map<string, string>()
  for await (const page of paginateListAliases({ client: emulator.kms(region), pageSize: 100 }, {})) {
    for (const { AliasName = '', TargetKeyId } of page.Aliases ?? []) {
      if (TargetKeyId !== undefined) aliases.set(AliasName, TargetKeyId)
    }
  }
  return aliases
}

type Member = {
  metadata: KeyMetadata
  description: string
  policy: string
  tags: string
  grants: string
  material: string
  lastUse: string
}

async function memberIn(emulator: TestEmulator, region: string, KeyId: string): Promise<Member> {
  const kms = emulator.kms(region)
  const { KeyMetadata: metadata } = await kms.send(new DescribeKeyCommand({ KeyId }))
  if (!metadata) throw new Error(`${KeyId} has no metadata`)
  const { Policy = '' } = await kms.send(new GetKeyPolicyCommand({ KeyId }))
  const { Tags } = await kms.send(new ListResourceTagsCommand({ KeyId }))
  const { Grants = [] } = await kms.send(new ListGrantsCommand({ KeyId }))
  const { Rotations = [] } = await kms.send(
    new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }),
  )
  const { KeyLastUsage } = await kms.send(new GetKeyLastUsageCommand({ KeyId }))
  return {
    metadata,
    description: metadata.Description ?? '',
    policy: Policy,
    tags: JSON.stringify(Tags),
    grants: JSON.stringify(Grants.map(({ GranteePrincipal, Operations }) => [GranteePrincipal, Operations])),
    material: JSON.stringify(Rotations.map(({ ImportState, ValidTo }) => [ImportState, ValidTo])),
    lastUse: JSON.stringify(KeyLastUsage),
  }
}

describe.each(SCENARIO_NAMES.filter((name) => !name.startsWith('fleet')))('scenario %s', (scenario) => {
  it('gives every family exactly one primary key', async () => {
    const emulator = await emulate({ scenario })
    for (const [KeyId, regions] of await membersByFamily(emulator)) {
      const members = await Promise.all(
        regions.map((region) => emulator.kms(region).send(new DescribeKeyCommand({ KeyId }))),
      )
      const configurations = members.map(({ KeyMetadata }) => KeyMetadata?.MultiRegionConfiguration)
      expect(configurations.filter((each) => each?.MultiRegionKeyType === 'PRIMARY')).toHaveLength(1)
      expect(configurations[0]?.ReplicaKeys).toHaveLength(regions.length - 1)
      expect(new Set(configurations.map((each) => each?.PrimaryKey?.Region)).size).toBe(1)
      for (const { KeyMetadata } of members) expect(KeyMetadata?.CreationDate?.getTime()).toBeLessThanOrEqual(START)
    }
  })
})

describe('scenario demo', () => {
  it('keeps its key ids, so that what was written about them stays true', () => {
    expect(multiRegionKeyId('alias/global-data-key')).toMatchInlineSnapshot(`"mrk-17e5dc32fc872b40824cb1a47319feca"`)
  })

  it('has keys with a history that work', async () => {
    const emulator = await emulate({ scenario: 'demo' })
    const KeyId = multiRegionKeyId('alias/global-data-key')
    const { Rotations = [] } = await emulator.kms().send(new ListKeyRotationsCommand({ KeyId }))
    expect(Rotations.map(({ RotationType }) => RotationType)).toEqual([
      'AUTOMATIC',
      'AUTOMATIC',
      'ON_DEMAND',
      'AUTOMATIC',
    ])
    const { Signature } = await emulator
      .kms('eu-west-1')
      .send(
        new SignCommand({ KeyId: 'alias/jwt-signing', Message: Buffer.from('x'), SigningAlgorithm: 'ECDSA_SHA_256' }),
      )
    expect(Signature?.length).toBeGreaterThan(60)
  })
})

describe('scenario drift', () => {
  /** What must differ in the family of each alias, and nothing else. */
  const WAYS = {
    healthy: [],
    'region-missing': ['Regions'],
    'alias-missing': ['alias missing'],
    'alias-elsewhere': ['alias elsewhere'],
    'alias-extra': ['alias missing'],
    'replica-disabled': ['state Disabled'],
    'primary-disabled': ['state Disabled'],
    'replica-stuck-creating': ['state Creating'],
    'promotion-stuck-updating': ['state Updating'],
    'replica-pending-deletion': ['state PendingDeletion'],
    'primary-waits-for-replicas': ['state PendingReplicaDeletion'],
    'policy-differs': ['policy'],
    'policy-without-promotion': ['policy'],
    'policy-default': ['policy'],
    'policy-open': ['policy'],
    'policy-without-account': ['policy'],
    'tag-value-differs': ['tags'],
    'tags-missing': ['tags'],
    'description-differs': ['description'],
    'grant-missing': ['grants'],
    'grant-narrower': ['grants'],
    'used-in-one-region': ['lastUse'],
    'material-missing': ['state PendingImport', 'material'],
    'material-expires': ['material'],
    'new-material-missing': ['material'],
  }
  const REGIONS = ['us-east-1', 'us-west-2', 'eu-west-1']

  it('has each way in which members disagree once, and each alone', async () => {
    const emulator = await emulate({ scenario: 'drift', startAt: START })
    const families = await membersByFamily(emulator)
    const aliases = new Map(
      await Promise.all(REGIONS.map(async (region) => [region, await aliasesIn(emulator, region)] as const)),
    )
    const found: Record<string, string[]> = {}
    for (const [keyId, regions] of families) {
      const members = await Promise.all(regions.map((region) => memberIn(emulator, region, keyId)))
      const names = new Set(
        [...aliases.values()].flatMap((each) => [...each].flatMap(([name, id]) => (id === keyId ? name : []))),
      )
      const holders = [...names].flatMap((name) => regions.map((region) => aliases.get(region)?.get(name)))
      const differ = (what: keyof Member) => (new Set(members.map((member) => member[what])).size > 1 ? [what] : [])
      const name = Object.keys(WAYS).find((each) => multiRegionKeyId(`alias/${each}`) === keyId) ?? keyId
      found[name] = [
        ...(regions.length < REGIONS.length ? ['Regions'] : []),
        ...(holders.some((holder) => holder === undefined) ? ['alias missing'] : []),
        ...(holders.some((holder) => holder !== undefined && holder !== keyId) ? ['alias elsewhere'] : []),
        ...new Set(
          members.flatMap(({ metadata: { KeyState } }) => (KeyState === 'Enabled' ? [] : [`state ${KeyState}`])),
        ),
        ...(['description', 'policy', 'tags', 'grants', 'material', 'lastUse'] as const).flatMap(differ),
      ]
    }
    expect(found).toEqual(WAYS)
  })
})

describe('scenario evacuation', () => {
  const TARGET = 'eu-west-1'

  it('has 300 primary keys in us-east-1, and the troubles that the README counts', async () => {
    const emulator = await emulate({ scenario: 'evacuation' })
    const families = await membersByFamily(emulator)
    const [aliases, atTarget] = await Promise.all([aliasesIn(emulator, 'us-east-1'), aliasesIn(emulator, TARGET)])
    const troubles: Record<string, number> = {}
    const specs = new Set<string | undefined>()
    for (const [alias, keyId] of aliases) {
      const regions = families.get(keyId) ?? []
      const primary = await memberIn(emulator, 'us-east-1', keyId)
      expect(primary.metadata.MultiRegionConfiguration?.MultiRegionKeyType).toBe('PRIMARY')
      specs.add(primary.metadata.KeySpec)
      const note = (trouble: string) => {
        troubles[trouble] = (troubles[trouble] ?? 0) + 1
      }
      if (primary.metadata.KeyState !== 'Enabled') note('primary disabled')
      if (!regions.includes(TARGET)) note(regions.length === 1 ? 'no replica' : 'no replica at the target')
      else {
        const replica = await memberIn(emulator, TARGET, keyId)
        if (replica.metadata.KeyState !== 'Enabled') note(`target ${replica.metadata.KeyState}`)
        if (replica.policy !== primary.policy) note('policy differs')
        if (!atTarget.has(alias)) note('alias missing')
        else if (atTarget.get(alias) !== keyId) note('alias elsewhere')
      }
    }
    expect(families.size).toBe(300)
    expect(aliases.size).toBe(300)
    expect(specs.size).toBe(10)
    expect(troubles).toEqual({
      'no replica at the target': 20,
      'no replica': 6,
      'target Disabled': 14,
      'target PendingDeletion': 6,
      'target Creating': 2,
      'target PendingImport': 4,
      'primary disabled': 4,
      'policy differs': 26,
      'alias missing': 12,
      'alias elsewhere': 3,
    })
  })
})

describe('the same scenario in another emulator', () => {
  it.each(['demo', 'drift', 'evacuation'])('has the same keys and materials: %s', async (scenario) => {
    const first = await emulate({ scenario })
    const second = await emulate({ scenario, startAt: START + DAY_MS })
    const families = await membersByFamily(first)
    expect(await membersByFamily(second)).toEqual(families)
    const proven = new Set<string>()
    for (const [KeyId, [region = '']] of families) {
      const [one, other] = [first.kms(region), second.kms(region)]
      const { KeyMetadata: key } = await one.send(new DescribeKeyCommand({ KeyId }))
      const { KeyMetadata: again } = await other.send(new DescribeKeyCommand({ KeyId }))
      expect(again?.CurrentKeyMaterialId).toBe(key?.CurrentKeyMaterialId)
      const kind = `${key?.Origin} ${key?.KeySpec} ${key?.KeyUsage}`
      if (key?.KeyState !== 'Enabled' || proven.has(kind)) continue
      await proveSameMaterial(one, other, key)
      proven.add(kind)
    }
    expect(proven.size).toBeGreaterThan(0)
  })
})

async function proveSameMaterial(one: KMSClient, other: KMSClient, { KeyId, KeySpec, MacAlgorithms }: KeyMetadata) {
  if (KeySpec === 'SYMMETRIC_DEFAULT') {
    const { CiphertextBlob } = await one.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }))
    const { Plaintext = [] } = await other.send(new DecryptCommand({ CiphertextBlob }))
    expect(Buffer.from(Plaintext).toString()).toBe('x')
  } else if (MacAlgorithms) {
    const mac = { KeyId, Message: Buffer.from('x'), MacAlgorithm: MacAlgorithms[0] }
    const { Mac } = await one.send(new GenerateMacCommand(mac))
    expect((await other.send(new VerifyMacCommand({ ...mac, Mac }))).MacValid).toBe(true)
  } else {
    const { PublicKey } = await one.send(new GetPublicKeyCommand({ KeyId }))
    expect((await other.send(new GetPublicKeyCommand({ KeyId }))).PublicKey).toEqual(PublicKey)
  }
}

describe.each([
  ['fleet-1000', 4],
  ['fleet-1000x6', 6],
])('scenario %s', (scenario, membersEach) => {
  it(`has 1,000 families of ${membersEach}`, async () => {
    const families = await membersByFamily(await emulate({ scenario }))
    expect(families.size).toBe(1000)
    for (const regions of families.values()) expect(regions).toHaveLength(membersEach)
  })
})
