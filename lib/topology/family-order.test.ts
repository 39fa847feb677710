import { describe, expect, it } from 'vitest'
import { assembleTopology } from './assemble'
import { readSort, type SortColumn, sortColumns, sortFamilies, writeSort } from './family-order'
import { givenKeyId, givenReadings, READ_AT } from './scenarios/given-readings'

const { families } = assembleTopology(
  givenReadings(
    ['us-east-1', 'eu-west-1', 'ap-south-1'],
    [
      { keyId: givenKeyId('a1'), primary: 'us-east-1', replicas: ['eu-west-1'], aliases: ['alias/zebra'] },
      {
        keyId: givenKeyId('b2'),
        primary: 'eu-west-1',
        replicas: ['us-east-1', 'ap-south-1'],
        aliases: ['alias/apple'],
        in: { 'ap-south-1': { state: 'Disabled' } },
      },
      {
        keyId: givenKeyId('c3'),
        primary: 'ap-south-1',
        all: { state: 'PendingDeletion', keySpec: 'HMAC_256', keyUsage: 'GENERATE_VERIFY_MAC', rotation: null },
      },
      {
        keyId: givenKeyId('d4'),
        primary: 'us-east-1',
        aliases: ['alias/mango'],
        all: { rotation: { enabled: false } },
      },
      {
        keyId: givenKeyId('e5'),
        primary: 'us-east-1',
        replicas: ['eu-west-1'],
        aliases: ['alias/melon'],
        all: { rotation: { enabled: true, periodInDays: 90, nextRotationDate: '2026-12-01T00:00:00.000Z' } },
      },
    ],
  ),
  { version: 1, takenAt: READ_AT },
)

const order = (by: SortColumn, descending = false) =>
  sortFamilies(families, { by, descending })
    .map(({ keyId }) => keyId.slice(-2))
    .join(' ')

describe('sortFamilies', () => {
  it.each([
    ['alias', 'b2 d4 e5 a1 c3'],
    ['key', 'a1 b2 c3 d4 e5'],
    ['kind', 'c3 b2 d4 e5 a1'],
    ['primary', 'c3 b2 d4 e5 a1'],
    ['members', 'd4 c3 e5 a1 b2'],
    ['state', 'c3 b2 d4 e5 a1'],
    ['rotation', 'e5 b2 a1 d4 c3'],
    ['findings', 'e5 a1 d4 b2 c3'],
  ] as const)('sorts by %s', (by, expected) => {
    expect(order(by)).toBe(expected)
  })

  it('turns the order round, but keeps equals in the order of their names', () => {
    expect(order('members', true)).toBe('b2 e5 a1 d4 c3')
  })

  it('leaves what it was given as it was', () => {
    const before = [...families]
    sortFamilies(families, { by: 'findings', descending: true })
    expect(families).toEqual(before)
  })
})

describe('readSort', () => {
  it('reads what writeSort wrote', () => {
    for (const by of sortColumns) {
      for (const descending of [true, false])
        expect(readSort(writeSort({ by, descending }))).toEqual({ by, descending })
    }
  })

  it('falls back to the alias', () => {
    expect(readSort('-colour')).toEqual({ by: 'alias', descending: false })
  })
})
