import { describe, expect, it } from 'vitest'
import { toKmsError } from '@/lib/kms/errors'
import type { RegionReading } from '@/lib/topology/readings'
import { givenKeyId, givenMember } from '@/lib/topology/scenarios/given-readings'
import { RegionMemory } from './region-memory'

const REGION = 'eu-west-1'
const at = (second: number) => `2026-11-23T22:10:${String(second).padStart(2, '0')}.000Z`
const keyId = givenKeyId('a1')
const member = (asOf: string, state: 'Enabled' | 'Disabled' = 'Enabled') => ({
  ...givenMember({ keyId, primary: 'us-east-1', replicas: [REGION] }, REGION),
  asOf,
  state,
})

const scan = (startedAt: string, fields: Partial<RegionReading> = {}): RegionReading => ({
  region: REGION,
  status: 'ok',
  asOf: startedAt,
  members: [],
  unread: [],
  aliases: [],
  otherKeys: 0,
  ...fields,
})

const timeout = toKmsError(Object.assign(new Error(), { name: 'TimeoutError', code: 'ETIMEDOUT' }), REGION)

const denied = toKmsError(
  Object.assign(new Error('no kms:ListAliases'), { name: 'AccessDeniedException', $metadata: { requestId: 'r' } }),
  REGION,
)

