import { describe, expect, it } from 'vitest'
import { assembleTopology } from './assemble'
import { healthSentence } from './health-sentence'
import type { RegionReading } from './readings'
import { type GivenFamily, givenKeyId, givenReadings, READ_AT, withRegion } from './scenarios/given-readings'
import type { RegionStatus } from './topology'

const REGIONS = ['ap-south-1', 'eu-west-1', 'us-east-1', 'us-west-2']
const KEY = givenKeyId('a1')
const three: GivenFamily = {
  keyId: KEY,
  primary: 'us-east-1',
  replicas: ['eu-west-1', 'us-west-2'],
  aliases: ['alias/orders'],
}

function sentenceOf(family: GivenFamily, change: (readings: RegionReading[]) => RegionReading[] = (same) => same) {
  const { families, regions } = assembleTopology(change(givenReadings(REGIONS, [family])), {
    version: 1,
    takenAt: READ_AT,
  })
  const [first] = families
  return healthSentence(first ?? expect.fail('the family is there'), regions)
}

const failed =
  (region: string, status: RegionStatus) =>
  (readings: RegionReading[]): RegionReading[] =>
    withRegion(readings, region, () => ({ status, message: 'it failed' }))

describe('healthSentence', () => {
  it('says that all is well, and where the primary key is', () => {
    expect(sentenceOf(three)).toEqual({ kind: 'healthy', text: 'Healthy. Primary in us-east-1, 2 replicas.' })
    expect(sentenceOf({ ...three, replicas: ['eu-west-1'] }).text).toBe('Healthy. Primary in us-east-1, 1 replica.')
  })

  it('tells the gravest finding, and counts the others', () => {
    expect(sentenceOf({ ...three, replicas: [] })).toEqual({
      kind: 'attention',
      text: 'alias/orders has no key outside us-east-1: nothing can use it while that Region is down.',
    })
    const { kind, text } = sentenceOf({
      ...three,
      all: { rotation: { enabled: false } },
      in: { 'eu-west-1': { state: 'Disabled' } },
    })
    expect(kind).toBe('trouble')
    expect(text).toMatch(/^The key in eu-west-1 is disabled: .* 1 more finding\.$/)
  })

  it('says what goes on and what is blocked when the primary’s Region does not answer', () => {
    expect(sentenceOf(three, failed('us-east-1', 'unreachable'))).toEqual({
      kind: 'trouble',
      text: 'us-east-1 does not answer, and the primary key is there. eu-west-1 and us-west-2 go on encrypting and decrypting. Nothing can be replicated, rotated or promoted until us-east-1 can be read again.',
    })
  })

  it('leaves disabled keys out of those that go on', () => {
    const family = { ...three, in: { 'us-west-2': { state: 'Disabled' as const } } }
    const { text } = sentenceOf(family, failed('us-east-1', 'unreachable'))
    expect(text).toContain('eu-west-1 goes on encrypting')
    expect(text).toContain('Besides, 1 finding wants a look.')
  })

  it('says that a replica’s Region does not touch the primary', () => {
    expect(sentenceOf(three, failed('eu-west-1', 'unreachable')).text).toBe(
      'eu-west-1 does not answer. us-east-1 and us-west-2 go on encrypting and decrypting. The primary key in us-east-1 is not affected; the key in eu-west-1 can be neither promoted nor changed until it can be read again.',
    )
  })

  it('claims nothing when no key is known to work', () => {
    const { text } = sentenceOf({ ...three, replicas: [] }, failed('us-east-1', 'unreachable'))
    expect(text).toContain('No key of the family is known to work now.')
  })

  it('tells a missing permission, and a Region that is not enabled, from an outage', () => {
    expect(sentenceOf(three, failed('eu-west-1', 'denied')).text).toMatch(
      /^These credentials may not read eu-west-1\. /,
    )
    expect(sentenceOf(three, failed('eu-west-1', 'disabled')).text).toMatch(
      /^eu-west-1 is not enabled for this account\. /,
    )
    expect(sentenceOf(three, failed('eu-west-1', 'throttled')).kind).toBe('attention')
  })

  it('names Regions that nobody reads, and keys that were listed only', () => {
    const unscanned = sentenceOf(three, (readings) => readings.filter(({ region }) => region !== 'us-west-2'))
    expect(unscanned.text).toMatch(/^us-west-2 is not among the Regions that are read\. /)
    const unread = sentenceOf(three, (readings) =>
      withRegion(readings, 'us-west-2', () => ({ members: [], unread: [{ keyId: KEY, message: 'denied' }] })),
    )
    expect(unread.text).toMatch(/^The key in us-west-2 could not be read\. /)
  })

  it('tells a promotion under way, in the words of what the keys do', () => {
    const updating = { state: 'Updating' as const }
    expect(
      sentenceOf({
        ...three,
        all: { keySpec: 'HMAC_256', keyUsage: 'GENERATE_VERIFY_MAC' },
        in: { 'us-east-1': { ...updating, role: 'REPLICA' }, 'eu-west-1': updating },
      }),
    ).toEqual({
      kind: 'changing',
      text: 'eu-west-1 and us-east-1 are changing roles: every key goes on making and verifying MACs, and the next change has to wait until it has ended.',
    })
  })

  it('leaves rotation out for keys that KMS cannot rotate', () => {
    const rsa = { ...three, all: { keySpec: 'RSA_2048', keyUsage: 'SIGN_VERIFY', rotation: null } }
    expect(sentenceOf(rsa, failed('us-east-1', 'unreachable')).text).toMatch(
      /go on signing and verifying\. Nothing can be replicated or promoted until/,
    )
  })

  it('tells keys that are being made or wait for their material', () => {
    expect(sentenceOf({ ...three, in: { 'eu-west-1': { state: 'Creating' } } })).toEqual({
      kind: 'changing',
      text: 'eu-west-1: the replica key is being made.',
    })
    expect(sentenceOf({ ...three, in: { 'eu-west-1': { state: 'PendingImport' } } }).text).toBe(
      'The key in eu-west-1 waits for its key material and refuses to work until then.',
    )
  })
})
