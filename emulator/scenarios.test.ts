// The scenarios hold what they promise.

import { DescribeKeyCommand, ListKeyRotationsCommand, paginateListKeys, SignCommand } from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { DEMO_REGIONS } from './scenarios/regions.ts'
import { multiRegionKeyId } from './scenarios/world.ts'
import { SCENARIO_NAMES } from './scenarios.ts'
import { emulate, START, type TestEmulator } from './test-emulator.ts'

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