describe('RegionMemory', () => {
  it('is not down before the first attempt has ended', () => {
    const memory = new RegionMemory(REGION)
    expect(memory.isDown).toBe(false)
    expect(memory.reading).toMatchObject({ status: 'unreachable', asOf: null, message: 'Not read yet' })
    memory.setFailed(timeout, at(0))
    expect(memory.isDown).toBe(true)
    expect(memory.reading).toMatchObject({ status: 'unreachable', since: at(0) })
  })

  it('keeps what was known when the Region fails, and the time since when', () => {
    const memory = new RegionMemory(REGION)
    memory.mergeScan(scan(at(0), { members: [member(at(0))], otherKeys: 3 }), at(0))
    memory.setFailed(timeout, at(5))
    memory.setFailed(timeout, at(9))
    expect(memory.reading).toMatchObject({
      status: 'unreachable',
      message: 'KMS in eu-west-1 did not answer in time',
      asOf: at(0),
      since: at(5),
      members: [{ keyId }],
      otherKeys: 3,
    })
    memory.mergeScan(scan(at(12)), at(12))
    expect(memory.reading.status).toBe('ok')
    expect(memory.reading.since).toBeUndefined()
  })

  it('prefers a member that was read while a scan ran to what the scan had read before', () => {
    const memory = new RegionMemory(REGION)
    memory.setMember(member(at(3), 'Disabled'))
    memory.mergeScan(scan(at(1), { members: [member(at(2))] }), at(1))
    expect(memory.reading.members).toMatchObject([{ state: 'Disabled', asOf: at(3) }])

    memory.mergeScan(scan(at(4), { members: [member(at(5))] }), at(4))
    expect(memory.reading.members).toMatchObject([{ state: 'Enabled', asOf: at(5) }])
  })

  it('keeps a member that appeared while a scan ran, and drops it when a later scan does not list it', () => {
    const memory = new RegionMemory(REGION)
    memory.setMember(member(at(3)))
    memory.mergeScan(scan(at(1), { unread: [{ keyId, message: 'not found yet' }] }), at(1))
    expect(memory.reading).toMatchObject({ members: [{ keyId }], unread: [] })
    memory.mergeScan(scan(at(4)), at(4))
    expect(memory.reading.members).toEqual([])
  })

  it('does not bring back a member that was not found while a scan ran', () => {
    const memory = new RegionMemory(REGION)
    memory.mergeScan(scan(at(0), { members: [member(at(0))] }), at(0))
    memory.setGone(keyId, at(4))
    expect(memory.reading.members).toEqual([])
    memory.mergeScan(scan(at(1), { members: [member(at(2))] }), at(1))
    expect(memory.reading.members).toEqual([])
    memory.mergeScan(scan(at(5), { members: [member(at(6))] }), at(5))
    expect(memory.reading.members).toMatchObject([{ asOf: at(6) }])
  })

  it('takes the newer of two answers about aliases', () => {
    const memory = new RegionMemory(REGION)
    memory.setAliases([{ name: 'alias/new', keyId }], at(3))
    memory.mergeScan(scan(at(1), { aliases: [{ name: 'alias/old', keyId }] }), at(1))
    expect(memory.reading.aliases).toEqual([{ name: 'alias/new', keyId }])
    memory.setAliases([{ name: 'alias/older', keyId }], at(2))
    expect(memory.reading.aliases).toEqual([{ name: 'alias/new', keyId }])
    memory.mergeScan(scan(at(4), { aliases: [] }), at(4))
    expect(memory.reading.aliases).toEqual([])
  })

  it('names a key that may not be read any more, beside what was read before', () => {
    const memory = new RegionMemory(REGION)
    memory.mergeScan(scan(at(0), { members: [member(at(0))] }), at(0))
    memory.setUnread(keyId, 'AccessDeniedException')
    expect(memory.reading).toMatchObject({ members: [{ keyId }], unread: [{ keyId }] })
    memory.setMember(member(at(2)))
    expect(memory.reading).toMatchObject({ members: [{ asOf: at(2) }], unread: [] })
  })

  it('takes members of a scan that is still under way for live, until the Region fails', () => {
    const memory = new RegionMemory(REGION)
    memory.setScanned(member(at(2)), at(1))
    expect(memory.reading).toMatchObject({ status: 'unreachable', liveFrom: at(1), members: [{ keyId }] })
    memory.setFailed(timeout, at(3))
    expect(memory.reading.liveFrom).toBeUndefined()
    expect(memory.reading.members).toMatchObject([{ keyId }])

    memory.setScanned(member(at(5)), at(4))
    memory.mergeScan(scan(at(4), { members: [member(at(5))] }), at(4))
    expect(memory.reading).toMatchObject({ status: 'ok', members: [{ asOf: at(5) }] })
    memory.setScanned(member(at(7)), at(6))
    expect(memory.reading.liveFrom).toBeUndefined()
  })

  it('does not bring back a member that a scan described before it was not found', () => {
    const memory = new RegionMemory(REGION)
    memory.setGone(keyId, at(4))
    memory.setScanned(member(at(3)), at(1))
    expect(memory.reading.members).toEqual([])
  })

  it('shows the first aliases while none are known, and none of a sweep that did not end afterwards', () => {
    const memory = new RegionMemory(REGION)
    const [first, second] = ['alias/first', 'alias/second'].map((name) => [{ name, keyId }])
    memory.setFirstAliases(first ?? [])
    expect(memory.reading.aliases).toEqual(first)
    memory.mergeScan(scan(at(1), { aliases: second }), at(1))
    memory.setFirstAliases(first ?? [])
    expect(memory.reading.aliases).toEqual(second)
  })

  it('keeps a rotation with the description that it was read after', () => {
    const memory = new RegionMemory(REGION)
    memory.setMember({ ...member(at(1)), rotation: null })
    memory.setRotation({ ...member(at(1)), rotation: { enabled: false } })
    expect(memory.member(keyId)?.rotation).toEqual({ enabled: false })
    memory.setMember({ ...member(at(2)), rotation: { enabled: true } })
    memory.setRotation({ ...member(at(1)), rotation: { enabled: false } })
    expect(memory.member(keyId)?.rotation).toEqual({ enabled: true })
  })

  it('remembers since when a rotation and a description could not be read', () => {
    const memory = new RegionMemory(REGION)
    const unread = (since: string) => ({ rotation: null, rotationUnread: { message: 'denied', since } })
    memory.setMember({ ...member(at(1)), ...unread(at(1)) })
    memory.setMember({ ...member(at(2)), ...unread(at(2)) })
    memory.setRotation({ ...member(at(2)), ...unread(at(3)) })
    expect(memory.member(keyId)?.rotationUnread).toEqual({ message: 'denied', since: at(1) })
    memory.setRotation({ ...member(at(2)), rotation: { enabled: true } })
    expect(memory.member(keyId)).not.toHaveProperty('rotationUnread')

    const denied = (at: string, message: string) => scan(at, { members: [], unread: [{ keyId, message }] })
    memory.mergeScan(denied(at(4), 'denied'), at(4))
    memory.mergeScan(denied(at(5), 'denied in other words'), at(5))
    expect(memory.reading.unread).toEqual([{ keyId, message: 'denied in other words', since: at(4) }])
  })

  it('goes on when its aliases are denied, and is not down; a Region that fails stays so', () => {
    const memory = new RegionMemory(REGION)
    memory.mergeScan(scan(at(1), { members: [member(at(1))] }), at(1))
    memory.setAliasesDenied(denied, at(2))
    memory.setAliasesDenied(denied, at(3))
    expect(memory.isDown).toBe(false)
    expect(memory.reading).toMatchObject({
      status: 'denied',
      since: at(2),
      liveFrom: at(1),
      unreadable: [{ part: 'aliases', message: 'AccessDeniedException: no kms:ListAliases', since: at(2) }],
    })
    memory.setFailed(timeout, at(4))
    expect(memory.reading).not.toHaveProperty('unreadable')
    memory.setAliasesDenied(denied, at(5))
    expect(memory.isDown).toBe(true)
    expect(memory.reading).not.toHaveProperty('unreadable')
  })
})
