import { describe, expect, it } from 'vitest'
import { assembleTopology } from '../assemble'
import { familyOf } from '../family'
import type { RegionReading } from '../readings'
import { type GivenFamily, givenKeyId, givenReadings, READ_AT, withRegion } from '../scenarios/given-readings'
import type { Finding } from '../topology'

const KEY = givenKeyId('a1')
const OTHER = givenKeyId('b2')
const regions = ['us-east-1', 'eu-west-1', 'ap-south-1']
const healthy: GivenFamily = {
  keyId: KEY,
  primary: 'us-east-1',
  replicas: ['eu-west-1', 'ap-south-1'],
  aliases: ['alias/billing'],
}

const findingsIn = (readings: RegionReading[]): Finding[] =>
  familyOf(assembleTopology(readings, { version: 1, takenAt: READ_AT }), KEY)?.findings ?? expect.fail('no family')

const findingsOf = (change: Partial<GivenFamily>, ...others: GivenFamily[]) =>
  findingsIn(givenReadings(regions, [{ ...healthy, ...change }, ...others]))

const ids = (findings: Finding[]) => findings.map((finding) => finding.id)

describe('findingsOf', () => {
  it('finds nothing in a healthy family', () => {
    expect(findingsOf({})).toEqual([])
  })

  it('puts the gravest first', () => {
    const findings = findingsOf({ all: { rotation: { enabled: false } }, in: { 'eu-west-1': { state: 'Disabled' } } })
    expect(ids(findings)).toEqual(['member-disabled', 'rotation-off'])
  })

  it('says each thing in one sentence, with the Regions it is about', () => {
    const findings = findingsOf(
      { replicas: [], all: { rotation: { enabled: false } } },
      { keyId: OTHER, primary: 'eu-west-1' },
    )
    expect(findings).toHaveLength(2)
    for (const { message, regions: about } of findings) {
      expect(message).toMatch(/^\S.*\.$/)
      expect(message.slice(0, -1)).not.toContain('. ')
      for (const region of about) expect(message).toContain(region)
    }
  })
})

describe('singleMember', () => {
  const alone = { ...healthy, replicas: [] }

  it('offers to replicate, and says the same whatever other families do', () => {
    const others = [
      { keyId: OTHER, primary: 'ap-south-1' },
      { keyId: givenKeyId('c3'), primary: 'eu-west-1', replicas: ['ap-south-1'] },
    ]
    const findings = findingsIn(givenReadings(regions, [alone]))
    expect(findings).toMatchObject([
      { id: 'single-member', remedy: { label: 'Replicate', request: { kind: 'replicate', keyId: KEY } } },
    ])
    expect(findingsIn(givenReadings(regions, [alone, ...others]))).toEqual(findings)
  })

  it('offers no Region that does not answer, nor one of another partition', () => {
    const readings = givenReadings(['us-east-1', 'eu-west-1'], [alone])
    const [silent] = findingsIn(withRegion(readings, 'eu-west-1', () => ({ status: 'unreachable' })))
    expect(silent?.remedy).toBeUndefined()
    const [finding] = findingsIn(givenReadings(['us-east-1', 'cn-north-1'], [alone]))
    expect(finding).toMatchObject({ id: 'single-member' })
    expect(finding?.remedy).toBeUndefined()
  })

  it('has no remedy while the key cannot be replicated', () => {
    const [finding] = findingsOf({ replicas: [], all: { state: 'PendingImport', origin: 'EXTERNAL' } })
    expect(finding?.id).toBe('single-member')
    expect(finding?.remedy).toBeUndefined()
  })

  it('leaves a key alone that is going anyway', () => {
    expect(ids(findingsOf({ replicas: [], all: { state: 'PendingDeletion' } }))).toEqual(['pending-deletion'])
  })
})

