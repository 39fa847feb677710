import { describe, expect, it } from 'vitest'
import { assembleTopology } from '@/lib/topology/assemble'
import type { RegionReading } from '@/lib/topology/readings'
import { givenKeyId, givenReadings, READ_AT, withoutPart, withRegion } from '@/lib/topology/scenarios/given-readings'
import { columnsOf, unreadRegions } from './matrix-columns'

const IN = 'eu-west-1'
const readings = givenReadings(
  [IN, 'us-east-1'],
  [{ keyId: givenKeyId('a1'), primary: 'us-east-1', replicas: [IN, 'us-west-2'] }],
)

function columnsFor(of: RegionReading[]) {
  const { families, regions } = assembleTopology(of, { version: 1, takenAt: READ_AT })
  return columnsOf(regions, unreadRegions(families, regions))
}

describe('columnsOf', () => {
  it('has a column for each Region that is read, and for each that only members name', () => {
    expect(columnsFor(readings)).toEqual([
      { name: IN, trouble: null, details: null, obstacle: null, readable: true },
      { name: 'us-east-1', trouble: null, details: null, obstacle: null, readable: true },
      {
        name: 'us-west-2',
        trouble: 'not read',
        details: expect.any(String),
        obstacle: expect.any(String),
        readable: false,
      },
    ])
  })

  it.each<[string, RegionReading[], string | null, boolean]>([
    ['no answer', withRegion(readings, IN, () => ({ status: 'unreachable' })), 'no answer', true],
    ['everything denied', withRegion(readings, IN, () => ({ status: 'denied' })), 'access denied', true],
    ['keys denied', withoutPart(readings, IN, 'keys'), 'keys not listed', true],
    ['aliases denied', withoutPart(readings, IN, 'aliases'), 'aliases not read', false],
    [
      'a key denied',
      withRegion(readings, IN, ({ members }) => ({
        unread: members.map(({ keyId }) => ({ keyId, message: 'denied' })),
      })),
      '1 key not read',
      false,
    ],
    [
      'a rotation denied',
      withRegion(readings, IN, ({ members }) => ({
        members: members.map((member) => ({
          ...member,
          rotation: null,
          rotationUnread: { message: 'denied', since: READ_AT },
        })),
      })),
      null,
      false,
    ],
  ])('says what is wrong, and whether it stands in the way of a new key: %s', (_, of, trouble, isObstacle) => {
    const [column] = columnsFor(of)
    expect(column).toMatchObject({ name: IN, trouble })
    expect(column?.obstacle !== null).toBe(isObstacle)
    expect(column?.details !== null).toBe(trouble !== null)
  })
})
