import { describe, expect, it } from 'vitest'
import { assembleTopology } from './assemble'
import type { RegionReading } from './readings'
import {
  againstEditAliases,
  againstPromote,
  againstReplicate,
  againstRotateNow,
  againstSetRotation,
  regionsLeft,
} from './reasons-against'
import { type GivenFamily, givenKeyId, givenReadings, READ_AT, withRegion } from './scenarios/given-readings'

const REGIONS = ['eu-west-1', 'us-east-1', 'us-west-2']
const given = (
  family: Partial<GivenFamily> = {},
  change: (readings: RegionReading[]) => RegionReading[] = (same) => same,
) => {
  const readings = givenReadings(REGIONS, [
    { keyId: givenKeyId('a1'), primary: 'us-east-1', replicas: ['eu-west-1'], aliases: ['alias/orders'], ...family },
  ])
  const { families, regions } = assembleTopology(change(readings), { version: 1, takenAt: READ_AT })
  return { family: families[0] ?? expect.fail('the family is there'), regions }
}

const promoting = { in: { 'us-east-1': { state: 'Updating' as const }, 'eu-west-1': { state: 'Updating' as const } } }

describe('reasons against', () => {
  it('are none for a healthy family', () => {
    const { family, regions } = given()
    expect(againstReplicate(family, regions)).toBeNull()
    expect(againstPromote(family, regions)).toBeNull()
    expect(againstPromote(family, regions, 'eu-west-1')).toBeNull()
    expect(againstRotateNow(family, regions)).toBeNull()
    expect(againstSetRotation(family, regions)).toBeNull()
    expect(againstEditAliases(family)).toBeNull()
  })

  it('name a promotion under way', () => {
    const { family, regions } = given(promoting)
    const words = 'A promotion is still settling in eu-west-1 and us-east-1'
    expect(againstReplicate(family, regions)).toBe(words)
    expect(againstPromote(family, regions)).toBe(words)
    expect(againstRotateNow(family, regions)).toBe(words)
  })

  it('name the missing primary key', () => {
    const { family, regions } = given({ in: { 'us-east-1': { role: 'REPLICA' } } })
    expect(family.primaryRegion).toBeNull()
    expect(againstReplicate(family, regions)).toMatch(/^No primary key is known/)
    expect(againstPromote(family, regions)).toMatch(/^No primary key is known/)
  })

  it('name a primary key that KMS refuses to work with', () => {
    const { family, regions } = given({ in: { 'us-east-1': { state: 'Disabled' } } })
    expect(againstReplicate(family, regions)).toBe(
      'The primary key in us-east-1 is Disabled: KMS refuses to replicate it',
    )
    expect(againstPromote(family, regions, 'eu-west-1')).toMatch(/^The primary key in us-east-1 is Disabled/)
  })
})

describe('reasons against a Region that is silent', () => {
  const silent = (region: string) =>
    given({ replicas: ['eu-west-1', 'us-west-2'] }, (readings) =>
      withRegion(readings, region, () => ({ status: 'unreachable', message: 'no answer' })),
    )

  it('hold back every call in the primary key’s Region', () => {
    const { family, regions } = silent('us-east-1')
    expect(family.primaryRegion).toBe('us-east-1')
    const words = 'us-east-1 does not answer, and this is a call in the primary key’s Region'
    expect(againstReplicate(family, regions)).toBe(words)
    expect(againstPromote(family, regions)).toBe(words)
    expect(againstRotateNow(family, regions)).toBe(words)
    expect(againstSetRotation(family, regions)).toBe(words)
  })

  it('hold back the promotion of a key that is there, and no other', () => {
    const { family, regions } = silent('eu-west-1')
    expect(againstPromote(family, regions)).toBeNull()
    expect(againstPromote(family, regions, 'us-west-2')).toBeNull()
    expect(againstPromote(family, regions, 'eu-west-1')).toBe(
      'eu-west-1 does not answer, and KMS changes the key there as well',
    )
  })

  it('are none where it only asks for fewer requests', () => {
    const { family, regions } = given({}, (readings) =>
      withRegion(readings, 'us-east-1', () => ({ status: 'throttled', message: 'Rate exceeded' })),
    )
    expect(againstRotateNow(family, regions)).toBeNull()
  })

  it('hold back a promotion when every replica key has one', () => {
    const { family, regions } = given({
      replicas: ['eu-west-1', 'us-west-2'],
      in: { 'eu-west-1': { state: 'Disabled' }, 'us-west-2': { state: 'Disabled' } },
    })
    expect(againstPromote(family, regions)).toBe('No replica key can be promoted now: select one to see why')
  })
})

describe('againstReplicate', () => {
  it('says when every Region is taken, or the rest cannot be read', () => {
    const all = { replicas: ['eu-west-1', 'us-west-2'] }
    const full = given(all)
    expect(againstReplicate(full.family, full.regions)).toBe('Every Region that is read has a key of this family')
    const cut = given({}, (readings) =>
      withRegion(readings, 'us-west-2', () => ({ status: 'unreachable', message: 'no answer' })),
    )
    expect(regionsLeft(cut.family, cut.regions)).toEqual([])
    expect(againstReplicate(cut.family, cut.regions)).toBe('No Region is left but us-west-2, which cannot be read now')
  })
})

describe('againstPromote', () => {
  it('wants a replica key', () => {
    const { family, regions } = given({ replicas: [] })
    expect(againstPromote(family, regions)).toMatch(/^There is no replica key to promote/)
  })

  it('wants an Enabled one', () => {
    const { family, regions } = given({ in: { 'eu-west-1': { state: 'Disabled' } } })
    expect(againstPromote(family, regions)).toBe('The key in eu-west-1 is Disabled: KMS promotes Enabled keys only')
    expect(againstPromote(family, regions, 'eu-west-1')).toBe(
      'The key in eu-west-1 is Disabled: KMS promotes Enabled keys only',
    )
    expect(againstPromote(family, regions, 'us-east-1')).toBe('The primary key is in us-east-1 already')
    expect(againstPromote(family, regions, 'us-west-2')).toBe('us-west-2 has no key of this family')
  })
})

describe('againstRotateNow and againstSetRotation', () => {
  it('know the kinds that KMS does not rotate', () => {
    const { family, regions } = given({ all: { keySpec: 'HMAC_256', keyUsage: 'GENERATE_VERIFY_MAC' } })
    const words = 'KMS cannot rotate keys of this kind (HMAC 256, generate and verify MACs)'
    expect(againstRotateNow(family, regions)).toBe(words)
    expect(againstSetRotation(family, regions)).toBe(words)
  })

  it('tell imported key material apart', () => {
    const { family, regions } = given({ all: { origin: 'EXTERNAL' } })
    expect(againstRotateNow(family, regions)).toBeNull()
    expect(againstSetRotation(family, regions)).toBe('KMS does not rotate imported key material by itself')
  })
})

describe('againstEditAliases', () => {
  it('wants a key that is not pending deletion', () => {
    const { family } = given({
      in: { 'us-east-1': { state: 'PendingReplicaDeletion' }, 'eu-west-1': { state: 'PendingDeletion' } },
    })
    expect(againstEditAliases(family)).toMatch(/^Every key of the family is pending deletion/)
  })
})