describe('aliasMissing', () => {
  const without = (region: string, change: Partial<RegionReading> = {}, family = healthy) =>
    findingsIn(withRegion(givenReadings(regions, [family]), region, () => ({ aliases: [], ...change })))

  it('offers the alias everywhere', () => {
    expect(without('eu-west-1')).toMatchObject([
      {
        id: 'alias-missing',
        regions: ['eu-west-1'],
        remedy: {
          request: { kind: 'set-aliases', keyId: KEY, changes: [{ change: 'everywhere', name: 'alias/billing' }] },
        },
      },
    ])
  })

  it('joins the Regions that lack the same name', () => {
    const readings = givenReadings(regions, [healthy]).map((reading) =>
      reading.region === 'us-east-1' ? reading : { ...reading, aliases: [] },
    )
    expect(findingsIn(readings)).toMatchObject([{ id: 'alias-missing', regions: ['ap-south-1', 'eu-west-1'] }])
  })

  it('says nothing about a Region whose aliases were not read', () => {
    expect(without('eu-west-1', { status: 'denied' })).toEqual([])
  })

  it.each(['Creating', 'PendingDeletion'] as const)('says nothing about a key that is %s', (state) => {
    const findings = without('eu-west-1', {}, { ...healthy, in: { 'eu-west-1': { state } } })
    expect(ids(findings)).not.toContain('alias-missing')
  })

  it('does not ask replica aliases of the primary', () => {
    expect(without('us-east-1')).toEqual([])
  })
})

describe('aliasElsewhere', () => {
  it('tells a name that another key holds from one that is free', () => {
    const readings = withRegion(
      withRegion(givenReadings(regions, [healthy]), 'eu-west-1', () => ({
        aliases: [{ name: 'alias/billing', keyId: '1234abcd-12ab-34cd-56ef-1234567890ab' }],
      })),
      'ap-south-1',
      () => ({ aliases: [] }),
    )
    expect(findingsIn(readings)).toMatchObject([
      { id: 'alias-elsewhere', severity: 'high', regions: ['eu-west-1'] },
      { id: 'alias-missing', severity: 'medium', regions: ['ap-south-1'] },
    ])
  })
})

describe('memberDisabled', () => {
  it('says so when the family works nowhere', () => {
    const [finding] = findingsOf({ all: { state: 'Disabled' } })
    expect(finding?.message).toContain('Every key of the family is disabled')
  })
})

describe('pendingDeletion', () => {
  it('tells each key apart, with its date', () => {
    const findings = findingsOf({
      in: {
        'us-east-1': { state: 'PendingReplicaDeletion', pendingWindowInDays: 7 },
        'eu-west-1': { state: 'PendingDeletion', deletionDate: '2026-12-01T10:00:00.000Z' },
      },
    })
    expect(findings.map(({ id, regions: [region] }) => [id, region])).toEqual([
      ['pending-deletion', 'eu-west-1'],
      ['pending-deletion', 'us-east-1'],
    ])
    expect(findings[0]?.message).toContain('on 2026-12-01')
    expect(findings[1]?.message).toContain('7 days later')
  })
})

describe('rotationOff', () => {
  const off = { rotation: { enabled: false } }

  it('is raised on the primary alone', () => {
    expect(findingsOf({ all: off })).toMatchObject([
      { id: 'rotation-off', regions: ['us-east-1'], remedy: { request: { kind: 'set-rotation', enabled: true } } },
    ])
  })

  it.each<[string, Partial<GivenFamily>]>([
    ['a kind that KMS does not rotate', { all: { ...off, keySpec: 'RSA_2048', keyUsage: 'SIGN_VERIFY' } }],
    ['imported key material', { all: { ...off, origin: 'EXTERNAL' } }],
    ['a rotation that could not be read', { all: { rotation: null } }],
    ['a replica key alone', { in: { 'eu-west-1': off } }],
  ])('is not raised for %s', (_, change) => {
    expect(findingsOf(change)).toEqual([])
  })

  it('is not raised for a key that is pending deletion, which always reads off', () => {
    const findings = findingsOf({ all: off, in: { 'us-east-1': { state: 'PendingReplicaDeletion' } } })
    expect(ids(findings)).toEqual(['pending-deletion'])
  })
})

describe('contradictingRoles', () => {
  it('is raised when two members call themselves primary', () => {
    expect(findingsOf({ in: { 'eu-west-1': { role: 'PRIMARY' } } })).toMatchObject([
      { id: 'contradicting-roles', severity: 'high', regions: ['eu-west-1', 'us-east-1'] },
    ])
  })

  it('is raised when no member does', () => {
    expect(ids(findingsOf({ in: { 'us-east-1': { role: 'REPLICA' } } }))).toEqual(['contradicting-roles'])
  })

  it('is not raised while a promotion settles', () => {
    expect(findingsOf({ in: { 'us-east-1': { role: 'REPLICA', state: 'Updating' } } })).toEqual([])
  })
})
